import {
  date,
  defineClass,
  flag,
  json,
  list,
  number,
  pointer,
  text,
} from '../../../src/contract/index.js';

/** A queue class: parcels wait at a depot, and one driver at a time works a depot. */
export const Parcel = defineClass({
  name: 'Parcel',
  summary: 'A row that is worked in a lane.',
  fields: {
    depot: pointer('Depot')(),
    order: pointer('Order')(),
    state: text(),
    attempts: number(),
    dueAt: date.optional(),
    note: text.optional(),
  },
  indexes: { byOrder: ['order'], byCreated: ['createdAt'] },
  queue: { kind: 'depot', lane: 'depot', dueAt: 'dueAt' },
  read: 'acl',
});

/** The parent of parcels, with a value of every type. */
export const Order = defineClass({
  name: 'Order',
  summary: 'A row that has children.',
  fields: {
    customer: pointer('Customer')(),
    body: text(),
    idempotencyKey: text.optional(),
    openSince: date.optional(),
    placedAt: date.optional(),
    weight: number.optional(),
    gift: flag.optional(),
    details: json<Record<string, unknown>>().optional(),
    tags: list<unknown>().optional(),
  },
  indexes: { byCustomer: ['customer', 'createdAt'], byOpenSince: ['openSince'] },
  unique: { idempotencyKey: ['customer', 'idempotencyKey'] },
  hidden: ['details'],
  read: 'acl',
});

/** An event of a parcel. */
export const Scan = defineClass({
  name: 'Scan',
  summary: 'A row that is only written.',
  fields: { parcel: pointer('Parcel')(), outcome: text() },
  read: 'masterKey',
});

/** A queue whose lanes go by a text, not a pointer. */
export const Errand = defineClass({
  name: 'Errand',
  summary: 'A row that is worked in a lane with a name of its own.',
  fields: {
    errandLane: text(),
    when: date.optional(),
    shape: json<Record<string, unknown>>().optional(),
  },
  queue: { kind: 'errand', lane: 'errandLane', dueAt: 'when' },
  read: 'masterKey',
});
