import { once } from 'node:events';

import { type Database, type LaneId } from '../../../src/platform/database/index.js';
import {
  type HeldLane,
  LaneLoop,
  type LaneLoopOptions,
  type LaneRest,
  type LaneWorker,
} from '../../../src/platform/lanes/index.js';
import { createLog } from '../../../src/platform/log.js';
import { useWorld } from '../database/world.js';

const HOLD_MS = 60_000;
const NEVER_MS = 3_600_000;

const world = useWorld();
const loops: LaneLoop[] = [];
afterEach(async () => {
  await Promise.all(loops.splice(0).map((loop) => loop.stop()));
  expect(await heldLanes()).toEqual([]);
});

/** A loop that looks again only when it is told to, unless `pollMs` says otherwise. */
function loopOf(
  workers: Readonly<Record<string, LaneWorker>>,
  options: Partial<LaneLoopOptions> = {},
): LaneLoop {
  const log = createLog('silent');
  const { db: database, clock } = world;
  const defaults = { pollMs: NEVER_MS, prolongMs: NEVER_MS, drainMs: NEVER_MS };
  const loop = new LaneLoop({ database, clock, log, workers, ...defaults, ...options });
  loops.push(loop);
  return loop;
}

let kinds = 0;

/** Due lanes of a kind that no other spec has. */
async function dueLanes(count: number): Promise<{ kind: string; lanes: LaneId[] }> {
  const kind = `kind${String(++kinds)}`;
  const lanes = Array.from({ length: count }, (_, at) => ({ kind, key: `key${String(at)}` }));
  await world.db.wake(lanes);
  return { kind, lanes };
}

async function heldLanes(): Promise<unknown[]> {
  const rows = await world.server.controller.find('HubLane', {}, { limit: 10_000 });
  return rows.filter((row) => row['holder'] !== undefined || row['heldUntil'] !== undefined);
}

interface Signal {
  readonly fired: Promise<void>;
  fire(): void;
}

function signal(): Signal {
  let fire: () => void = () => undefined;
  const fired = new Promise<void>((resolve) => (fire = resolve));
  return { fired, fire: () => fire() };
}

/** The database of the world, with one call of it made slower, seen, or broken. */
function databaseWith(change: (database: Database) => Partial<Database>): Database {
  return { ...world.db, ...change(world.db) };
}

/** Counts as it is worked how many lanes are so at once, and how often each was. */
function countingWorker(during: () => Promise<unknown> = () => world.db.now()) {
  const seen = { now: 0, most: 0, times: new Map<string, number>() };
  const worker = async ({ key }: HeldLane): Promise<LaneRest> => {
    seen.now += 1;
    seen.most = Math.max(seen.most, seen.now);
    seen.times.set(key, (seen.times.get(key) ?? 0) + 1);
    await during();
    seen.now -= 1;
    return {};
  };
  return { seen, worker };
}

