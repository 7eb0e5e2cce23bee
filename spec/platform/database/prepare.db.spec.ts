import { testClock } from '../../support/clock.js';
import { createStore, engine, type Store } from '../../support/store.js';
import { type BareServer, classes, startBareServer } from './bareServer.js';
import { Order, Scan } from './classes.js';
import { newOrder, unique } from './newRows.js';
import { connectionOf, openOver } from './world.js';

let store: Store;
const servers: BareServer[] = [];

async function start(): Promise<BareServer> {
  const server = await startBareServer(store.uri);
  servers.push(server);
  return server;
}

beforeEach(async () => {
  store = await createStore();
});

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
  await store.drop();
});

/** Every index of the suite's classes, as the database has it. */
async function indexesIn(server: BareServer): Promise<unknown[]> {
  const { _client: client, database } = connectionOf(server);
  // Scan has none, and MongoDB no collection for it yet.
  const names = classes.filter((cls) => cls !== Scan).map((cls) => cls.name);
  if (engine === 'postgres') {
    const text = `select indexdef from pg_indexes where tablename = any($1) order by indexname`;
    return client.any({ text, values: [names] });
  }
  const lists = names.map((name) => database.collection(name).indexes());
  return (await Promise.all(lists)).flat();
}

const KEYS = {
  postgres: [
    'CREATE INDEX "Order_byCustomer" ON public."Order" USING btree (customer, "createdAt")',
    'CREATE UNIQUE INDEX "Order_unique_idempotencyKey" ON public."Order" USING btree (customer, "idempotencyKey")',
    'CREATE INDEX "Parcel_queue" ON public."Parcel" USING btree (depot, "dueAt", "objectId") WHERE ("dueAt" IS NOT NULL)',
    'CREATE INDEX "HubLane_byDue" ON public."HubLane" USING btree ("dueAt")',
  ].map((indexdef) => ({ indexdef })),
  mongodb: [
    { name: 'Order_byCustomer', key: { _p_customer: 1, _created_at: 1 } },
    {
      name: 'Order_unique_idempotencyKey',
      key: { _p_customer: 1, idempotencyKey: 1 },
      unique: true,
    },
    { name: 'Parcel_queue', key: { _p_depot: 1, dueAt: 1, _id: 1 } },
    { name: 'HubLane_byDue', key: { dueAt: 1 } },
  ],
};

it('creates every index, by 8 callers at once, and nothing the second time', async () => {
  const [server, other] = [await start(), await start()];
  const databases = await Promise.all(
    Array.from({ length: 8 }, (_, at) => openOver(at % 2 ? server : other, testClock())),
  );
  await Promise.all(databases.map((db) => db.prepare(classes)));
  const indexes = await indexesIn(server);
  for (const index of KEYS[engine]) {
    expect(indexes).toContainEqual(expect.objectContaining(index) as unknown);
  }
  await Promise.all(databases.map((db) => db.prepare(classes)));
  expect(await indexesIn(server)).toEqual(indexes);
});

it('leaves indexes that survive a restart of Parse Server with the same definitions', async () => {
  const server = await start();
  const db = await openOver(server, testClock());
  await db.prepare(classes);
  const before = await indexesIn(server);
  const key = unique('key');
  await db.insertMany(Order, [newOrder({ idempotencyKey: key })]);
  for (const old of servers.splice(0)) await old.close();

  // Twice: Parse notes the indexes that it finds at one start, and compares with its definitions at the next.
  await (await start()).close();
  servers.pop();
  const restarted = await start();
  expect(await indexesIn(restarted)).toEqual(before);
  const again = await openOver(restarted, testClock());
  expect(await again.insertMany(Order, [newOrder({ idempotencyKey: key })])).toEqual(new Set());
  await again.prepare(classes);
  expect(await indexesIn(restarted)).toEqual(before);
});

it('names the index that cannot be created because of existing rows', async () => {
  const db = await openOver(await start(), testClock());
  const idempotencyKey = unique('key');
  await db.insertMany(Order, [newOrder({ idempotencyKey }), newOrder({ idempotencyKey })]);
  await expect(db.prepare(classes)).rejects.toThrow(
    'Index Order_unique_idempotencyKey of class Order on customer, idempotencyKey could not be created.',
  );
});

// PostgreSQL keeps what has the name, and its unique indexes were never declared otherwise.
if (engine === 'mongodb') {
  it('makes an index anew that was declared otherwise before, and looks rows up by it', async () => {
    const server = await start();
    const orders = connectionOf(server).database.collection('Order');
    const name = 'Order_unique_idempotencyKey';
    await orders.createIndex(
      { _p_customer: 1, idempotencyKey: 1 },
      { name, unique: true, partialFilterExpression: { idempotencyKey: { $type: 'string' } } },
    );
    const db = await openOver(server, testClock());
    await db.prepare(classes);
    const filters = await orders.indexes();
    expect(filters).toContainEqual(
      expect.objectContaining({
        name,
        partialFilterExpression: { _p_customer: { $gte: '' }, idempotencyKey: { $gte: '' } },
      }),
    );
    const plan = await orders.find({ _p_customer: 'Customer$a', idempotencyKey: 'k' }).explain();
    expect(JSON.stringify(plan)).toContain(name);
  });
}
