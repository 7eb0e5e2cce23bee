import { type TurnLimits, Turns } from '../../../src/platform/evaluation/turns.js';

const LIMITS = { slots: 3, waitingMax: 60, burstMs: 2_000, creditMsPerSecond: 200 };

/** A world in which each job takes as long as it says. */
function simulate(limits: Partial<TurnLimits> = {}) {
  const turns = new Turns<{ ms: number; offeredMs: number }>({ ...LIMITS, ...limits });
  let nowMs = 0;
  const running: { organizationId: string; endsMs: number; ms: number }[] = [];
  const waited: { organizationId: string; ms: number }[] = [];
  const order: string[] = [];
  const fill = () => {
    for (let turn = turns.take(nowMs); turn; turn = turns.take(nowMs)) {
      const { organizationId, job } = turn;
      order.push(organizationId);
      waited.push({ organizationId, ms: nowMs - job.offeredMs });
      running.push({ organizationId, ms: job.ms, endsMs: nowMs + job.ms });
    }
  };
  return {
    order,
    running,
    waited,
    offer(organizationId: string, ms: number, count = 1): number {
      let taken = 0;
      for (let n = 0; n < count; n += 1)
        if (turns.offer(organizationId, { ms, offeredMs: nowMs }, nowMs)) taken += 1;
      fill();
      return taken;
    },
    pass(ms: number) {
      const untilMs = nowMs + ms;
      for (;;) {
        running.sort((a, b) => a.endsMs - b.endsMs);
        const [first] = running;
        if (!first || first.endsMs > untilMs) break;
        running.shift();
        nowMs = first.endsMs;
        turns.done(first.organizationId, first.ms, nowMs);
        fill();
      }
      nowMs = untilMs;
    },
  };
}

describe('turns', () => {
  it('go round, one job of each organization after the other', () => {
    const world = simulate({ slots: 1 });
    world.offer('a', 10, 3);
    world.offer('b', 10, 3);
    world.offer('c', 10, 1);
    world.pass(1_000);
    expect(world.order.join('')).toBe('abcabab');
  });

  it('never give all slots to one organization', () => {
    const world = simulate();
    world.offer('loud', 1_000, 60);
    expect(world.running).toHaveLength(2);
    world.offer('quiet', 10);
    expect(world.running).toHaveLength(3);
  });

  it.each([1, 2, 5])(
    'of %i organizations that use all they get never make one wait that uses little',
    (loud) => {
      const world = simulate();
      for (let n = 0; n < loud; n += 1) world.offer(`loud${String(n)}`, 1_000, 60);
      world.pass(15_000);
      for (let call = 0; call < 20; call += 1) {
        world.offer('quiet', 10);
        world.pass(500);
      }
      const quiet = world.waited.filter(({ organizationId }) => organizationId === 'quiet');
      expect(quiet).toHaveLength(20);
      expect(Math.max(...quiet.map(({ ms }) => ms))).toBe(0);
    },
  );

  it('go on beside heavy users for an organization with many short jobs', () => {
    const world = simulate({ slots: 2 });
    world.offer('loud', 1_000, 60);
    world.pass(15_000);
    for (let call = 0; call < 200; call += 1) {
      world.offer('busy', 100);
      world.pass(110);
    }
    const busy = world.waited.filter(({ organizationId }) => organizationId === 'busy');
    expect(busy).toHaveLength(200);
    expect(Math.max(...busy.map(({ ms }) => ms))).toBe(0);
  });

  it('with one slot, make one wait for one job at most', () => {
    const world = simulate({ slots: 1 });
    world.offer('loud', 1_000, 60);
    world.pass(10_500);
    world.offer('quiet', 10);
    world.pass(5_000);
    const quiet = world.waited.find(({ organizationId }) => organizationId === 'quiet');
    expect(quiet?.ms).toBe(500);
  });

  it('still run the jobs of heavy users, on slots that nobody else needs', () => {
    const world = simulate();
    world.offer('loud', 1_000, 20);
    world.pass(10_000);
    expect(world.order).toHaveLength(20);
  });

  it('refuse more jobs of an organization than may wait, and take those of others', () => {
    const world = simulate({ waitingMax: 5 });
    expect(world.offer('loud', 1_000, 50)).toBe(5);
    expect(world.offer('quiet', 10)).toBe(1);
  });

  it('forget a job that was withdrawn', () => {
    const turns = new Turns<string>({ ...LIMITS, slots: 1 });
    turns.offer('a', 'first', 0);
    turns.offer('a', 'second', 0);
    expect(turns.withdraw('a', 'first')).toBe(true);
    expect(turns.withdraw('a', 'first')).toBe(false);
    expect(turns.withdraw('b', 'first')).toBe(false);
    expect(turns.take(0)?.job).toBe('second');
  });
});
