import { randomUUID } from 'node:crypto';

import type { Document } from 'mongodb';

import { HubLane } from '../../../schemas/HubLane.js';
import type { ClassSpec } from '../../contract/index.js';
import { queueOf } from './columns.js';
import type { Database, Hold, LaneState } from './database.js';
import { laneRowId, type Wake, wakesByLane } from './laneRow.js';
import {
  bornAs,
  heldFor,
  isDueAndFree,
  prolongOperations,
  releaseOperation,
  wakeOperation,
} from './mongodbLaneUpdates.js';
import { keyOf, type MongodbRow, valueOf } from './mongodbRows.js';
import { type MongodbSession, upserted } from './mongodbSession.js';

type Lanes = Pick<
  Database,
  'wake' | 'hold' | 'holdOne' | 'prolong' | 'release' | 'nextLaneDue' | 'sleepingLanes'
>;

/** Others may take the candidates between finding and taking them. */
const HOLD_TRIES_MAX = 3;

/**
 * While a lane is held, its dueAt is heldUntil (nobody woke it) or earlier (somebody did); never later. A lane without
 * work has no dueAt at all: in an aggregation expression a missing date is less than any other, so every condition on it
 * also asks for its type.
 */
export function mongodbLanes(session: MongodbSession): Lanes {
  const { clock, present } = session;
  const lanes = session.collection(HubLane.name);

  async function takeFree(kinds: readonly string[], count: number, holdMs: number) {
    const free = { kind: { $in: [...kinds] }, ...isDueAndFree(present()) };
    const found = await lanes
      .find(free, { projection: { _id: 1 } })
      .sort({ dueAt: 1 })
      .limit(count)
      .toArray();
    if (found.length === 0) return { found: 0, taken: [] };
    const token = randomUUID();
    const ids = found.map((lane) => lane._id);
    const askedAtMs = clock.monotonicMs();
    await lanes.updateMany({ _id: { $in: ids }, ...free }, [
      { $set: { holder: token, ...heldFor(present(), holdMs) } },
    ]);
    const taken = await lanes.find({ _id: { $in: ids }, holder: token }).toArray();
    return {
      found: ids.length,
      taken: taken.map((lane) => holdOf(lane, token, askedAtMs + holdMs)),
    };
  }

  return {
    async wake(requested) {
      const wakes = wakesByLane(requested);
      const asleep = await findAsleep(session, wakes);
      if (asleep.length === 0) return;
      const now = present();
      const operations = asleep.map((wake) => wakeOperation(wake, now));
      await upserted(() => lanes.bulkWrite(operations, { ordered: false }));
    },

    async hold({ kinds, count, holdMs }) {
      await session.keepAligned();
      for (let tries = 1; ; tries += 1) {
        const { found, taken } = await takeFree(kinds, count, holdMs);
        if (taken.length > 0 || found === 0 || tries === HOLD_TRIES_MAX) return taken;
      }
    },

    async holdOne(lane, holdMs) {
      const token = randomUUID();
      const askedAtMs = clock.monotonicMs();
      const now = present();
      const isFree = { $lte: ['$heldUntil', now] };
      const ifFree = (values: Document) =>
        Object.fromEntries(
          Object.entries(values).map(([key, value]) => [
            key,
            { $cond: [isFree, value, `$${key}`] },
          ]),
        );
      const taken = await upserted(() =>
        lanes.findOneAndUpdate(
          { _id: laneRowId(lane) },
          [
            {
              $set: { ...bornAs(lane, now), ...ifFree({ holder: token, ...heldFor(now, holdMs) }) },
            },
          ],
          { upsert: true, returnDocument: 'after' },
        ),
      );
      return taken?.['holder'] === token ? holdOf(taken, token, askedAtMs + holdMs) : undefined;
    },

    async prolong(holds, holdMs) {
      if (holds.length === 0) return [];
      const askedAtMs = clock.monotonicMs();
      await lanes.bulkWrite(prolongOperations(holds, present(), holdMs), { ordered: false });
      const ids = holds.map((hold) => laneRowId(hold));
      const rows = await lanes.find({ _id: { $in: ids } }, { projection: { holder: 1 } }).toArray();
      const holders = new Map(rows.map((lane) => [lane._id, lane['holder']]));
      const endsAtMs = askedAtMs + holdMs;
      return holds
        .filter((hold) => holders.get(laneRowId(hold)) === hold.token)
        .map((hold) => ({ ...hold, endsAtMs }));
    },

    async release(releases) {
      if (releases.length === 0) return;
      const now = present();
      const operations = releases.map((release) => releaseOperation(release, now));
      await lanes.bulkWrite(operations, { ordered: false });
    },

    async nextLaneDue(kinds) {
      const waiting = { kind: { $in: [...kinds] }, dueAt: { $type: 'date' as const } };
      // The first lane that nobody woke while it is held bounds the search: before it are only lanes woken while held.
      const first = await lanes
        .find({ ...waiting, $expr: { $lte: ['$heldUntil', '$dueAt'] } })
        .sort({ dueAt: 1 })
        .limit(1)
        .next();
      const bound = first
        ? { dueAt: { $type: 'date' as const, $lte: first['dueAt'] as Date } }
        : {};
      const [answer] = await lanes
        .aggregate<{ due: Date | null }>([
          { $match: { ...waiting, ...bound } },
          { $group: { _id: null, due: { $min: { $max: ['$dueAt', '$heldUntil'] } } } },
        ])
        .toArray();
      return answer?.due ?? undefined;
    },

    async sleepingLanes(cls, { overdueMs, limit }) {
      const { kind, lane } = queueOf(cls);
      const rows = await session
        .collection(cls.name)
        .aggregate<{ _id: string }>([
          ...sleepingPipeline(cls, lanes.collectionName, { now: present(), overdueMs }),
          { $limit: limit },
        ])
        .toArray();
      return rows.map((row) => ({ kind, key: String(valueOf(lane, row._id)) }));
    },
  };
}

