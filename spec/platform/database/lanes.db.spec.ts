import { testClock } from '../../support/clock.js';
import { createStore } from '../../support/store.js';
import { openOver, startBareServer } from './bareServer.js';
import { Order, Parcel, Scan } from './classes.js';

it('goes along the straight line', async () => {
  const store = await createStore();
  const server = await startBareServer(store.uri);
  const clock = testClock();
  const db = await openOver(server, clock);
  const now = clock.now();
  const base = { createdAt: now, readers: ['org_o1_admin'] };
  const family = {
    parentClass: Order,
    parents: [{ ...base, id: 'o1', customer: 'c1', body: '{}' }],
    childClass: Parcel,
    children: [
      { ...base, id: 'p1', depot: 'd1', order: 'o1', state: 'pending', attempts: 0, dueAt: now },
      { ...base, id: 'p2', depot: 'd1', order: 'oX', state: 'pending', attempts: 0, dueAt: now },
    ],
    link: 'order' as const,
    openSince: 'openSince' as const,
    wake: [{ kind: 'depot', key: 'd1' }],
  };
  expect([...(await db.insertFamily(family))]).toEqual(['o1']);
  expect([...(await db.insertFamily(family))]).toEqual([]);
  const [hold] = await db.hold({ kinds: ['depot'], count: 10, holdMs: 30_000 });
  expect(hold).toMatchObject({ kind: 'depot', key: 'd1', state: {} });
  if (!hold) return;
  expect(await db.hold({ kinds: ['depot'], count: 10, holdMs: 30_000 })).toEqual([]);
  const due = await db.loadDue(Parcel, [{ key: 'd1', limit: 10 }]);
  expect(due).toMatchObject([{ id: 'p1', depot: 'd1', order: 'o1', attempts: 0, dueAt: now }]);
  const applied = await db.settleMany({
    cls: Parcel,
    changes: [
      {
        id: 'p1',
        was: { attempts: 0 },
        set: { attempts: 1, state: 'delivered', dueAt: undefined },
      },
    ],
    logClass: Scan,
    log: [{ ...base, id: 's1', parcel: 'p1', outcome: 'delivered' }],
  });
  expect(applied).toBe(1);
  expect(await db.loadDue(Parcel, [{ key: 'd1', limit: 10 }])).toEqual([]);
  await db.release([{ hold, state: { n: 1 } }]);
  expect(await db.nextLaneDue(['depot'])).toBeUndefined();
  await db.wake([{ kind: 'depot', key: 'd1' }]);
  const [again] = await db.hold({ kinds: ['depot'], count: 10, holdMs: 30_000 });
  expect(again?.state).toEqual({ n: 1 });
  const rows = await server.controller.find('Parcel', {}, {});
  expect(rows).toMatchObject([
    {
      objectId: 'p1',
      order: { __type: 'Pointer', className: 'Order', objectId: 'o1' },
      ACL: { 'role:org_o1_admin': { read: true } },
    },
  ]);
  await server.close();
  await store.drop();
});
