import type { AnyBulkWriteOperation, Db, Document } from 'mongodb';

import type { ClassSpec, NewRow, RowOf } from '../../contract/index.js';
import type { Clock } from '../clock.js';
import { getColumn, queueOf } from './columns.js';
import type { Database, DueRequest, Family, RowChange } from './database.js';
import { createMongodbIndexes } from './mongodbIndexes.js';
import { mongodbLanes } from './mongodbLanes.js';
import {
  documentOf,
  hasValues,
  keyOf,
  type MongodbRow,
  rowOf,
  setsValues,
  storedValue,
  valueOf,
} from './mongodbRows.js';
import { duplicatesIn, mongodbSession, type MongodbSession } from './mongodbSession.js';
import { storableJson, storableText } from './storable.js';

/** The engine on MongoDB: no transactions, no change streams, so that a standalone server is enough. */
export function mongodbDatabase(db: Db, prefix: string, clock: Clock): Database {
  const session = mongodbSession(db, prefix, clock);
  const { collection } = session;
  const lanes = mongodbLanes(session);
  const insert = <C extends ClassSpec>(cls: C, rows: readonly NewRow<C>[]) =>
    insertNew(session, cls, rows);
  return {
    engine: 'mongodb',
    ...lanes,
    ...mongodbQueue(session),

    async now() {
      await session.align();
      return clock.now();
    },

    prepare: (classes) => createMongodbIndexes(session, classes),

    insertMany: insert,

    async insertFamily<P extends ClassSpec, C extends ClassSpec>(family: Family<P, C>) {
      const { parentClass, childClass, link, openSince } = family;
      await session.keepAligned();
      const opened = family.parents.map((parent) => ({ ...parent, [openSince]: clock.now() }));
      const stored = await insert(parentClass, opened);
      await insert(
        childClass,
        family.children.filter((child) => stored.has(String(child[link as keyof typeof child]))),
      );
      await lanes.wake(family.wake);
      if (stored.size === 0) return stored;
      const ofThem = { _id: { $in: [...stored] } };
      await collection(parentClass.name).updateMany(ofThem, { $unset: { [openSince]: '' } });
      return stored;
    },

    async loadMany<C extends ClassSpec>(cls: C, ids: readonly string[]) {
      if (ids.length === 0) return [];
      const documents = await collection(cls.name)
        .find({ _id: { $in: ids.map(storableText) } })
        .toArray();
      return documents.map((document) => rowOf(cls, document));
    },

    async change(cls, change) {
      const { filter, update } = changeOf(cls, change, clock);
      const { matchedCount } = await collection(cls.name).updateOne(
        { _id: storableText(change.id), ...filter },
        update,
      );
      return matchedCount === 1;
    },

    async deleteBefore(cls, { field, before, limit }) {
      const date = keyOf(getColumn(cls, field));
      const old = {
        [date]: { $lt: before },
        ...(cls.queue && { [keyOf(queueOf(cls).dueAt)]: null }),
      };
      const found = await collection(cls.name)
        .find(old, { projection: { _id: 1 } })
        .sort({ [date]: 1 })
        .limit(limit)
        .toArray();
      if (found.length === 0) return 0;
      const ids = found.map((document) => document._id);
      const { deletedCount } = await collection(cls.name).deleteMany({ _id: { $in: ids }, ...old });
      return deletedCount;
    },
  };
}

/** Reading and settling the rows of queue classes. */
function mongodbQueue(
  session: MongodbSession,
): Pick<Database, 'loadDue' | 'nextDue' | 'settleMany'> {
  const { collection, clock } = session;
  return {
    async loadDue<C extends ClassSpec>(cls: C, requests: readonly DueRequest[]) {
      const limits = [...new Set(requests.map((request) => request.limit))];
      const now = session.present();
      const read = (limit: number) => {
        const same = requests.filter((request) => request.limit === limit);
        const documents = same.map(({ key, after }) => ({ key, due: after?.dueAt, id: after?.id }));
        return perLane<MongodbRow>(session, cls, { documents, now, limit });
      };
      const rows = (await Promise.all(limits.map(read))).flat();
      return rows.map((document): RowOf<C> => rowOf(cls, document));
    },

    async nextDue(cls, keys) {
      if (keys.length === 0) return new Map();
      const { lane, dueAt } = queueOf(cls);
      const documents = keys.map((key) => ({ key }));
      const rows = await perLane<MongodbRow>(session, cls, { documents, limit: 1 });
      return new Map(
        rows.map((row) => [String(valueOf(lane, row[keyOf(lane)])), row[keyOf(dueAt)] as Date]),
      );
    },

    async settleMany({ cls, changes, logClass, log }) {
      await insertNew(session, logClass, log);
      if (changes.length === 0) return 0;
      const { matchedCount } = await collection(cls.name).bulkWrite(
        groupedChanges(cls, changes, clock),
        { ordered: false },
      );
      return matchedCount;
    },
  };
}

