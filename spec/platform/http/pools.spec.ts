import { type OriginPools, originPools } from '../../../src/platform/http/pools.js';

describe('originPools', () => {
  let nowMs: number;
  let pools: OriginPools;

  beforeEach(() => {
    nowMs = 0;
    pools = originPools({
      connect: (_, callback) => callback(new Error('no connections here'), null),
      maxConnectionsPerOrigin: 2,
      maxOrigins: 3,
      idleMs: 1_000,
      monotonicMs: () => nowMs,
    });
  });
  afterEach(() => pools.close());

  /** One request from beginning to end. */
  const use = (host: string) => {
    nowMs += 1;
    const entry = pools.acquire(`http://${host}`);
    pools.release(entry);
    return entry.pool;
  };

  it('keeps one pool an origin', () => {
    expect(use('a')).toBe(use('a'));
    expect(use('a')).not.toBe(use('b'));
    expect(pools.acquire('http://a').pool).not.toBe(pools.acquire('https://a').pool);
    for (const origin of ['http://a', 'https://a']) {
      const entry = pools.acquire(origin);
      expect(entry.inFlight).toBe(2);
      pools.release(entry);
      pools.release(entry);
    }
  });

  it('gives up the least recently used one for a new origin', () => {
    const [a, b, c] = [use('a'), use('b'), use('c')];
    use('a');
    const d = use('d');
    expect(pools.size).toBe(3);
    expect([a, b, c, d].map(({ destroyed }) => destroyed)).toEqual([false, true, false, false]);
    expect(use('b')).not.toBe(b);
    expect(c.destroyed).toBe(true);
  });

  it('gives up all that were unused for a while', () => {
    const [a, b] = [use('a'), use('b')];
    nowMs += 500;
    use('b');
    nowMs += 800;
    use('c');
    expect([a.destroyed, b.destroyed, pools.size]).toEqual([true, false, 2]);
  });

  it('never gives up one with a request under way, however many there are', () => {
    const held = ['a', 'b', 'c', 'd', 'e'].map((host) => pools.acquire(`http://${host}`));
    nowMs += 5_000;
    use('f');
    expect(held.map(({ pool }) => pool.destroyed)).toEqual(held.map(() => false));
    held.forEach((entry) => pools.release(entry));
    use('g');
    expect(held.map(({ pool }) => pool.destroyed)).toEqual(held.map(() => true));
    expect(pools.size).toBe(2);
  });

  it('closes when the last request is over', async () => {
    const entries = [pools.acquire('http://a'), pools.acquire('http://b')];
    const order: string[] = [];
    const closed = pools.close().then(() => order.push('closed'));
    for (const entry of entries) {
      await Promise.resolve();
      expect(entry.pool.destroyed).toBe(false);
      order.push('released');
      pools.release(entry);
    }
    await closed;
    expect(order).toEqual(['released', 'released', 'closed']);
    expect(entries.map(({ pool }) => pool.destroyed)).toEqual([true, true]);
  });
});
