import { systemClock } from '../../../src/platform/clock.js';
import {
  type Database,
  type Hold,
  type LaneId,
  openDatabase,
} from '../../../src/platform/database/index.js';
import { rounds } from '../../support/rounds.js';
import { unique } from './newRows.js';
import { loadRaw, observedAdapter, openOver, useWorld } from './world.js';

const HOLD_MS = 30_000;
const HOUR_MS = 3_600_000;

const world = useWorld();

/** A lane of a kind that no other spec uses. */
function freshLane(): LaneId {
  return { kind: unique('kind'), key: 'one' };
}

async function getHold(db: Database, lane: LaneId): Promise<Hold> {
  const [hold] = await db.hold({ kinds: [lane.kind], count: 1, holdMs: HOLD_MS });
  if (!hold) throw new Error(`The lane ${lane.kind} cannot be held.`);
  return hold;
}

const holdAll = (db: Database, kind: string) =>
  db.hold({ kinds: [kind], count: 100, holdMs: HOLD_MS });

describe('a lane', () => {
  it('is taken once when it is due, with what its last holder handed on', async () => {
    const { db, otherDb } = world;
    const lane = freshLane();
    await db.wake([lane]);
    const hold = await getHold(db, lane);
    expect(hold).toMatchObject({ ...lane, state: {} });
    expect(await holdAll(otherDb, lane.kind)).toEqual([]);
    await db.release([{ hold, state: { 'rate.limit': 3, $left: [1, { a: null }] } }]);
    expect(await holdAll(otherDb, lane.kind)).toEqual([]);
    await otherDb.wake([lane]);
    const next = await getHold(otherDb, lane);
    expect(next.state).toEqual({ 'rate.limit': 3, $left: [1, { a: null }] });
    await otherDb.release([{ hold: next }]);
    await db.wake([lane]);
    expect((await getHold(db, lane)).state).toEqual(next.state);
  });

  it('is not due before its time, and then is', async () => {
    const { db, clock } = world;
    const lane = freshLane();
    const dueAt = new Date((await db.now()).getTime() + 60_000);
    await db.wake([{ ...lane, dueAt }]);
    expect(await holdAll(db, lane.kind)).toEqual([]);
    expect(await db.nextLaneDue([lane.kind])).toEqual(dueAt);
    clock.advance(60_001);
    expect(await holdAll(db, lane.kind)).toHaveLength(1);
  });

  it('keeps the earliest of several wakes, in one call or in many', async () => {
    const { db } = world;
    const lane = freshLane();
    const now = (await db.now()).getTime();
    const at = (ms: number) => ({ ...lane, dueAt: new Date(now + ms) });
    await db.wake([at(9_000), at(5_000), at(7_000)]);
    expect(await db.nextLaneDue([lane.kind])).toEqual(new Date(now + 5_000));
    await Promise.all([at(8_000), at(4_000), at(6_000)].map((wake) => db.wake([wake])));
    expect(await db.nextLaneDue([lane.kind])).toEqual(new Date(now + 4_000));
    await db.wake([at(3_000), lane]);
    expect(await holdAll(db, lane.kind)).toHaveLength(1);
  });

  it('is a row of Parse that only the master key reads', async () => {
    const { db, server } = world;
    const lane = freshLane();
    await db.wake([lane]);
    const hold = await getHold(db, lane);
    await db.release([{ hold, state: { count: 1 } }]);
    const [row] = await server.controller.find('HubLane', { objectId: `${lane.kind}:one` }, {});
    expect(row).toMatchObject({ kind: lane.kind, key: 'one', state: { count: 1 }, ACL: {} });
    expect(row).not.toHaveProperty('dueAt');
    expect(row).not.toHaveProperty('heldUntil');
    expect(row).toHaveProperty('createdAt');
  });

  it('is separate when kinds differ, whatever the keys', async () => {
    const { db } = world;
    const [one, other] = [freshLane(), freshLane()];
    await db.wake([one, other]);
    const hold = await getHold(db, one);
    await db.release([{ hold: { ...hold, kind: other.kind } }]);
    expect(await db.prolong([{ ...hold, kind: other.kind }], HOLD_MS)).toEqual([]);
    expect(await holdAll(db, one.kind)).toEqual([]);
    expect(await holdAll(db, other.kind)).toHaveLength(1);
    expect(await db.nextLaneDue(['no such kind'])).toBeUndefined();
    await expect(db.wake([{ kind: 'a:b', key: 'c' }])).rejects.toThrow('must not contain a colon');
  });
});

