import { openDatabase } from '../../../src/platform/database/index.js';
import { rounds } from '../../support/rounds.js';
import { engine } from '../../support/store.js';
import type { BareServer } from './bareServer.js';
import { Errand, Parcel } from './classes.js';
import { newErrand, newParcel, unique } from './newRows.js';
import { connectionOf, useWorld } from './world.js';

const world = useWorld();

const idsOf = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id);

describe('loadDue', () => {
  it('pages through rows that are due at the same moment, each once and in order', async () => {
    const { db, clock } = world;
    const depot = unique('depot');
    const now = clock.now().getTime();
    const rows = Array.from({ length: 35 }, (_, at) =>
      newParcel({ depot, dueAt: new Date(now - (at < 30 ? 1_000 : 500)) }),
    );
    await db.insertMany(Parcel, rows);
    const read: string[] = [];
    const sizes: number[] = [];
    let after: { dueAt: Date; id: string } | undefined;
    for (;;) {
      const page = await db.loadDue(Parcel, [{ key: depot, after, limit: 10 }]);
      const last = page.at(-1);
      if (!last?.dueAt) break;
      sizes.push(page.length);
      read.push(...idsOf(page));
      after = { dueAt: last.dueAt, id: last.id };
    }
    expect(sizes).toEqual([10, 10, 10, 5]);
    expect([...read].sort()).toEqual(idsOf(rows).sort());
    expect(read).toEqual(idsOf(await db.loadDue(Parcel, [{ key: depot, limit: 100 }])));
    const early = new Set(idsOf(rows.slice(0, 30)));
    expect(read.map((id) => early.has(id))).toEqual(rows.map((_, at) => at < 30));
  });

  it('reads many lanes at once, each by its own position and limit, and nothing that is not due', async () => {
    const { db, clock } = world;
    const [one, two, three] = [unique('depot'), unique('depot'), unique('depot')];
    const now = clock.now().getTime();
    const at = (depot: string, ms: number) => newParcel({ depot, dueAt: new Date(now + ms) });
    const rows = [
      at(one, -3),
      at(one, -2),
      at(one, -1),
      at(two, -2),
      at(two, -1),
      at(three, 60_000),
    ];
    await db.insertMany(Parcel, [...rows, newParcel({ depot: one }), at(unique('depot'), -1)]);
    const requests = [
      { key: one, limit: 2 },
      { key: two, after: { dueAt: new Date(now - 2), id: rows[3]?.id ?? '' }, limit: 9 },
      { key: three, limit: 5 },
      { key: 'no such lane', limit: 5 },
    ];
    const read = async () => idsOf(await db.loadDue(Parcel, requests));
    const expected = [rows[0], rows[1], rows[4]].map((row) => row?.id);
    expect((await read()).sort()).toEqual(expected.sort());
    clock.advance(60_001);
    expect((await read()).sort()).toEqual([...expected, rows[5]?.id].sort());
    expect(await db.loadDue(Parcel, [])).toEqual([]);
  });

  it('has a row due at once that was stored as due now, in another process', async () => {
    const { db, otherDb, clock } = world;
    for (let round = 0; round < rounds(50); round += 1) {
      const depot = unique('depot');
      await db.insertMany(Parcel, [newParcel({ depot, dueAt: clock.now() })]);
      expect(await otherDb.loadDue(Parcel, [{ key: depot, limit: 1 }])).toHaveLength(1);
    }
  });
});

describe('nextDue', () => {
  it('is the earliest date of each lane, due or not', async () => {
    const { db, clock } = world;
    const past = new Date(clock.now().getTime() - 1);
    const [one, two, done] = [unique('lane'), unique('lane'), unique('lane')];
    const day = (at: number) => new Date(Date.UTC(2030, 0, at));
    await db.insertMany(Errand, [
      newErrand({ errandLane: one, when: day(3) }),
      newErrand({ errandLane: one, when: day(2) }),
      newErrand({ errandLane: one }),
      newErrand({ errandLane: two, when: past }),
      newErrand({ errandLane: done }),
    ]);
    const expected = new Map([
      [one, day(2)],
      [two, past],
    ]);
    const found = await db.nextDue(Errand, [one, two, done, 'no such lane']);
    expect(new Map(found)).toEqual(expected);
    expect((await db.nextDue(Errand, [])).size).toBe(0);
  });
});

