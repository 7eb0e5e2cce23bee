import { once } from 'node:events';

import type { HeldLane } from '../../../src/platform/lanes/index.js';
import { countingWorker, HOLD_MS, type Signal, signal, useLoops } from './loops.js';

const world = useLoops();

describe('a hold', () => {
  /** Resolves when a prolonging that began after the call has ended. */
  function observedProlonging() {
    const waiting: Signal[] = [];
    const database = world.databaseWith((db) => ({
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
    const { kind } = await world.dueLanes(3);
    const { database, prolonged } = observedProlonging();
    const mayEnd = signal();
    const aborted: boolean[] = [];
    const worker = async (lane: HeldLane) => {
      await mayEnd.fired;
      aborted.push(lane.signal.aborted);
      return {};
    };
    const loop = world.loopOf({ [kind]: worker }, { database, prolongMs: 1 });
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

  it('that another process has taken meanwhile aborts the work, and only that', async () => {
    const { kind } = await world.dueLanes(2);
    const mayProlong = signal();
    const database = world.databaseWith((db) => ({
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
    const loop = world.loopOf(
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
    // The release of the overtaken process no longer had an effect.
    expect(await world.heldLanes()).toMatchObject([{ key: 'key0', holder: overtaking?.token }]);
    if (overtaking) await world.otherDb.release([{ hold: overtaking }]);
  });

  it('that ran out while the process was suspended is taken again by the work in progress, not by other work', async () => {
    const { kind, lanes } = await world.dueLanes(2);
    const [begun, mayEnd] = [signal(), signal()];
    const left: boolean[] = [];
    const { seen, worker } = countingWorker(async () => {
      if (seen.now === 2) begun.fire();
      await mayEnd.fired;
    });
    const loop = world.loopOf({
      async [kind](lane) {
        await worker(lane);
        left.push(lane.mayStart(15_000));
        return {};
      },
    });
    const drained = loop.drain();
    await begun.fired;
    // The work in progress may not know of events that arrived meanwhile.
    await world.otherDb.wake(lanes);
    world.clock.advance(HOLD_MS + 1);
    expect(await loop.drain()).toBe(0);
    expect([seen.now, await world.heldLanes()]).toMatchObject([2, [{}, {}]]);
    mayEnd.fire();
    expect(await drained).toBe(4);
    expect(Object.fromEntries(seen.times)).toEqual({ key0: 2, key1: 2 });
    // Another process may have continued in between, so the work in progress starts nothing new.
    expect(left).toEqual([false, false, true, true]);
  });

  it('that another process had in between keeps the state of that process', async () => {
    const { kind } = await world.dueLanes(1);
    const [begun, mayEnd] = [signal(), signal()];
    const states: unknown[] = [];
    const worker = async ({ state }: HeldLane) => {
      states.push(state);
      begun.fire();
      await mayEnd.fired;
      return states.length === 1 ? { state: { by: 'the suspended process' } } : {};
    };
    const loop = world.loopOf({ [kind]: worker });
    const drained = loop.drain();
    await begun.fired;
    world.clock.advance(HOLD_MS + 1);
    const hold = await world.otherDb.holdOne({ kind, key: 'key0' }, HOLD_MS);
    if (!hold) throw new Error('The lane is not free.');
    const state = { by: 'another process' };
    await world.otherDb.release([{ hold, state, nextDueAt: new Date(0) }]);
    expect(await loop.drain()).toBe(0);
    mayEnd.fire();
    expect(await drained).toBe(2);
    expect(states).toEqual([{}, state]);
  });

  it('that is prolonged while the process takes the lane again does not abort the work', async () => {
    const { kind } = await world.dueLanes(1);
    const [prolonging, mayProlong, prolongingAgain] = [signal(), signal(), signal()];
    let times = 0;
    const database = world.databaseWith((db) => ({
      async prolong(holds, holdMs) {
        times += 1;
        if (times > 1) prolongingAgain.fire();
        prolonging.fire();
        await mayProlong.fired;
        return db.prolong(holds, holdMs);
      },
    }));
    const mayEnd = signal();
    const aborted: boolean[] = [];
    const worker = async (lane: HeldLane) => {
      await mayEnd.fired;
      aborted.push(lane.signal.aborted);
      return {};
    };
    const loop = world.loopOf({ [kind]: worker }, { database, prolongMs: 1 });
    const drained = loop.drain();
    await prolonging.fired;
    world.clock.advance(HOLD_MS + 1);
    expect(await loop.drain()).toBe(0);
    mayProlong.fire();
    // By then the result for the previous hold has been processed.
    await prolongingAgain.fired;
    mayEnd.fire();
    expect(await drained).toBe(2);
    expect(aborted).toEqual([false, false]);
  });

  it('that is released is no longer held: the lane can be taken and worked before the release returns', async () => {
    const { kind, lanes } = await world.dueLanes(1);
    const [released, mayAnswer, workedAgain] = [signal(), signal(), signal()];
    const database = world.databaseWith((db) => ({
      async release(releases) {
        await db.release(releases);
        released.fire();
        await mayAnswer.fired;
      },
    }));
    let times = 0;
    const worker = () => {
      times += 1;
      if (times === 2) workedAgain.fire();
      return Promise.resolve({});
    };
    const loop = world.loopOf({ [kind]: worker }, { database });
    const first = loop.drain();
    await released.fired;
    await world.otherDb.wake(lanes);
    const second = loop.drain();
    await workedAgain.fired;
    mayAnswer.fire();
    expect(await Promise.all([first, second])).toEqual([1, 1]);
    expect(times).toBe(2);
  });

  it('that ran out while the database did not respond aborts the work', async () => {
    const { kind } = await world.dueLanes(1);
    const failed = [signal(), signal()];
    let tries = 0;
    const database = world.databaseWith(() => ({
      prolong() {
        failed[tries++]?.fire();
        return Promise.reject(new Error('no connection'));
      },
    }));
    const aborted: boolean[] = [];
    const loop = world.loopOf(
      {
        async [kind](lane) {
          await Promise.all(failed.map(({ fired }) => fired));
          aborted.push(lane.signal.aborted);
          const abort = once(lane.signal, 'abort');
          world.clock.advance(HOLD_MS + 1);
          await abort;
          aborted.push(lane.signal.aborted);
          return {};
        },
      },
      { database, prolongMs: 1 },
    );
    await loop.drain();
    expect(aborted).toEqual([false, true]);
  });

  it('that is nearly over lets nothing be started', async () => {
    const { kind } = await world.dueLanes(1);
    const results: (readonly [leftMs: number, forMs: number, mayStart: boolean])[] = [];
    const worker = ({ mayStart }: HeldLane) => {
      const record = (leftMs: number, forMs: number) =>
        results.push([leftMs, forMs, mayStart(forMs)]);
      record(60, 15_000);
      record(60, 45_000);
      record(60, 50_000);
      world.clock.advance(36_000);
      record(24, 13_000);
      record(24, 15_000);
      world.clock.advance(15_000);
      record(9, 0);
      return Promise.resolve({});
    };
    await world.loopOf({ [kind]: worker }).drain();
    expect(results).toEqual([
      [60, 15_000, true],
      [60, 45_000, true],
      [60, 50_000, false],
      [24, 13_000, true],
      [24, 15_000, false],
      [9, 0, false],
    ]);
  });
});
