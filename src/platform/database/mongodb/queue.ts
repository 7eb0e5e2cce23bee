import type { AnyBulkWriteOperation, Document } from 'mongodb';

import type { ClassSpec, RowOf } from '../../../contract/index.js';
import type { Clock } from '../../clock.js';
import { queueOf } from '../columns.js';
import type { Database, DueRequest, RowChange } from '../database.js';
import { storableJson, storableText } from '../storable.js';
import { insertMany } from './inserts.js';
import {
  aclOf,
  hasValues,
  keyOf,
  keyOfLane,
  type MongodbRow,
  rowOf,
  setsValues,
  storedValue,
} from './rows.js';
import type { MongodbSession } from './session.js';

/** Reads and settles the rows of queue classes. */
export function mongodbQueue(
  session: MongodbSession,
): Pick<Database, 'loadDue' | 'nextDue' | 'settleMany'> {
  const { collection, clock } = session;
  return {
    async loadDue<C extends ClassSpec>(cls: C, requests: readonly DueRequest[]) {
      const limits = [...new Set(requests.map((request) => request.limit))];
      const now = session.present();
      const read = (limit: number) => {
        const same = requests.filter((request) => request.limit === limit);
        return perLane(session, cls, { positions: same, now, limit });
      };
      const rows = (await Promise.all(limits.map(read))).flat();
      return rows.map((document): RowOf<C> => rowOf(cls, document));
    },

    async nextDue(cls, keys) {
      if (keys.length === 0) return new Map();
      const { lane, dueAt } = queueOf(cls);
      const positions = keys.map((key) => ({ key }));
      const rows = await perLane(session, cls, { positions, limit: 1 });
      return new Map(
        rows.map((row) => [keyOfLane(lane, row[keyOf(lane)] as string), row[keyOf(dueAt)] as Date]),
      );
    },

    async settleMany({ cls, changes, logClass, log }) {
      await insertMany(session, logClass, log);
      if (changes.length === 0) return 0;
      const { matchedCount } = await collection(cls.name).bulkWrite(
        groupedChanges(cls, changes, clock),
        { ordered: false },
      );
      return matchedCount;
    },
  };
}

/**
 * Returns the first rows of each lane by (dueAt, id), up to `now` when given, in one command: each lane is one walk
 * along the index of the queue, which stops at the limit.
 */
function perLane(
  session: MongodbSession,
  cls: ClassSpec,
  request: {
    readonly positions: readonly Pick<DueRequest, 'key' | 'after'>[];
    readonly limit: number;
    readonly now?: Document | string;
  },
): Promise<MongodbRow[]> {
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
  const requested = request.positions.map(({ key, after }) => ({
    key: { $literal: storedValue(lane, key) },
    due: after?.dueAt ?? EPOCH,
    id: { $literal: after?.id ?? '' },
  }));
  return session.aggregate<MongodbRow>([
    { $documents: requested },
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

/** Before every date stored here. */
const EPOCH = new Date(0);

/** Returns the condition and the update of a change. */
export function changeOf<C extends ClassSpec>(
  cls: C,
  { was, set, readers }: Omit<RowChange<C>, 'id'>,
  clock: Clock,
) {
  const update = setsValues(cls, set);
  update.$set['_updated_at'] = clock.now();
  if (readers) Object.assign(update.$set, aclOf(readers));
  return { filter: hasValues(cls, was), update };
}

/** Groups rows that get the same change into one update: most rows of a batch are delivered alike. */
function groupedChanges<C extends ClassSpec>(
  cls: C,
  changes: readonly RowChange<C>[],
  clock: Clock,
): AnyBulkWriteOperation<MongodbRow>[] {
  const groups = new Map<string, { change: RowChange<C>; ids: string[] }>();
  for (const change of changes) {
    const alike = alikeness([change.was, change.set]);
    const group = groups.get(alike);
    if (group) group.ids.push(storableText(change.id));
    else groups.set(alike, { change, ids: [storableText(change.id)] });
  }
  return [...groups.values()].map(({ change, ids }) => {
    const { filter, update } = changeOf(cls, change, clock);
    return { updateMany: { filter: { _id: { $in: ids }, ...filter }, update } };
  });
}

/** Returns the same text for the same fields with the same values. Includes empty fields, which JSON would omit. */
function alikeness(sides: readonly Readonly<Record<string, unknown>>[]): string {
  return storableJson(
    sides.map((side) => Object.entries(side).map(([name, value]) => [name, value ?? null])),
  );
}