/**
 * Leaves out the lanes that are awake already, which saves most writes to a busy one. Sound only because what they are
 * woken for is stored by now: whoever holds such a lane next reads later than this.
 */
async function findAsleep(
  { clock, collection }: MongodbSession,
  wakes: ReadonlyMap<string, Wake>,
): Promise<readonly Wake[]> {
  const now = clock.now();
  const found = await collection(HubLane.name)
    .find({ _id: { $in: [...wakes.keys()] } }, { projection: { dueAt: 1, heldUntil: 1 } })
    .toArray();
  const rows = new Map(found.map((row) => [row._id, row]));
  const isAwake = (id: string, wake: Wake) => {
    const { dueAt, heldUntil } = (rows.get(id) ?? {}) as { dueAt?: Date; heldUntil?: Date };
    if (!dueAt || (heldUntil && dueAt >= heldUntil)) return false;
    return (!wake.now || dueAt <= now) && (!wake.dueAt || dueAt <= wake.dueAt);
  };
  return [...wakes].filter(([id, wake]) => !isAwake(id, wake)).map(([, wake]) => wake);
}

/** One document for each key of a lane that sleeps although a row of it is overdue; reads the index of the queue. */
function sleepingPipeline(
  cls: ClassSpec,
  lanes: string,
  { now, overdueMs }: { readonly now: Document | string; readonly overdueMs: number },
): Document[] {
  const { kind, lane, dueAt } = queueOf(cls);
  const due = keyOf(dueAt);
  const key = keyOf(lane);
  const prefix = lane.type === 'Pointer' ? `${lane.targetClass ?? ''}$`.length : 0;
  const isOverdue = { $lt: [`$${due}`, { $subtract: [now, overdueMs] }] };
  const isDue = { $and: [{ $eq: [{ $type: '$dueAt' }, 'date'] }, { $lte: ['$dueAt', now] }] };
  const isAwake = { $expr: { $or: [isDue, { $gt: ['$heldUntil', now] }] } };
  const laneId = { $concat: [`${kind}:`, { $substrBytes: ['$_id', prefix, -1] }] };
  return [
    { $match: { [due]: { $type: 'date' }, [key]: { $type: 'string' }, $expr: isOverdue } },
    { $group: { _id: `$${key}` } },
    { $set: { laneId } },
    {
      $lookup: {
        from: lanes,
        localField: 'laneId',
        foreignField: '_id',
        pipeline: [{ $match: isAwake }],
        as: 'awake',
      },
    },
    { $match: { awake: { $size: 0 } } },
  ];
}

function holdOf(row: MongodbRow, token: string, endsAtMs: number): Hold {
  return {
    kind: String(row['kind']),
    key: String(row['key']),
    token: token as Hold['token'],
    endsAtMs,
    state: (row['state'] ?? {}) as LaneState,
  };
}