describe('a wake', () => {
  it('during the work brings the lane back at once', async () => {
    const { kind, lanes } = await dueLanes(1);
    const twice = signal();
    let times = 0;
    const loop = loopOf({
      [kind]: async () => {
        times += 1;
        // By another process, which cannot tell this one.
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
    const { kind, lanes } = await dueLanes(0);
    const asked = signal();
    const answer = signal();
    const worked = signal();
    const database = databaseWith((db) => ({
      async hold(request) {
        const holds = await db.hold(request);
        asked.fire();
        await answer.fired;
        return holds;
      },
    }));
    const worker = () => {
      worked.fire();
      return Promise.resolve({});
    };
    const loop = loopOf({ [kind]: worker }, { database });
    loop.start();
    await asked.fired;
    await world.db.wake([...lanes, { kind, key: 'late' }]);
    loop.wake();
    answer.fire();
    await worked.fired;
    expect(await world.db.nextLaneDue([kind])).toBeInstanceOf(Date);
  });

  it('by another process is found by the next look', async () => {
    const { kind } = await dueLanes(0);
    const worked = signal();
    const worker = () => {
      worked.fire();
      return Promise.resolve({});
    };
    loopOf({ [kind]: worker }, { pollMs: 1 }).start();
    await world.otherDb.wake([{ kind, key: 'one' }]);
    await expect(worked.fired).resolves.toBeUndefined();
  });

  it('for a time to come is worked at that time', async () => {
    const { kind, lanes } = await dueLanes(1);
    const rest = { nextDueAt: new Date(world.clock.now().getTime() + 30_000), state: { a: 1 } };
    const states: unknown[] = [];
    const worker = ({ state }: HeldLane) => {
      states.push(state);
      return Promise.resolve(states.length === 1 ? rest : {});
    };
    const loop = loopOf({ [kind]: worker });
    expect(await loop.drain()).toBe(1);
    expect(await world.db.nextLaneDue([kind])).toEqual(rest.nextDueAt);
    expect(await loop.drain()).toBe(0);
    world.clock.advance(30_001);
    expect(await loop.drain()).toBe(1);
    expect(states).toEqual([{}, { a: 1 }]);
    expect(lanes).toHaveLength(1);
  });
});

describe('stop', () => {
  it('starts nothing new, lets work under way end, and gives every lane back', async () => {
    const { kind } = await dueLanes(5);
    const [begun, mayEnd] = [signal(), signal()];
    const after: { mayStart: boolean; aborted: boolean }[] = [];
    const { seen, worker } = countingWorker(async () => {
      if (seen.now === 5) begun.fire();
      await mayEnd.fired;
    });
    const loop = loopOf({
      async [kind](lane) {
        const rest = await worker(lane);
        after.push({ mayStart: lane.mayStart(0), aborted: lane.signal.aborted });
        return rest;
      },
    });
    loop.start();
    await begun.fired;
    let isStopped = false;
    const stopped = loop.stop().then(() => (isStopped = true));
    await world.db.wake([{ kind, key: 'new' }]);
    expect(isStopped).toBe(false);
    expect(await heldLanes()).toHaveLength(5);
    mayEnd.fire();
    await stopped;
    expect(await heldLanes()).toEqual([]);
    expect(after).toEqual(Array.from({ length: 5 }, () => ({ mayStart: false, aborted: false })));
    expect(seen.times.has('new')).toBe(false);
  });

  it('aborts what has not ended in drainMs', async () => {
    const { kind } = await dueLanes(3);
    const { seen, worker } = countingWorker();
    const begun = signal();
    const loop = loopOf(
      {
        async [kind](lane) {
          await worker(lane);
          if (seen.times.size === 3) begun.fire();
          await once(lane.signal, 'abort');
          return { nextDueAt: world.clock.now() };
        },
      },
      { drainMs: 1 },
    );
    loop.start();
    await begun.fired;
    await loop.stop();
    expect(await heldLanes()).toEqual([]);
    // Nothing is lost: the next process has them at once.
    expect(await world.otherDb.hold({ kinds: [kind], count: 9, holdMs: 1 })).toHaveLength(3);
    world.clock.advance(2);
    await loopOf({ [kind]: () => Promise.resolve({}) }).drain();
  });

  it.each(['start', 'drain'] as const)('waits for a look that %s has begun', async (way) => {
    const { kind } = await dueLanes(2);
    const [taken, answer] = [signal(), signal()];
    const database = databaseWith((db) => ({
      async hold(request) {
        const holds = await db.hold(request);
        taken.fire();
        await answer.fired;
        return holds;
      },
    }));
    const allowed: boolean[] = [];
    const worker = ({ mayStart }: HeldLane) => {
      allowed.push(mayStart(0));
      return Promise.resolve({ nextDueAt: world.clock.now() });
    };
    const loop = loopOf({ [kind]: worker }, { database });
    const running = Promise.resolve(loop[way]());
    await taken.fired;
    const stopped = loop.stop();
    answer.fire();
    await Promise.all([stopped, running]);
    expect(await heldLanes()).toEqual([]);
    expect(allowed).toEqual([false, false]);
    expect(await loopOf({ [kind]: () => Promise.resolve({}) }).drain()).toBe(2);
  });

  it('can be followed by another start', async () => {
    const { kind, lanes } = await dueLanes(1);
    const worked: Signal[] = [signal(), signal()];
    let times = 0;
    const worker = () => {
      worked[times++]?.fire();
      return Promise.resolve({});
    };
    const loop = loopOf({ [kind]: worker });
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
    const { kind } = await dueLanes(1);
    const states: unknown[] = [];
    const worker = ({ state }: HeldLane) => {
      states.push(state);
      if (states.length === 2) return Promise.reject(new Error('we failed'));
      return Promise.resolve({ nextDueAt: world.clock.now(), state: { nth: states.length } });
    };
    const { drain } = { drain: () => loopOf({ [kind]: once3(worker) }).drain() };
    expect(await drain()).toBe(2);
    expect(states).toEqual([{}, { nth: 1 }]);
    world.clock.advance(3_000);
    expect(await drain()).toBe(0);
    world.clock.advance(2_001);
    expect(await drain()).toBe(1);
    expect(states).toEqual([{}, { nth: 1 }, { nth: 1 }]);

    /** From the third time on nothing waits. */
    function once3(work: LaneWorker): LaneWorker {
      return async (lane) => {
        const rest = await work(lane);
        return states.length < 3 ? rest : {};
      };
    }
  });

  it('to look ends nothing: the next look comes', async () => {
    const { kind } = await dueLanes(1);
    const worked = signal();
    let looks = 0;
    const database = databaseWith((db) => ({
      hold: (request) =>
        (looks += 1) < 3 ? Promise.reject(new Error('no connection')) : db.hold(request),
    }));
    const worker = () => {
      worked.fire();
      return Promise.resolve({});
    };
    loopOf({ [kind]: worker }, { database, pollMs: 1 }).start();
    await worked.fired;
    expect(looks).toBeGreaterThanOrEqual(3);
  });

  it('to give lanes back leaves them to the end of their hold', async () => {
    const { kind } = await dueLanes(2);
    const database = databaseWith(() => ({
      release: () => Promise.reject(new Error('no connection')),
    }));
    const { seen, worker } = countingWorker();
    expect(await loopOf({ [kind]: worker }, { database }).drain()).toBe(2);
    expect(await loopOf({ [kind]: worker }).drain()).toBe(0);
    world.clock.advance(HOLD_MS + 1);
    expect(await loopOf({ [kind]: worker }).drain()).toBe(2);
    expect([...seen.times.values()]).toEqual([2, 2]);
  });
});

describe('a hold', () => {
  /** Resolves when a prolonging that began after the call has been answered. */
  function observedProlonging() {
    const waiting: Signal[] = [];
    const database = databaseWith((db) => ({
      async prolong(holds, holdMs) {
        const begun = waiting.splice(0);
        const renewed = await db.prolong(holds, holdMs);
        for (const each of begun) each.fire();
        return renewed;
      },
    }));
    const prolonged = async () => {
      const next = signal();
      waiting.push(next);
      await next.fired;
    };
    return { database, prolonged };
  }

  it('is prolonged for as long as the work takes', async () => {
    const { kind } = await dueLanes(3);
    const { database, prolonged } = observedProlonging();
    const mayEnd = signal();
    const aborted: boolean[] = [];
    const worker = async (lane: HeldLane) => {
      await mayEnd.fired;
      aborted.push(lane.signal.aborted);
      return {};
    };
    const loop = loopOf({ [kind]: worker }, { database, prolongMs: 1 });
    const drained = loop.drain();
    for (let round = 0; round < 6; round += 1) {
      await prolonged();
      world.clock.advance(HOLD_MS * 0.7);
      expect(await world.otherDb.hold({ kinds: [kind], count: 9, holdMs: HOLD_MS })).toEqual([]);
    }
    mayEnd.fire();
    expect(await drained).toBe(3);
    expect(aborted).toEqual([false, false, false]);
  });

  it('that somebody else has taken meanwhile aborts the work, and only that', async () => {
    const { kind } = await dueLanes(2);
    const mayProlong = signal();
    const database = databaseWith((db) => ({
      async prolong(holds, holdMs) {
        await mayProlong.fired;
        return db.prolong(holds, holdMs);
      },
    }));
    const [begun, mayEnd] = [signal(), signal()];
    const aborted = new Map<string, boolean>();
    const { seen, worker } = countingWorker(async () => {
      if (seen.now === 2) begun.fire();
      await mayEnd.fired;
    });
    const loop = loopOf(
      {
        async [kind](lane) {
          if (lane.key === 'key0') lane.signal.addEventListener('abort', () => mayEnd.fire());
          await worker(lane);
          aborted.set(lane.key, lane.signal.aborted);
          return {};
        },
      },
      { database, prolongMs: 1 },
    );
    const drained = loop.drain();
    await begun.fired;
    world.clock.advance(HOLD_MS + 1);
    const overtaking = await world.otherDb.holdOne({ kind, key: 'key0' }, HOLD_MS);
    expect(overtaking).toBeDefined();
    mayProlong.fire();
    await drained;
    expect(Object.fromEntries(aborted)).toEqual({ key0: true, key1: false });
    // What the overtaken one gave back was no longer its own.
    expect(await heldLanes()).toMatchObject([{ key: 'key0', holder: overtaking?.token }]);
    if (overtaking) await world.otherDb.release([{ hold: overtaking }]);
  });

  it('that ran out while the database could not be asked aborts the work', async () => {
    const { kind } = await dueLanes(1);
    const tries: Signal[] = [signal(), signal()];
    let tried = 0;
    const database = databaseWith(() => ({
      prolong() {
        tries[tried++]?.fire();
        return Promise.reject(new Error('no connection'));
      },
    }));
    let wasAbortedEarly: boolean | undefined;
    const worker = async ({ signal: { aborted }, ...lane }: HeldLane) => {
      await tries[1]?.fired;
      wasAbortedEarly = aborted || lane.mayStart(NEVER_MS);
      return lane.key;
    };
    const ended = signal();
    const loop = loopOf(
      {
        async [kind](lane) {
          await worker(lane);
          const abort = once(lane.signal, 'abort');
          world.clock.advance(HOLD_MS + 1);
          await abort;
          ended.fire();
          return {};
        },
      },
      { database, prolongMs: 1 },
    );
    await loop.drain();
    await ended.fired;
    expect(wasAbortedEarly).toBe(false);
  });

  it('that is nearly over lets nothing be started', async () => {
    const { kind } = await dueLanes(1);
    const asked: (readonly [leftMs: number, forMs: number, mayStart: boolean])[] = [];
    const worker = ({ mayStart }: HeldLane) => {
      const ask = (leftMs: number, forMs: number) => asked.push([leftMs, forMs, mayStart(forMs)]);
      ask(60, 15_000);
      ask(60, 45_000);
      ask(60, 50_000);
      world.clock.advance(36_000);
      ask(24, 13_000);
      ask(24, 15_000);
      world.clock.advance(15_000);
      ask(9, 0);
      return Promise.resolve({});
    };
    await loopOf({ [kind]: worker }).drain();
    expect(asked).toEqual([
      [60, 15_000, true],
      [60, 45_000, true],
      [60, 50_000, false],
      [24, 13_000, true],
      [24, 15_000, false],
      [9, 0, false],
    ]);
  });
});

describe('drain', () => {
  it('works everything with the room there is, each lane once', async () => {
    const { kind } = await dueLanes(20);
    const { seen, worker } = countingWorker();
    expect(await loopOf({ [kind]: worker }, { lanesMax: 3 }).drain()).toBe(20);
    expect(seen.most).toBe(3);
    expect([...seen.times.values()]).toEqual(Array.from({ length: 20 }, () => 1));
  });

  it('works only the kinds it is asked for', async () => {
    const [one, other] = [await dueLanes(2), await dueLanes(3)];
    const { seen, worker } = countingWorker();
    const loop = loopOf({ [one.kind]: worker, [other.kind]: worker });
    expect(await loop.drain([one.kind])).toBe(2);
    expect(await loop.drain()).toBe(3);
    expect(seen.now).toBe(0);
  });

  it('may be called by the worker of a lane, with the loop running beside it', async () => {
    const [job, webhook] = [await dueLanes(1), await dueLanes(5)];
    const { seen, worker } = countingWorker();
    const drained = signal();
    const loop: LaneLoop = loopOf({
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
    const { kind } = await dueLanes(100);
    const all = signal();
    const { seen, worker } = countingWorker();
    const counted: LaneWorker = async (lane) => {
      const rest = await worker(lane);
      if (seen.times.size === 100 && seen.now === 0) all.fire();
      return rest;
    };
    const here = loopOf({ [kind]: counted }, { lanesMax: 7 });
    const there = loopOf({ [kind]: counted }, { lanesMax: 7, database: world.otherDb });
    here.start();
    there.start();
    await Promise.all([here.drain(), there.drain(), here.drain(), all.fired]);
    await Promise.all([here.stop(), there.stop()]);
    expect(seen.most).toBeLessThanOrEqual(14);
    expect([...seen.times.values()]).toEqual(Array.from({ length: 100 }, () => 1));
  });
});

describe('a running loop', () => {
  it('that is full looks again as soon as a lane is done', async () => {
    const { kind } = await dueLanes(6);
    const all = signal();
    const { seen, worker } = countingWorker();
    const counted: LaneWorker = async (lane) => {
      const rest = await worker(lane);
      if (seen.times.size === 6) all.fire();
      return rest;
    };
    loopOf({ [kind]: counted }, { lanesMax: 1 }).start();
    await all.fired;
    expect(seen.most).toBe(1);
  });

  it('keeps lanes of two kinds apart that have the same key', async () => {
    const [one, other] = [await dueLanes(1), await dueLanes(1)];
    const { seen, worker } = countingWorker();
    const lasting = new Map<string, boolean>();
    const timed = (kind: string): LaneWorker => {
      return async (lane) => {
        await worker(lane);
        lasting.set(kind, lane.mayStart(0));
        return {};
      };
    };
    const workers = { [one.kind]: timed('one'), [other.kind]: timed('other') };
    expect(await loopOf(workers).drain()).toBe(2);
    expect(seen.times.get('key0')).toBe(2);
    expect(Object.fromEntries(lasting)).toEqual({ one: true, other: true });
  });
});
