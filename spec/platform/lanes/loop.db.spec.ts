import { once } from 'node:events';

import type { HeldLane, LaneLoop, LaneWorker } from '../../../src/platform/lanes/index.js';
import { countingWorker, HOLD_MS, NEVER_MS, signal, useLoops } from './loops.js';

const world = useLoops();

describe('a wake', () => {
  it('during the work brings the lane back at once', async () => {
    const { kind, lanes } = await world.dueLanes(1);
    const twice = signal();
    let times = 0;
    const loop = world.loopOf({
      [kind]: async () => {
        times += 1;
        // By another process, which cannot notify this one.
        if (times === 1) await world.otherDb.wake(lanes);
        else twice.fire();
        return {};
      },
    });
    loop.start();
    await twice.fired;
    await loop.stop();
    expect(times).toBe(2);
  });

  it('during a look is not lost', async () => {
    const { kind } = await world.dueLanes(0);
    const [queried, respond, worked] = [signal(), signal(), signal()];
    const database = world.databaseWith((db) => ({
      async hold(request) {
        const holds = await db.hold(request);
        queried.fire();
        await respond.fired;
        return holds;
      },
    }));
    const keys: string[] = [];
    const worker = ({ key }: HeldLane) => {
      keys.push(key);
      worked.fire();
      return Promise.resolve({});
    };
    const loop = world.loopOf({ [kind]: worker }, { database });
    loop.start();
    await queried.fired;
    await world.db.wake([{ kind, key: 'late' }]);
    loop.wake();
    respond.fire();
    await worked.fired;
    expect(keys).toEqual(['late']);
  });

  it('by another process is found by the next look', async () => {
    const { kind } = await world.dueLanes(0);
    const worked = signal();
    const worker = () => {
      worked.fire();
      return Promise.resolve({});
    };
    world.loopOf({ [kind]: worker }, { pollMs: 1 }).start();
    await world.otherDb.wake([{ kind, key: 'one' }]);
    await expect(worked.fired).resolves.toBeUndefined();
  });

  it('for a time to come is worked at that time', async () => {
    const { kind } = await world.dueLanes(1);
    const outcome = { nextDueAt: new Date(world.clock.now().getTime() + 30_000), state: { a: 1 } };
    const states: unknown[] = [];
    const worker = ({ state }: HeldLane) => {
      states.push(state);
      return Promise.resolve(states.length === 1 ? outcome : {});
    };
    const loop = world.loopOf({ [kind]: worker });
    expect(await loop.drain()).toBe(1);
    expect(await world.db.nextLaneDue([kind])).toEqual(outcome.nextDueAt);
    expect(await loop.drain()).toBe(0);
    world.clock.advance(30_001);
    expect(await loop.drain()).toBe(1);
    expect(states).toEqual([{}, { a: 1 }]);
  });
});

