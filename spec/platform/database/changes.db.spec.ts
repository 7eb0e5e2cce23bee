import { Order, Parcel, Scan } from './classes.js';
import { newOrder, newParcel, newScan, unique } from './newRows.js';
import { useWorld } from './world.js';

const world = useWorld();

async function getRow(id: string) {
  const [row] = await world.db.loadMany(Order, [id]);
  if (!row) throw new Error(`No row ${id}.`);
  return row;
}

describe('change', () => {
  it('is applied for exactly one of 20 callers, and moves updatedAt', async () => {
    const { db, otherDb, clock } = world;
    const order = newOrder({ weight: 0, createdAt: clock.now() });
    await db.insertMany(Order, [order]);
    clock.advance(1_000);
    for (let weight = 0; weight < 5; weight += 1) {
      const callers = Array.from({ length: 20 }, (_, at) =>
        (at % 2 ? db : otherDb).change(Order, {
          id: order.id,
          was: { weight },
          set: { weight: weight + 1, body: `caller ${String(at)}` },
        }),
      );
      expect((await Promise.all(callers)).filter(Boolean)).toHaveLength(1);
    }
    const row = await getRow(order.id);
    expect(row.weight).toBe(5);
    expect(row.updatedAt.getTime()).toBeGreaterThanOrEqual(order.createdAt.getTime() + 1_000);
    expect(row.createdAt).toEqual(order.createdAt);
  });

  it('distinguishes empty fields from full ones, of every type', async () => {
    const { db } = world;
    const { id } = newOrder();
    const placedAt = new Date('2026-01-01T00:00:00.001Z');
    await db.insertMany(Order, [
      newOrder({ id, gift: false, weight: 0, placedAt, customer: 'c9' }),
    ]);
    const change = (was: object) => db.change(Order, { id, was, set: { body: 'changed' } });
    expect(await change({ gift: undefined })).toBe(false);
    expect(await change({ weight: undefined })).toBe(false);
    expect(await change({ idempotencyKey: '' })).toBe(false);
    expect(await change({ placedAt: new Date('2026-01-01T00:00:00.002Z') })).toBe(false);
    expect(await change({ customer: 'Customer$c9' })).toBe(false);
    expect(await change({ customer: 'c9', gift: false, weight: 0, placedAt })).toBe(true);
    expect(await change({ idempotencyKey: undefined, openSince: undefined })).toBe(true);
    const set = { gift: undefined, weight: undefined, placedAt: undefined, details: { a: 1 } };
    expect(await db.change(Order, { id, was: {}, set })).toBe(true);
    const row = await getRow(id);
    expect(row).not.toHaveProperty('gift');
    expect(row).not.toHaveProperty('placedAt');
    expect(row).toMatchObject({ details: { a: 1 }, body: 'changed' });
    expect(await change({ gift: undefined, weight: undefined, placedAt: undefined })).toBe(true);
    expect(await db.change(Order, { id: 'nobody', was: {}, set: { body: '' } })).toBe(false);
    const unknown = db.change(Order, { id, was: {}, set: { 'x" = 1, "y': 1 } as object });
    await expect(unknown).rejects.toThrow('has no field');
  });
});

describe('settleMany', () => {
  it('applies the changes whose row is as it was, of every shape, and keeps the whole log', async () => {
    const { db, otherDb } = world;
    const dueAt = world.clock.now();
    const parcels = Array.from({ length: 60 }, () => newParcel({ depot: unique('depot'), dueAt }));
    await db.insertMany(Parcel, parcels);
    const changes = parcels.map(({ id }, at) => ({
      id,
      was: { attempts: at % 10 === 9 ? 1 : 0 },
      set:
        at % 3 === 0
          ? { attempts: 1, state: 'delivered', dueAt: undefined }
          : { attempts: 1, dueAt: new Date(dueAt.getTime() + at) },
    }));
    const log = parcels.map(({ id }) => newScan({ parcel: id }));
    const settlement = { cls: Parcel, changes, logClass: Scan, log };
    const applied = await Promise.all([db.settleMany(settlement), otherDb.settleMany(settlement)]);
    // Each of them once, but for the six that were taken for rows with an attempt behind them.
    expect(applied.reduce((sum, count) => sum + count, 0)).toBe(54);
    const rows = await db.loadMany(
      Parcel,
      parcels.map(({ id }) => id),
    );
    const at = (id: string) => parcels.findIndex((parcel) => parcel.id === id);
    for (const row of rows) {
      if (at(row.id) % 10 === 9) expect(row).toMatchObject({ attempts: 0, dueAt });
      else if (at(row.id) % 3 === 0) expect(row).toMatchObject({ attempts: 1, state: 'delivered' });
      else expect(row).toMatchObject({ dueAt: new Date(dueAt.getTime() + at(row.id)) });
      expect('dueAt' in row).toBe(at(row.id) % 10 === 9 || at(row.id) % 3 !== 0);
    }
    expect(
      await db.loadMany(
        Scan,
        log.map(({ id }) => id),
      ),
    ).toHaveLength(60);
    expect(await db.settleMany({ ...settlement, changes: [] })).toBe(0);
    expect(await db.settleMany({ ...settlement, changes: [], log: [] })).toBe(0);
  });
});

describe('deleteBefore', () => {
  it('deletes the oldest up to the limit, and none that is due', async () => {
    const { db } = world;
    const at = (day: number) => new Date(Date.UTC(2020, 0, day));
    const depot = unique('depot');
    const rows = [1, 2, 3, 4, 5, 6].map((day) => newParcel({ depot, createdAt: at(day) }));
    const [, due] = rows;
    await db.insertMany(
      Parcel,
      rows.map((row) => (row === due ? { ...row, dueAt: at(2) } : row)),
    );
    const ids = rows.map(({ id }) => id);
    const left = async () => (await db.loadMany(Parcel, ids)).map(({ id }) => ids.indexOf(id) + 1);
    const old = { field: 'createdAt', before: at(5) };
    expect(await db.deleteBefore(Parcel, { ...old, limit: 2 })).toBe(2);
    expect((await left()).sort()).toEqual([2, 4, 5, 6]);
    expect(await db.deleteBefore(Parcel, { ...old, limit: 100 })).toBe(1);
    expect(await db.deleteBefore(Parcel, { ...old, limit: 100 })).toBe(0);
    expect((await left()).sort()).toEqual([2, 5, 6]);
    await expect(
      db.deleteBefore(Parcel, { field: 'no such', before: at(5), limit: 1 }),
    ).rejects.toThrow('has no field');
  });

  it('goes by any date field, and passes by rows without it', async () => {
    const { db } = world;
    const placedAt = new Date(Date.UTC(2019, 0, 1));
    const rows = [newOrder({ placedAt }), newOrder()];
    await db.insertMany(Order, rows);
    const before = new Date(Date.UTC(2019, 0, 2));
    expect(await db.deleteBefore(Order, { field: 'placedAt', before, limit: 100 })).toBe(1);
    expect(
      await db.loadMany(
        Order,
        rows.map(({ id }) => id),
      ),
    ).toHaveLength(1);
  });
});
