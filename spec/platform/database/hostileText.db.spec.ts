import { Errand, Order, Scan } from './classes.js';
import { newErrand, newOrder, newScan, unique } from './newRows.js';
import { useWorld } from './world.js';

const world = useWorld();

const HOLD_MS = 30_000;

/** Texts of users and attackers, for every field that takes text. */
const HOSTILE = [
  `'; drop table "Parcel"; --`,
  `"quoted" and \\ back\\slashed`,
  '$where',
  '$$NOW',
  '{"$gt":""}',
  'a.b$c',
  '${x} $1 {{y}}',
  'Ünïcode 🚀 \u202Ertl',
  '\n\t\r ',
  '',
  '__proto__',
  'null',
];

describe('text that looks like something else', () => {
  it.each(HOSTILE)('takes %j in every field that takes text', async (text) => {
    const { db, server } = world;
    const id = `${text} ${unique('row')}`;
    const readers = text === '' ? [] : [text];
    const order = newOrder({
      id,
      customer: text,
      body: text,
      idempotencyKey: id,
      details: { value: text, [`key ${text}`]: 1 },
      tags: [text],
      readers,
    });
    expect(await db.insertMany(Order, [order])).toEqual(new Set([id]));
    expect(await db.loadMany(Order, [id, text])).toMatchObject([
      { id, customer: text, body: text, tags: [text], details: { value: text } },
    ]);
    expect(
      await db.change(Order, {
        id,
        was: { body: text, customer: text },
        set: { body: `${text}!` },
      }),
    ).toBe(true);
    expect(await db.change(Order, { id, was: { body: text }, set: { body: 'no' } })).toBe(false);
    expect(await db.loadMany(Order, [id])).toMatchObject([{ body: `${text}!` }]);
    const [row] = await server.controller.find('Order', { objectId: id }, {});
    expect(row).toMatchObject({ body: `${text}!` });

    const lane = { kind: unique('kind'), key: text };
    const when = world.clock.now();
    const errand = newErrand({ id: `${id} errand`, errandLane: lane.key, when });
    await db.insertMany(Errand, [errand]);
    await db.wake([lane]);
    const [hold] = await db.hold({ kinds: [lane.kind], count: 10, holdMs: HOLD_MS });
    if (!hold) throw new Error('The lane was woken.');
    expect(hold.key).toBe(lane.key);
    expect(await db.loadDue(Errand, [{ key: hold.key, limit: 10 }])).toMatchObject([
      { id: errand.id, errandLane: lane.key },
    ]);
    const after = { dueAt: when, id: errand.id };
    expect(await db.loadDue(Errand, [{ key: text, after, limit: 10 }])).toEqual([]);
    expect(await db.nextDue(Errand, [hold.key])).toEqual(new Map([[lane.key, when]]));
    await db.release([{ hold, state: { [`key ${text}`]: text } }]);
    const held = await db.holdOne(lane, HOLD_MS);
    expect(held?.state).toEqual({ [`key ${text}`]: text });
    const settled = await db.settleMany({
      cls: Errand,
      changes: [{ id: errand.id, was: { errandLane: lane.key }, set: { when: undefined } }],
      logClass: Scan,
      log: [newScan({ id: `${id} scan`, parcel: text, outcome: text })],
    });
    expect(settled).toBe(1);
    expect(await db.loadMany(Scan, [`${id} scan`])).toMatchObject([
      { parcel: text, outcome: text },
    ]);
  });

  it('takes U+0000, which PostgreSQL cannot hold, in ids and keys as U+FFFD', async () => {
    const { db } = world;
    const id = unique('nul\0');
    const [stored, lane] = [id.replace('\0', '\uFFFD'), { kind: unique('kind'), key: id }];
    expect(await db.insertMany(Order, [newOrder({ id })])).toEqual(new Set([stored]));
    expect(await db.loadMany(Order, [id])).toMatchObject([{ id: stored }]);
    expect(await db.change(Order, { id, was: {}, set: { body: id } })).toBe(true);
    expect(await db.loadMany(Order, [stored])).toMatchObject([{ body: stored }]);
    await db.insertMany(Errand, [newErrand({ id, errandLane: id, when: world.clock.now() })]);
    expect(await db.loadDue(Errand, [{ key: id, limit: 1 }])).toMatchObject([{ id: stored }]);
    expect([...(await db.nextDue(Errand, [id])).keys()]).toEqual([stored]);
    await db.wake([lane]);
    const hold = await db.holdOne(lane, HOLD_MS);
    expect(hold).toMatchObject({ key: stored });
    expect(await db.holdOne({ ...lane, key: stored }, HOLD_MS)).toBeUndefined();
    if (hold) expect(await db.prolong([{ ...hold, key: id }], HOLD_MS)).toHaveLength(1);
    const settled = await db.settleMany({
      cls: Order,
      changes: [{ id, was: {}, set: { body: 'settled' } }],
      logClass: Scan,
      log: [],
    });
    expect(settled).toBe(1);
  });
});