describe('stop', () => {
  it('starts nothing new, lets work under way end, and gives every lane back', async () => {
    const { kind } = await world.dueLanes(5);
    const [begun, mayEnd] = [signal(), signal()];
    const after: { mayStart: boolean; aborted: boolean }[] = [];
    const { seen, worker } = countingWorker(async () => {
      if (seen.now === 5) begun.fire();
      await mayEnd.fired;
    });
    const loop = world.loopOf({
      async [kind](lane) {
        const outcome = await worker(lane);
        after.push({ mayStart: lane.mayStart(0), aborted: lane.signal.aborted });
        return outcome;
      },
    });
    loop.start();
    await begun.fired;
    let isStopped = false;
    const stopped = loop.stop().then(() => (isStopped = true));
    await world.db.wake([{ kind, key: 'new' }]);
    expect(isStopped).toBe(false);
    expect(await world.heldLanes()).toHaveLength(5);
    mayEnd.fire();
    await stopped;
    expect(await world.heldLanes()).toEqual([]);
    expect(after).toEqual(Array.from({ length: 5 }, () => ({ mayStart: false, aborted: false })));
    expect(seen.times.has('new')).toBe(false);
  });

  it('aborts what has not ended in drainMs', async () => {
    const { kind } = await world.dueLanes(3);
    const { worker } = countingWorker(() => world.db.now());
    const begun = signal();
    let listening = 0;
    const loop = world.loopOf(
      {
        async [kind](lane) {
          await worker(lane);
          // `once` hears nothing of an abort that was: all three listen before the loop is stopped.
          const aborted = once(lane.signal, 'abort');
          listening += 1;
          if (listening === 3) begun.fire();
          await aborted;
          return { nextDueAt: world.clock.now() };
        },
      },
      { drainMs: 1 },
    );
    loop.start();
    await begun.fired;
    await loop.stop();
    expect(await world.heldLanes()).toEqual([]);
    // Nothing is lost: the next process has them at once.
    expect(await world.otherDb.hold({ kinds: [kind], count: 9, holdMs: 1 })).toHaveLength(3);
    world.clock.advance(2);
    await world.loopOf({ [kind]: () => Promise.resolve({}) }).drain();
  });

  it.each(['start', 'drain'] as const)('waits for a look that %s has begun', async (method) => {
    const { kind } = await world.dueLanes(2);
    const [taken, respond] = [signal(), signal()];
    const database = world.databaseWith((db) => ({
      async hold(request) {
        const holds = await db.hold(request);
        taken.fire();
        await respond.fired;
        return holds;
      },
    }));
    const allowed: boolean[] = [];
    const worker = ({ mayStart }: HeldLane) => {
      allowed.push(mayStart(0));
      return Promise.resolve({ nextDueAt: world.clock.now() });
    };
    const loop = world.loopOf({ [kind]: worker }, { database });
    const running = Promise.resolve(loop[method]());
    await taken.fired;
    const stopped = loop.stop();
    respond.fire();
    await Promise.all([stopped, running]);
    expect(await world.heldLanes()).toEqual([]);
    expect(allowed).toEqual([false, false]);
    expect(await world.loopOf({ [kind]: () => Promise.resolve({}) }).drain()).toBe(2);
  });

  it('can be followed by another start', async () => {
    const { kind, lanes } = await world.dueLanes(1);
    const worked = [signal(), signal()];
    let times = 0;
    const worker = () => {
      worked[times++]?.fire();
      return Promise.resolve({});
    };
    const loop = world.loopOf({ [kind]: worker });
    loop.start();
    await worked[0]?.fired;
    await loop.stop();
    await world.db.wake(lanes);
    loop.start();
    await worked[1]?.fired;
    await loop.stop();
    expect(times).toBe(2);
  });
});

describe('a failure of ours', () => {
  it('makes the lane due again after five seconds, with the state it had', async () => {
    const { kind } = await world.dueLanes(1);
    const states: unknown[] = [];
    const outcomes = [
      () => ({ nextDueAt: world.clock.now(), state: { handedOn: true } }),
      () => {
        throw new Error('we failed');
      },
      () => ({}),
    ];
    const worker = async ({ state }: HeldLane) => {
      states.push(state);
      return outcomes[states.length - 1]?.() ?? {};
    };
    const loop = world.loopOf({ [kind]: worker });
    expect(await loop.drain()).toBe(2);
    world.clock.advance(3_000);
    expect(await loop.drain()).toBe(0);
    world.clock.advance(2_001);
    expect(await loop.drain()).toBe(1);
    expect(states).toEqual([{}, { handedOn: true }, { handedOn: true }]);
    world.clock.advance(NEVER_MS);
    expect(await loop.drain()).toBe(0);
  });

  it('to look ends nothing: the next look comes', async () => {
    const { kind } = await world.dueLanes(1);
    const worked = signal();
    let looks = 0;
    const database = world.databaseWith((db) => ({
      hold(request) {
        looks += 1;
        return looks < 3 ? Promise.reject(new Error('no connection')) : db.hold(request);
      },
    }));
    const worker = () => {
      worked.fire();
      return Promise.resolve({});
    };
    world.loopOf({ [kind]: worker }, { database, pollMs: 1 }).start();
    await worked.fired;
    expect(looks).toBeGreaterThanOrEqual(3);
  });

  it('to give lanes back leaves them to the end of their hold', async () => {
    const { kind } = await world.dueLanes(2);
    const database = world.databaseWith(() => ({
      release: () => Promise.reject(new Error('no connection')),
    }));
    const { seen, worker } = countingWorker(() => world.db.now());
    expect(await world.loopOf({ [kind]: worker }, { database }).drain()).toBe(2);
    expect(await world.loopOf({ [kind]: worker }).drain()).toBe(0);
    world.clock.advance(HOLD_MS + 1);
    expect(await world.loopOf({ [kind]: worker }).drain()).toBe(2);
    expect([...seen.times.values()]).toEqual([2, 2]);
  });
});