describe('holdOne', () => {
  it('takes a lane that is asleep or does not exist, once of 20', async () => {
    const { db, otherDb } = world;
    for (let round = 0; round < rounds(5); round += 1) {
      const lane = freshLane();
      const callers = Array.from({ length: 20 }, (_, at) => (at % 2 ? db : otherDb));
      const first = await Promise.all(callers.map((one) => one.holdOne(lane, HOLD_MS)));
      const [hold, ...more] = first.filter((one) => one !== undefined);
      expect(more).toEqual([]);
      expect(hold).toMatchObject(lane);
      if (hold) await db.release([{ hold, state: { round } }]);
      const again = await Promise.all(callers.map((one) => one.holdOne(lane, HOLD_MS)));
      expect(again.filter((one) => one?.state['round'] === round)).toHaveLength(1);
      expect(again.filter((one) => one === undefined)).toHaveLength(19);
    }
  });

  it('leaves the lane due again when its hold runs out', async () => {
    const { db, clock } = world;
    const lane = freshLane();
    await db.holdOne(lane, HOLD_MS);
    expect(await db.holdOne(lane, HOLD_MS)).toBeUndefined();
    clock.advance(HOLD_MS + 1);
    expect(await holdAll(db, lane.kind)).toHaveLength(1);
  });
});

type Step = 'wake' | 'wakeLater' | 'prolong' | 'runOut' | 'release' | 'releaseLater';

/** The next state of a held lane: due at once, due when the time `LATER_MS` has come, or asleep. */
const SEQUENCES: readonly (readonly [steps: readonly Step[], then: 'now' | 'later' | 'asleep'])[] =
  [
    [['release'], 'asleep'],
    [['prolong', 'release'], 'asleep'],
    [['runOut', 'release'], 'asleep'],
    [['runOut', 'prolong', 'release'], 'asleep'],
    [['releaseLater'], 'later'],
    [['prolong', 'releaseLater'], 'later'],
    [['wake', 'release'], 'now'],
    [['wake', 'releaseLater'], 'now'],
    [['wake', 'prolong', 'release'], 'now'],
    [['wake', 'prolong', 'prolong', 'release'], 'now'],
    [['prolong', 'wake', 'release'], 'now'],
    [['prolong', 'wake', 'prolong', 'release'], 'now'],
    [['wake', 'runOut', 'release'], 'now'],
    [['runOut', 'wake', 'release'], 'now'],
    [['runOut', 'wake', 'prolong', 'release'], 'now'],
    [['runOut', 'prolong', 'wake', 'release'], 'now'],
    [['release', 'wake'], 'now'],
    [['releaseLater', 'wake'], 'now'],
    [['wakeLater', 'release'], 'later'],
    [['wakeLater', 'releaseLater'], 'later'],
    [['wakeLater', 'prolong', 'release'], 'later'],
    [['prolong', 'wakeLater', 'release'], 'later'],
    [['runOut', 'wakeLater', 'release'], 'later'],
    [['wakeLater', 'runOut', 'prolong', 'release'], 'later'],
    [['release', 'wakeLater'], 'later'],
    [['wakeLater', 'wake', 'release'], 'now'],
    [['wake', 'wakeLater', 'release'], 'now'],
  ];

const LATER_MS = 10 * HOLD_MS;

/** Steps that release the lane. */
const ENDS: Readonly<Partial<Record<Step, true>>> = {
  runOut: true,
  release: true,
  releaseLater: true,
};