async function insertNew<C extends ClassSpec>(
  { collection }: MongodbSession,
  cls: C,
  rows: readonly NewRow<C>[],
): Promise<ReadonlySet<string>> {
  if (rows.length === 0) return new Set();
  const documents = rows.map((row) => documentOf(cls, row));
  const taken = await collection(cls.name)
    .insertMany(documents, { ordered: false })
    .then(() => new Set<number>(), duplicatesIn);
  return new Set(documents.filter((_, at) => !taken.has(at)).map((document) => document._id));
}

/**
 * The first rows of each lane by (dueAt, id), up to `now` when given, in one command: every lane is one walk along the
 * index of the queue, which stops at the limit.
 */
function perLane<Row extends Document>(
  session: MongodbSession,
  cls: ClassSpec,
  request: {
    readonly documents: readonly {
      readonly key: string;
      readonly due?: Date | undefined;
      readonly id?: string | undefined;
    }[];
    readonly limit: number;
    readonly now?: Document | string;
  },
): Promise<Row[]> {
  const { lane, dueAt } = queueOf(cls);
  const due = keyOf(dueAt);
  const isBehind = {
    $or: [{ $gt: [`$${due}`, '$$due'] }, { $gt: ['$_id', '$$id'] }],
  };
  const conditions = [
    { $eq: [`$${keyOf(lane)}`, '$$key'] },
    { $gte: [`$${due}`, '$$due'] },
    isBehind,
    ...(request.now === undefined ? [] : [{ $lte: [`$${due}`, request.now] }]),
  ];
  const asked = request.documents.map(({ key, due, id }) => ({
    key: { $literal: storedValue(lane, key) },
    due: due ?? EPOCH,
    id: { $literal: id ?? '' },
  }));
  return session.aggregate<Row>([
    { $documents: asked },
    {
      $lookup: {
        from: session.collection(cls.name).collectionName,
        let: { key: '$key', due: '$due', id: '$id' },
        pipeline: [
          { $match: { [due]: { $type: 'date' }, $expr: { $and: conditions } } },
          { $sort: { [due]: 1, _id: 1 } },
          { $limit: request.limit },
        ],
        as: 'row',
      },
    },
    { $unwind: '$row' },
    { $replaceRoot: { newRoot: '$row' } },
  ]);
}

/** Before every date that is stored here. */
const EPOCH = new Date(0);

function changeOf<C extends ClassSpec>(cls: C, { was, set }: RowChange<C>, clock: Clock) {
  const update = setsValues(cls, set);
  update.$set['_updated_at'] = clock.now();
  return { filter: hasValues(cls, was), update };
}

/** Rows that get the same change are one update: most rows of a batch are delivered alike. */
function groupedChanges<C extends ClassSpec>(
  cls: C,
  changes: readonly RowChange<C>[],
  clock: Clock,
): AnyBulkWriteOperation<MongodbRow>[] {
  const groups = new Map<string, { change: RowChange<C>; ids: string[] }>();
  for (const change of changes) {
    const entries = [Object.entries(change.was), Object.entries(change.set)];
    const alike = storableJson(
      entries.map((side) => side.map(([name, value]) => [name, value ?? null])),
    );
    const group = groups.get(alike);
    if (group) group.ids.push(storableText(change.id));
    else groups.set(alike, { change, ids: [storableText(change.id)] });
  }
  return [...groups.values()].map(({ change, ids }) => {
    const { filter, update } = changeOf(cls, change, clock);
    return { updateMany: { filter: { _id: { $in: ids }, ...filter }, update } };
  });
}
