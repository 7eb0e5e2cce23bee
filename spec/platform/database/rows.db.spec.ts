import { openDatabase } from '../../../src/platform/database/index.js';
import { rounds } from '../../support/rounds.js';
import { Order } from './classes.js';
import { newOrder, unique } from './newRows.js';
import { loadRaw, observedAdapter, useWorld } from './world.js';

const world = useWorld();

async function getRow(id: string) {
  const [row] = await world.db.loadMany(Order, [id]);
  if (!row) throw new Error(`No row ${id}.`);
  return row;
}

describe('a row that the hub stores', () => {
  const full = () => ({
    body: JSON.stringify({ text: 'zero \u0000 and 🚀', 'key.with$': '$where' }),
    idempotencyKey: unique('key'),
    placedAt: new Date('2026-02-28T23:59:59.123Z'),
    weight: 0.1 + 0.2,
    gift: false,
    details: { nested: { list: [1, 'two', null, { deep: true }], empty: {} }, text: 'ü\u2028' },
    tags: ['a', 1, { b: [] }, null],
  });

  it('is the same in the database as one that Parse stores', async () => {
    const { db, server } = world;
    const values = full();
    const { createdAt, id, ...own } = newOrder(values);
    await db.insertMany(Order, [{ createdAt, id, ...own }]);
    await server.controller.create('Order', {
      ...values,
      objectId: `${id}p`,
      createdAt: createdAt.toISOString(),
      updatedAt: createdAt.toISOString(),
      customer: { __type: 'Pointer', className: 'Customer', objectId: 'c1' },
      idempotencyKey: `${values.idempotencyKey}p`,
      placedAt: { __type: 'Date', iso: values.placedAt.toISOString() },
      ACL: { 'role:org_1_admin': { read: true }, 'role:org_1_viewer': { read: true } },
    });
    const ours = await loadRaw(server, 'Order', id);
    const parses = await loadRaw(server, 'Order', `${id}p`);
    const key = values.idempotencyKey;
    const idKey = db.engine === 'mongodb' ? '_id' : 'objectId';
    expect(ours).toEqual({ ...parses, [idKey]: id, idempotencyKey: key });
  });

  it('is read by Parse and by the hub as it was given', async () => {
    const { db, server } = world;
    const values = full();
    const order = newOrder(values);
    expect(await db.insertMany(Order, [order])).toEqual(new Set([order.id]));
    expect(await getRow(order.id)).toEqual({
      ...values,
      id: order.id,
      customer: 'c1',
      createdAt: order.createdAt,
      updatedAt: order.createdAt,
    });
    const [row] = await server.controller.find('Order', { objectId: order.id }, {});
    expect(row).toMatchObject({
      ...values,
      createdAt: order.createdAt.toISOString(),
      placedAt: { __type: 'Date', iso: values.placedAt.toISOString() },
      customer: { __type: 'Pointer', className: 'Customer', objectId: 'c1' },
      ACL: { 'role:org_1_admin': { read: true }, 'role:org_1_viewer': { read: true } },
    });
    expect(row).not.toHaveProperty('openSince');
  });

  it('cannot be read through Parse when it has no readers', async () => {
    const { db, server } = world;
    const order = newOrder({ readers: [] });
    await db.insertMany(Order, [order]);
    const [row] = await server.controller.find('Order', { objectId: order.id }, {});
    expect(row?.['ACL']).toEqual({});
  });

  it('has 200 KB of text if need be', async () => {
    const body = JSON.stringify({ text: '𝄞\u0001"\\'.repeat(25_000) });
    const order = newOrder({ body });
    await world.db.insertMany(Order, [order]);
    expect((await getRow(order.id)).body === body).toBe(true);
  });

  it('has U+FFFD for what PostgreSQL cannot hold, in text and in objects', async () => {
    const order = newOrder({
      body: 'nul \0, half \uD83D, whole 🚀, escaped \\u0000',
      details: { 'key\0': ['\0', '\uDE80', '\\u0000', '\\\\ud800'] },
    });
    await world.db.insertMany(Order, [order]);
    expect(await getRow(order.id)).toMatchObject({
      body: 'nul \uFFFD, half \uFFFD, whole 🚀, escaped \\u0000',
      details: { 'key\uFFFD': ['\uFFFD', '\uFFFD', '\\u0000', '\\\\ud800'] },
    });
  });
});

describe('insertMany', () => {
  it('leaves rows alone whose id or unique fields are taken, in the batch and before it', async () => {
    const { db } = world;
    const [key, id] = [unique('key'), unique('order')];
    const first = newOrder({ id, idempotencyKey: key, body: 'first' });
    await db.insertMany(Order, [first]);
    const stored = await db.insertMany(Order, [
      newOrder({ id, body: 'same id' }),
      newOrder({ id: `${id}x`, idempotencyKey: key, body: 'same key' }),
      newOrder({ id: `${id}y`, idempotencyKey: key, customer: 'c2', body: 'other customer' }),
      newOrder({ id: `${id}z`, body: 'no key' }),
      newOrder({ id: `${id}z`, body: 'twice in one batch' }),
    ]);
    expect(stored).toEqual(new Set([`${id}y`, `${id}z`]));
    expect(await getRow(id)).toMatchObject({ body: 'first' });
    expect(await db.insertMany(Order, [])).toEqual(new Set());
  });

  it('lets unique fields be empty in many rows, even when Parse emptied them', async () => {
    const { db, server } = world;
    const rows = [newOrder(), newOrder(), newOrder({ idempotencyKey: unique('key') })];
    expect((await db.insertMany(Order, rows)).size).toBe(3);
    for (const { id } of rows) {
      await server.controller.update('Order', { objectId: id }, { idempotencyKey: null });
    }
    expect((await db.insertMany(Order, [newOrder(), newOrder()])).size).toBe(2);
  });

  it('stores each row once when 20 callers insert overlapping batches in different orders', async () => {
    const { db, server, other, clock } = world;
    const errors: unknown[] = [];
    const [one, two] = await Promise.all([
      openDatabase(observedAdapter(server, errors), clock),
      openDatabase(observedAdapter(other, errors), clock),
    ]);
    for (let round = 0; round < rounds(10); round += 1) {
      const [prefix, keys] = [unique('order'), unique('key')];
      const callers = Array.from({ length: 20 }, (_, caller) => {
        const rows = Array.from({ length: 30 }, (_, at) =>
          newOrder({
            id: `${prefix}-${String(caller % 4)}-${String(caller % 3 ? at : 30 - at)}`,
            idempotencyKey: `${keys}-${String(at)}`,
          }),
        );
        return (caller % 2 ? one : two).insertMany(Order, caller % 5 ? rows : rows.reverse());
      });
      const stored = (await Promise.all(callers)).flatMap((ids) => [...ids]);
      expect(new Set(stored).size).toBe(stored.length);
      const rows = await db.loadMany(Order, stored);
      expect(rows).toHaveLength(stored.length);
      expect(new Set(rows.map((row) => row.idempotencyKey)).size).toBe(stored.length);
    }
    expect(errors).toEqual([]);
  });

  it('is refused by Parse, too, for a unique value that is taken', async () => {
    const { db, server } = world;
    const key = unique('key');
    await db.insertMany(Order, [newOrder({ idempotencyKey: key })]);
    const create = server.controller.create('Order', {
      objectId: unique('order'),
      customer: { __type: 'Pointer', className: 'Customer', objectId: 'c1' },
      idempotencyKey: key,
    });
    await expect(create).rejects.toMatchObject({ code: 137 });
  });
});