describe('sleepingLanes', () => {
  const OVERDUE_MS = 60_000;
  const HOLD_MS = 1_000_000;

  it('finds overdue rows whose lane is missing, asleep or set for later, and no others', async () => {
    const { db, clock } = world;
    const overdue = new Date(clock.now().getTime() - OVERDUE_MS - 1_000);
    const lanes = ['missing', 'asleep', 'later', 'held', 'due', 'woken', 'ranOut', 'fresh', 'done'];
    const [missing, asleep, later, held, due, woken, ranOut, fresh, done] = lanes.map(unique);
    const dueAt = { [String(fresh)]: clock.now(), [String(done)]: undefined };
    await db.insertMany(
      Errand,
      [missing, asleep, later, held, due, woken, ranOut, fresh, done].flatMap((key) => {
        const errandLane = String(key);
        const when = errandLane in dueAt ? dueAt[errandLane] : overdue;
        return [newErrand({ errandLane, when }), newErrand({ errandLane, when })];
      }),
    );
    const lane = (key: string | undefined) => ({ kind: 'errand', key: String(key) });
    await db.holdOne(lane(ranOut), 1);
    for (const key of [asleep, held, woken]) {
      const hold = await db.holdOne(lane(key), HOLD_MS);
      if (hold && key === asleep) await db.release([{ hold }]);
    }
    await db.wake([lane(due), lane(woken)]);
    await db.wake([{ ...lane(later), dueAt: new Date(clock.now().getTime() + HOLD_MS) }]);
    clock.advance(2);

    const options = { overdueMs: OVERDUE_MS, limit: 100 };
    const found = await db.sleepingLanes(Errand, options);
    expect(new Set(found)).toEqual(new Set([missing, asleep, later].map(lane)));
    expect(await db.sleepingLanes(Errand, { ...options, limit: 2 })).toHaveLength(2);
    await db.wake(found);
    expect(await db.sleepingLanes(Errand, options)).toEqual([]);
    clock.advance(OVERDUE_MS);
    const kind = { kinds: ['errand'], count: 100, holdMs: HOLD_MS };
    for (const hold of await db.hold(kind)) await db.release([{ hold }]);
    const then = await db.sleepingLanes(Errand, options);
    expect(then).toContainEqual(lane(fresh));
    expect(then).not.toContainEqual(lane(done));
  });

  it('goes by the key of a lane, where rows point to it', async () => {
    const { db, clock } = world;
    const depot = unique('depot');
    await db.insertMany(Parcel, [newParcel({ depot, dueAt: clock.now() })]);
    clock.advance(OVERDUE_MS + 1);
    const options = { overdueMs: OVERDUE_MS, limit: 1_000 };
    expect(await db.sleepingLanes(Parcel, options)).toContainEqual({ kind: 'depot', key: depot });
    await db.wake([{ kind: 'depot', key: depot }]);
    const after = await db.sleepingLanes(Parcel, options);
    expect(after).not.toContainEqual({ kind: 'depot', key: depot });
  });
});

describe('the index of a queue', () => {
  it('is what its rows are read by, and the index of lanes what is due is held by', async () => {
    const { db, server, clock } = world;
    const now = clock.now();
    const rows = Array.from({ length: 3_000 }, (_, at) =>
      newParcel({ depot: `busy${String(at % 30)}`, ...(at % 2 && { dueAt: now }) }),
    );
    await db.insertMany(Parcel, rows);
    await db.wake(rows.map((row) => ({ kind: 'depot', key: row.depot + row.id, dueAt: FAR })));
    await db.wake([{ kind: 'depot', key: 'busy1' }]);
    const used = await indexesUsedBy(server, async (adapter) => {
      const observed = await openDatabase(adapter, clock);
      await observed.loadDue(Parcel, [{ key: 'busy1', limit: 10 }]);
      await observed.nextDue(Parcel, ['busy1']);
      await observed.sleepingLanes(Parcel, { overdueMs: 60_000, limit: 10 });
      await observed.hold({ kinds: ['depot'], count: 10, holdMs: 1_000 });
    });
    expect(used).toEqual({ Parcel_queue: 3, HubLane_byDue: 1 });
  });
});

const FAR = new Date(Date.UTC(2100, 0, 1));

/** How many of the statements that `act` runs go by each of the two indexes. */
async function indexesUsedBy(
  server: BareServer,
  act: (adapter: object) => Promise<void>,
): Promise<Record<string, number>> {
  const { _client: client, database } = connectionOf(server);
  const names = { Parcel_queue: 'Parcel', HubLane_byDue: 'HubLane' };
  if (engine === 'mongodb') {
    const count = async (name: string, className: string) => {
      const stages = [{ $indexStats: {} }, { $match: { name } }];
      const [stats] = await database.collection(className).aggregate(stages).toArray();
      return Number((stats?.['accesses'] as { ops: number }).ops);
    };
    const counts = () => Promise.all(Object.entries(names).map((entry) => count(...entry)));
    const before = await counts();
    await act(server.controller.adapter);
    const after = await counts();
    return Object.fromEntries(
      Object.keys(names).map((name, at) => [name, Number(after[at]) - Number(before[at])]),
    );
  }
  await client.any({ text: 'analyze "Parcel", "HubLane"', values: [] });
  const plans: string[] = [];
  const any = async ({ text, values }: { text: string; values: unknown[] }) => {
    plans.push(JSON.stringify(await client.any({ text: `explain (format json) ${text}`, values })));
    return client.any({ text, values });
  };
  await act({ _client: { any } });
  return Object.fromEntries(
    Object.keys(names).map((name) => [name, plans.filter((plan) => plan.includes(name)).length]),
  );
}
