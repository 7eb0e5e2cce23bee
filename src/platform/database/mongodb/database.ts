import type { Db } from 'mongodb';

import type { ClassSpec } from '../../../contract/index.js';
import { getColumn, queueOf } from '../columns.js';
import type { BulkChange, Database, EngineOptions } from '../database.js';
import { storableText } from '../storable.js';
import { createMongodbIndexes } from './indexes.js';
import { insertFamily, insertMany } from './inserts.js';
import { mongodbLanes } from './lanes.js';
import { changeOf, mongodbQueue } from './queue.js';
import { mongodbRoles } from './roles.js';
import { keyOf, rowOf, storedValue } from './rows.js';
import { searchMongodb } from './search.js';
import { type MongodbSession, mongodbSession } from './session.js';

/** Does not wait for the journal, nor for other members: https://www.mongodb.com/docs/manual/reference/write-concern/ */
const LAZY = { writeConcern: { w: 1, journal: false } };

/** Opens the engine on MongoDB: no transactions, no change streams, so that a standalone server is enough. */
export function mongodbDatabase(db: Db, prefix: string, options: EngineOptions): Database {
  const session = mongodbSession(db, prefix, options);
  const { clock } = options;
  const { collection } = session;
  const lanes = mongodbLanes(session);
  return {
    engine: 'mongodb',
    ...lanes,
    ...mongodbQueue(session),
    ...mongodbRoles(session),

    async now() {
      await session.align();
      return clock.now();
    },

    prepare: (classes) => createMongodbIndexes(session, classes),

    insertMany: (cls, rows) => insertMany(session, cls, rows),

    insertFamily: (family) => insertFamily(session, family, lanes.wake),

    async loadMany<C extends ClassSpec>(cls: C, ids: readonly string[]) {
      if (ids.length === 0) return [];
      const documents = await collection(cls.name)
        .find({ _id: { $in: ids.map(storableText) } })
        .toArray();
      return documents.map((document) => rowOf(cls, document));
    },

    search: (cls, search) => searchMongodb(session, cls, search),

    async change(cls, change) {
      const { filter, update } = changeOf(cls, change, clock);
      const { matchedCount } = await collection(cls.name).updateOne(
        { _id: storableText(change.id), ...filter },
        update,
        cls.durability === 'lazy' ? LAZY : {},
      );
      return matchedCount === 1;
    },

    changeAll: (cls, change) => changeAll(session, cls, change),

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

async function changeAll<C extends ClassSpec>(
  { collection, clock }: MongodbSession,
  cls: C,
  { field, value, set, readers }: BulkChange<C>,
): Promise<number> {
  const column = getColumn(cls, field);
  const { update } = changeOf(cls, { was: {}, set, readers }, clock);
  const { matchedCount } = await collection(cls.name).updateMany(
    { [keyOf(column)]: storedValue(column, value) },
    update,
  );
  return matchedCount;
}