describe('a wake is never lost', () => {
  it.each(SEQUENCES)('hold, %j: then it is due %s', async (steps, then) => {
    const { db, otherDb, clock } = world;
    const lane = freshLane();
    await db.wake([lane]);
    const hold = await getHold(db, lane);
    const later = new Date((await db.now()).getTime() + LATER_MS);
    const take: Record<Step, () => Promise<unknown>> = {
      wake: () => otherDb.wake([lane]),
      wakeLater: () => otherDb.wake([{ ...lane, dueAt: later }]),
      prolong: () => db.prolong([hold], HOLD_MS),
      runOut: async () => clock.advance(HOLD_MS + 1),
      release: () => db.release([{ hold }]),
      releaseLater: () => db.release([{ hold, nextDueAt: later }]),
    };
    const isHeld = (until: number) =>
      steps
        .slice(0, until)
        .reduce((held, step) => !ENDS[step] && (held || step === 'prolong'), true);
    for (const [at, step] of steps.entries()) {
      await take[step]();
      if (!isHeld(at + 1)) continue;
      expect(await holdAll(otherDb, lane.kind)).toEqual([]);
      expect(await otherDb.holdOne(lane, HOLD_MS)).toBeUndefined();
    }

    const due = await db.nextLaneDue([lane.kind]);
    if (then === 'asleep') {
      expect(due).toBeUndefined();
      return;
    }
    if (then === 'later') {
      // At the latest: a wake for after the end of the hold brings one look at that end.
      expect(due?.getTime()).toBeLessThanOrEqual(later.getTime());
      clock.advance(LATER_MS + 1);
    }
    expect(await holdAll(otherDb, lane.kind)).toHaveLength(1);
  });

  it('by a release at the same moment, 20 times over', async () => {
    const { db, otherDb } = world;
    const kind = unique('kind');
    const lanes = Array.from({ length: 20 }, (_, at) => ({ kind, key: `lane${String(at)}` }));
    await db.wake(lanes);
    for (let round = 0; round < rounds(10); round += 1) {
      const holds = await db.hold({ kinds: [kind], count: 20, holdMs: HOLD_MS });
      expect(holds).toHaveLength(20);
      await Promise.all([
        ...lanes.map((lane) => otherDb.wake([lane])),
        ...holds.map((hold) => db.release([{ hold }])),
      ]);
    }
    expect(await db.hold({ kinds: [kind], count: 20, holdMs: HOLD_MS })).toHaveLength(20);
  });

  it('by a wake for the very moment at which the hold ends', async () => {
    const { db, server, clock } = world;
    const lane = freshLane();
    await db.wake([lane]);
    const hold = await getHold(db, lane);
    const heldUntil = (await loadRaw(server, 'HubLane', `${lane.kind}:one`))?.['heldUntil'] as Date;
    await db.wake([{ ...lane, dueAt: heldUntil }]);
    await db.release([{ hold }]);
    clock.advance(HOLD_MS);
    expect(await holdAll(db, lane.kind)).toHaveLength(1);
  });

  it('by a prolongation that ends after the time of the wake', async () => {
    const { db, server } = world;
    const lane = freshLane();
    await db.wake([lane]);
    const hold = await getHold(db, lane);
    const dueAt = new Date((await db.now()).getTime() + HOLD_MS / 2);
    await db.wake([{ ...lane, dueAt }]);
    await db.prolong([hold], HOLD_MS * 2);
    expect(await loadRaw(server, 'HubLane', `${lane.kind}:one`)).toMatchObject({ dueAt });
    await db.prolong([hold], 1_000);
    const row = await loadRaw(server, 'HubLane', `${lane.kind}:one`);
    const { dueAt: wokenFor, heldUntil } = row as { dueAt: Date; heldUntil: Date };
    expect(wokenFor.getTime()).toBe(heldUntil.getTime() - 1);
  });
});

describe('a holder that overslept', () => {
  it('has lost its lane to the next one, and cannot disturb it', async () => {
    const { db, otherDb, clock } = world;
    const lane = freshLane();
    await db.wake([lane]);
    const late = await getHold(db, lane);
    expect(late.endsAtMs).toBeLessThanOrEqual(clock.monotonicMs() + HOLD_MS);
    clock.advance(HOLD_MS + 1);
    expect(late.endsAtMs).toBeLessThan(clock.monotonicMs());
    const next = await getHold(otherDb, lane);
    expect(await db.prolong([late], HOLD_MS)).toEqual([]);
    await db.release([{ hold: late, nextDueAt: await db.now(), state: { mine: true } }]);
    expect(await holdAll(db, lane.kind)).toEqual([]);
    const [renewed] = await otherDb.prolong([next], HOLD_MS);
    expect(renewed).toMatchObject({ ...lane, token: next.token, state: {} });
    expect(renewed?.endsAtMs).toBeGreaterThan(next.endsAtMs);
  });

  it('reports which of many holds are lost', async () => {
    const { db, otherDb, clock } = world;
    const kind = unique('kind');
    const lanes = Array.from({ length: 6 }, (_, at) => ({ kind, key: `lane${String(at)}` }));
    await db.wake(lanes.slice(0, 3));
    const early = await holdAll(db, kind);
    clock.advance(HOLD_MS / 2);
    await db.wake(lanes.slice(3));
    const recent = await holdAll(db, kind);
    clock.advance(HOLD_MS / 2 + 1);
    await otherDb.hold({ kinds: [kind], count: 2, holdMs: HOLD_MS });
    const ours = await db.prolong([...early, ...recent], HOLD_MS);
    expect(early).toHaveLength(3);
    expect(ours.filter(({ token }) => token === early[0]?.token)).toHaveLength(1);
    expect(ours.filter(({ token }) => token === recent[0]?.token)).toHaveLength(3);
  });
});