describe('drain', () => {
  it('works everything with the room there is, each lane once', async () => {
    const { kind } = await world.dueLanes(20);
    const { seen, worker } = countingWorker(() => world.db.now());
    expect(await world.loopOf({ [kind]: worker }, { lanesMax: 3 }).drain()).toBe(20);
    expect(seen.max).toBe(3);
    expect([...seen.times.values()]).toEqual(Array.from({ length: 20 }, () => 1));
  });

  it('works only the requested kinds', async () => {
    const [one, other] = [await world.dueLanes(2), await world.dueLanes(3)];
    const { seen, worker } = countingWorker(() => world.db.now());
    const loop = world.loopOf({ [one.kind]: worker, [other.kind]: worker });
    expect(await loop.drain([one.kind])).toBe(2);
    expect(await loop.drain()).toBe(3);
    expect(seen.now).toBe(0);
  });

  it('may be called by the worker of a lane, with the loop running beside it', async () => {
    const [job, webhook] = [await world.dueLanes(1), await world.dueLanes(5)];
    const { seen, worker } = countingWorker(() => world.db.now());
    const drained = signal();
    const loop: LaneLoop = world.loopOf({
      [webhook.kind]: worker,
      async [job.kind]() {
        await loop.drain([webhook.kind]);
        drained.fire();
        return {};
      },
    });
    loop.start();
    await drained.fired;
    await loop.stop();
    expect([...seen.times.values()]).toEqual([1, 1, 1, 1, 1]);
  });

  it('and loops of two processes work each lane once', async () => {
    const { kind } = await world.dueLanes(100);
    const all = signal();
    const { seen, worker } = countingWorker(() => world.db.now());
    const counted: LaneWorker = async (lane) => {
      const outcome = await worker(lane);
      if (seen.times.size === 100 && seen.now === 0) all.fire();
      return outcome;
    };
    const here = world.loopOf({ [kind]: counted }, { lanesMax: 7 });
    const there = world.loopOf({ [kind]: counted }, { lanesMax: 7, database: world.otherDb });
    here.start();
    there.start();
    await Promise.all([here.drain(), there.drain(), here.drain(), all.fired]);
    await Promise.all([here.stop(), there.stop()]);
    expect(seen.max).toBeLessThanOrEqual(14);
    expect([...seen.times.values()]).toEqual(Array.from({ length: 100 }, () => 1));
  });
});

describe('a running loop', () => {
  it('that is full looks again as soon as a lane is done', async () => {
    const { kind } = await world.dueLanes(6);
    const all = signal();
    const { seen, worker } = countingWorker(() => world.db.now());
    const counted: LaneWorker = async (lane) => {
      const outcome = await worker(lane);
      if (seen.times.size === 6) all.fire();
      return outcome;
    };
    world.loopOf({ [kind]: counted }, { lanesMax: 1 }).start();
    await all.fired;
    expect(seen.max).toBe(1);
  });

  it('keeps lanes of two kinds apart that have the same key', async () => {
    const [one, other] = [await world.dueLanes(1), await world.dueLanes(1)];
    const { seen, worker } = countingWorker(() => world.db.now());
    const lasting = new Map<string, boolean>();
    const timed = (kind: string): LaneWorker => {
      return async (lane) => {
        await worker(lane);
        lasting.set(kind, lane.mayStart(0));
        return {};
      };
    };
    const workers = { [one.kind]: timed('one'), [other.kind]: timed('other') };
    expect(await world.loopOf(workers).drain()).toBe(2);
    expect(seen.times.get('key0')).toBe(2);
    expect(Object.fromEntries(lasting)).toEqual({ one: true, other: true });
  });
});
