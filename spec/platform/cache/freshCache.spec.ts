import { createFreshCache } from '../../../src/platform/cache/freshCache.js';

function setting() {
  let nowMs = 5_000;
  const reads: { resolve(value: { n: number } | undefined): void; reject(error: Error): void }[] =
    [];
  const cache = createFreshCache<{ n: number }>({ monotonicMs: () => nowMs });
  return {
    cache,
    reads,
    pass: (ms: number) => {
      nowMs += ms;
    },
    load: (key = 'a') =>
      cache.load(key, () => new Promise((resolve, reject) => reads.push({ resolve, reject }))),
  };
}

describe('createFreshCache', () => {
  it('remembers what was read for 0.8 s, counted from before the reading', async () => {
    const { cache, load, reads, pass } = setting();
    const first = load();
    pass(300);
    reads[0]?.resolve({ n: 1 });
    expect(await first).toEqual({ n: 1 });
    pass(499);
    expect(cache.known('a')).toEqual({ n: 1 });
    expect(await load()).toEqual({ n: 1 });
    expect(reads).toHaveLength(1);
    pass(1);
    expect(cache.known('a')).toBeUndefined();
    void load();
    expect(reads).toHaveLength(2);
  });

  it('reads once for all concurrent calls for the same key, and once more for another key', async () => {
    const { load, reads } = setting();
    const all = [load(), load(), load('b')];
    expect(reads).toHaveLength(2);
    reads[0]?.resolve({ n: 1 });
    reads[1]?.resolve({ n: 2 });
    expect(await Promise.all(all)).toEqual([{ n: 1 }, { n: 1 }, { n: 2 }]);
  });

  it('does not remember that there was nothing, nor that reading failed', async () => {
    const { load, reads } = setting();
    const first = load();
    reads[0]?.resolve(undefined);
    expect(await first).toBeUndefined();
    const second = load();
    reads[1]?.reject(new Error('the database is away'));
    await expect(second).rejects.toThrow('away');
    const third = load();
    reads[2]?.resolve({ n: 3 });
    expect(await third).toEqual({ n: 3 });
  });

  it('reads again what was read while something changed', async () => {
    const { cache, load, reads } = setting();
    const first = load();
    cache.changed();
    const second = load();
    reads[0]?.resolve({ n: 1 });
    // Turns of the microtask queue: the second reading begins in one of them.
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    reads[1]?.resolve({ n: 2 });
    expect(await Promise.all([first, second])).toEqual([{ n: 2 }, { n: 2 }]);
    expect(reads).toHaveLength(2);
  });

  it('forgets everything when something changed', async () => {
    const { cache, load, reads } = setting();
    const first = load();
    reads[0]?.resolve({ n: 1 });
    await first;
    cache.changed();
    expect(cache.known('a')).toBeUndefined();
  });
});
