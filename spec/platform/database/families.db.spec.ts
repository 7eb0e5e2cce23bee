import { openDatabase } from '../../../src/platform/database/index.js';
import { Order, Parcel } from './classes.js';
import { newOrder, newParcel, unique } from './newRows.js';
import { failingAdapter, type Statement, useWorld } from './world.js';

const world = useWorld();

function familyOf(key: string | undefined, id: string, lane: string) {
  const dueAt = world.clock.now();
  return {
    parentClass: Order,
    parents: [newOrder({ id, idempotencyKey: key })],
    childClass: Parcel,
    children: ['1', '2', '3'].map((at) =>
      newParcel({ id: `${id}-${at}`, order: id, depot: lane, dueAt }),
    ),
    link: 'order' as const,
    openSince: 'openSince' as const,
    wake: [{ kind: 'depot', key: lane }],
  };
}

const holdDepot = async (lane: string) => {
  const holds = await world.db.hold({ kinds: ['depot'], count: 1_000, holdMs: 1_000 });
  return holds.find((hold) => hold.key === lane);
};

describe('insertFamily', () => {
  it('stores one parent of 20 under one key, with its own children only, due in a lane that is awake', async () => {
    const { db, otherDb } = world;
    const [key, lane, prefix] = [unique('key'), unique('depot'), unique('order')];
    const callers = Array.from({ length: 20 }, (_, at) =>
      (at % 2 ? db : otherDb).insertFamily(familyOf(key, `${prefix}-${String(at)}`, lane)),
    );
    const stored = (await Promise.all(callers)).flatMap((ids) => [...ids]);
    expect(stored).toHaveLength(1);
    const [parent] = stored;
    expect(await holdDepot(lane)).toBeDefined();
    const due = await db.loadDue(Parcel, [{ key: lane, limit: 100 }]);
    expect(due.map((row) => row.id)).toEqual(
      ['1', '2', '3'].map((at) => `${String(parent)}-${at}`),
    );
    const [row] = await db.loadMany(Order, stored);
    expect(row).not.toHaveProperty('openSince');
  });

  it('stores the new ones of a batch, and takes a repetition as it is', async () => {
    const { db } = world;
    const lane = unique('depot');
    const [one, two] = [unique('order'), unique('order')];
    const family = familyOf(undefined, one, lane);
    const second = familyOf(undefined, two, lane);
    expect(await db.insertFamily(family)).toEqual(new Set([one]));
    const both = {
      ...family,
      parents: [...family.parents, ...second.parents],
      children: [
        ...family.children.map((row) => ({ ...row, id: `${row.id}b` })),
        ...second.children,
      ],
    };
    expect(await db.insertFamily(both)).toEqual(new Set([two]));
    expect(await db.insertFamily(both)).toEqual(new Set());
    expect(await db.loadDue(Parcel, [{ key: lane, limit: 100 }])).toHaveLength(6);
    expect(await db.insertFamily({ ...family, parents: [], children: [], wake: [] })).toEqual(
      new Set(),
    );
  });

  it('leaves nothing, or an open parent, when it fails between parents and children', async () => {
    const { db, server, clock } = world;
    const [id, lane] = [unique('order'), unique('depot')];
    const before = ({ className, call }: Statement) => {
      if (className === 'Parcel' && call === 'insertMany')
        throw new Error('The process died here.');
    };
    const dying = await openDatabase(failingAdapter(server, before), clock);
    const family = familyOf(undefined, id, lane);
    // On PostgreSQL there is no such line, so a child is given that the database refuses.
    const [child, ...others] = family.children;
    const attempts = 'many' as unknown as number;
    const children = child ? [...others, { ...child, attempts }] : [];
    await expect(dying.insertFamily({ ...family, children })).rejects.toThrow();
    const parents = await db.loadMany(Order, [id]);
    if (db.engine === 'postgres') expect(parents).toEqual([]);
    else expect(parents).toMatchObject([{ id, openSince: expect.any(Date) as Date }]);
    expect(await db.loadDue(Parcel, [{ key: lane, limit: 100 }])).toEqual([]);
    expect(await holdDepot(lane)).toBeUndefined();
  });

  it('leaves a lane that the sweep finds, or the next try wakes, when it fails before the wake', async () => {
    const { db, server, clock } = world;
    const [id, lane] = [unique('order'), unique('depot')];
    const before = ({ className, call }: Statement) => {
      const wakes = db.engine === 'mongodb' ? call === 'bulkWrite' : call.includes('insert into');
      if (className === 'HubLane' && wakes) throw new Error('The process died here.');
    };
    const dying = await openDatabase(failingAdapter(server, before), clock);
    const family = familyOf(undefined, id, lane);
    await expect(dying.insertFamily(family)).rejects.toThrow('The process died here.');
    expect(await db.loadDue(Parcel, [{ key: lane, limit: 100 }])).toHaveLength(3);
    expect(await holdDepot(lane)).toBeUndefined();
    clock.advance(60_001);
    const sleeping = await db.sleepingLanes(Parcel, { overdueMs: 60_000, limit: 100 });
    expect(sleeping).toContainEqual({ kind: 'depot', key: lane });
    expect(await db.insertFamily(family)).toEqual(new Set());
    expect(await holdDepot(lane)).toBeDefined();
  });
});