describe('nextLaneDue', () => {
  it('counts a held lane as due when its hold runs out, woken or not', async () => {
    const { db } = world;
    const kind = unique('kind');
    const now = (await db.now()).getTime();
    await db.wake([
      { kind, key: 'held' },
      { kind, key: 'woken' },
    ]);
    await holdAll(db, kind);
    await db.wake([{ kind, key: 'woken' }]);
    await db.wake([{ kind, key: 'far', dueAt: new Date(now + HOUR_MS) }]);
    const due = (await db.nextLaneDue([kind]))?.getTime() ?? 0;
    expect(due).toBeGreaterThanOrEqual(now + HOLD_MS);
    expect(due).toBeLessThan(now + HOUR_MS);
    await db.wake([{ kind, key: 'near', dueAt: new Date(now + 1_000) }]);
    expect(await db.nextLaneDue([kind])).toEqual(new Date(now + 1_000));
    expect(await db.nextLaneDue([kind, unique('kind')])).toEqual(new Date(now + 1_000));
    expect(await db.nextLaneDue([])).toBeUndefined();
  });
});

describe('processes whose clocks differ by an hour', () => {
  it('agree on the time, and on who holds a lane', async () => {
    const { server, other } = world;
    const fast = systemClock(() => Date.now() + HOUR_MS);
    const slow = systemClock(() => Date.now() - HOUR_MS);
    const [fastDb, slowDb] = [await openOver(server, fast), await openOver(other, slow)];
    for (const clock of [fast, slow]) {
      const believed = clock.now().getTime();
      const actual = (await fastDb.now()).getTime();
      expect(believed).toBeLessThanOrEqual(actual);
      expect(actual - believed).toBeLessThan(5_000);
    }
    const lane = freshLane();
    await slowDb.wake([{ ...lane, dueAt: slow.now() }]);
    const hold = await getHold(fastDb, lane);
    expect(await holdAll(slowDb, lane.kind)).toEqual([]);
    expect(await slowDb.holdOne(lane, HOLD_MS)).toBeUndefined();
    await fastDb.release([{ hold, nextDueAt: fast.now() }]);
    expect(await holdAll(slowDb, lane.kind)).toHaveLength(1);
  });
});

describe('20 callers that write to the same lanes in different orders', () => {
  it('never block each other', async () => {
    const { server, other, clock } = world;
    const errors: unknown[] = [];
    const [db, otherDb] = await Promise.all([
      openDatabase(observedAdapter(server, errors), clock),
      openDatabase(observedAdapter(other, errors), clock),
    ]);
    const kind = unique('kind');
    const lanes = Array.from({ length: 40 }, (_, at) => ({ kind, key: `lane${String(at)}` }));
    const random = randomNumbers(20_261_120);
    const shuffled = <T>(items: readonly T[]) =>
      items
        .map((item) => ({ item, at: random() }))
        .sort((a, b) => a.at - b.at)
        .map(({ item }) => item);
    await db.wake(lanes);
    // MongoDB locks one row at a time: no order can be wrong.
    const times = db.engine === 'postgres' ? 100 : 5;
    for (let round = 0; round < times; round += 1) {
      const holds = await db.hold({ kinds: [kind], count: 100, holdMs: HOLD_MS });
      expect(holds).toHaveLength(40);
      const wakes = Array.from({ length: 17 }, (_, at) =>
        (at % 2 ? db : otherDb).wake(shuffled(lanes)),
      );
      await Promise.all([
        ...wakes,
        db.prolong(shuffled(holds), HOLD_MS),
        otherDb.prolong(shuffled(holds), HOLD_MS),
        db.release(shuffled(holds).map((hold) => ({ hold }))),
      ]);
    }
    expect(await db.hold({ kinds: [kind], count: 100, holdMs: HOLD_MS })).toHaveLength(40);
    expect(errors).toEqual([]);
  });
});

/** mulberry32: the same numbers in each run. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
