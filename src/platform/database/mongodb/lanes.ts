import { randomUUID } from 'node:crypto';

import type { Document } from 'mongodb';

import type { ClassSpec } from '../../../contract/index.js';
import { queueOf } from '../columns.js';
import type { Database, Hold, LaneId, LaneRelease, LaneState, LaneWake } from '../database.js';
import { laneRowId, type Wake, wakesByLane } from '../laneRow.js';
import {
  heldFor,
  isDueAndFree,
  prolongOperations,
  releaseOperation,
  takenIfFree,
  wakeOperation,
} from './laneUpdates.js';
import { keyOf, keyOfLane, type MongodbRow, pointerPrefix } from './rows.js';
import { type MongodbSession, upsertWithRetry } from './session.js';

type Lanes = Pick<
  Database,
  'wake' | 'hold' | 'holdOne' | 'prolong' | 'release' | 'nextLaneDue' | 'sleepingLanes'
>;

/** Another process may take the candidates between the find and the update. */
const HOLD_TRIES_MAX = 3;

/**
 * Creates the lanes on MongoDB. While a lane is held, its dueAt equals heldUntil (not woken) or is earlier (woken);
 * never later. A lane without work has no dueAt. In an aggregation expression a missing date is less than any other, so
 * every condition on it also checks its type.
 */
export function mongodbLanes(session: MongodbSession): Lanes {
  return {
    wake: (lanes) => wake(session, lanes),
    hold: (request) => hold(session, request),
    holdOne: (lane, holdMs) => holdOne(session, lane, holdMs),
    prolong: (holds, holdMs) => prolong(session, holds, holdMs),
    release: (releases) => release(session, releases),
    nextLaneDue: (kinds) => nextLaneDue(session, kinds),
    sleepingLanes: (cls, options) => sleepingLanes(session, cls, options),
  };
}

async function wake(session: MongodbSession, requested: readonly LaneWake[]): Promise<void> {
  const asleep = await findAsleep(session, wakesByLane(requested));
  if (asleep.length === 0) return;
  const now = session.present();
  const operations = asleep.map((one) => wakeOperation(one, now));
  await upsertWithRetry(() => session.lanes().bulkWrite(operations, { ordered: false }));
}

async function hold(
  session: MongodbSession,
  request: Parameters<Lanes['hold']>[0],
): Promise<Hold[]> {
  await session.keepAligned();
  for (let tries = 1; ; tries += 1) {
    const { found, taken } = await takeFree(session, request);
    if (taken.length > 0 || found === 0 || tries === HOLD_TRIES_MAX) return taken;
  }
}

/** Takes each lane by one update of one document, on the condition that it still is free. */
async function takeFree(
  session: MongodbSession,
  { kinds, count, holdMs }: Parameters<Lanes['hold']>[0],
): Promise<{ readonly found: number; readonly taken: Hold[] }> {
  const lanes = session.lanes();
  const now = session.present();
  const free = { kind: { $in: [...kinds] }, ...isDueAndFree(now) };
  const projection = { _id: 1 };
  const found = await lanes.find(free, { projection }).sort({ dueAt: 1 }).limit(count).toArray();
  if (found.length === 0) return { found: 0, taken: [] };
  const token = randomUUID();
  const ids = found.map((lane) => lane._id);
  const requestedAtMs = session.clock.monotonicMs();
  const take = { $set: { holder: token, ...heldFor(now, holdMs) } };
  await lanes.updateMany({ _id: { $in: ids }, ...free }, [take]);
  const taken = await lanes.find({ _id: { $in: ids }, holder: token }).toArray();
  const endsAtMs = requestedAtMs + holdMs;
  return { found: ids.length, taken: taken.map((lane) => holdOf(lane, token, endsAtMs)) };
}

async function holdOne(
  session: MongodbSession,
  lane: LaneId,
  holdMs: number,
): Promise<Hold | undefined> {
  const token = randomUUID();
  const requestedAtMs = session.clock.monotonicMs();
  const taken = await upsertWithRetry(() =>
    session
      .lanes()
      .findOneAndUpdate(
        { _id: laneRowId(lane) },
        [{ $set: takenIfFree(lane, { token, holdMs }, session.present()) }],
        { upsert: true, returnDocument: 'after' },
      ),
  );
  return taken?.['holder'] === token ? holdOf(taken, token, requestedAtMs + holdMs) : undefined;
}

async function prolong(
  session: MongodbSession,
  holds: readonly Hold[],
  holdMs: number,
): Promise<Hold[]> {
  if (holds.length === 0) return [];
  const lanes = session.lanes();
  const requestedAtMs = session.clock.monotonicMs();
  await lanes.bulkWrite(prolongOperations(holds, session.present(), holdMs), { ordered: false });
  const ids = holds.map((one) => laneRowId(one));
  const rows = await lanes.find({ _id: { $in: ids } }, { projection: { holder: 1 } }).toArray();
  const holders = new Map(rows.map((lane) => [lane._id, lane['holder']]));
  const endsAtMs = requestedAtMs + holdMs;
  return holds
    .filter((one) => holders.get(laneRowId(one)) === one.token)
    .map((one) => ({ ...one, endsAtMs }));
}

async function release(session: MongodbSession, releases: readonly LaneRelease[]): Promise<void> {
  if (releases.length === 0) return;
  const now = session.present();
  const operations = releases.map((one) => releaseOperation(one, now));
  await session.lanes().bulkWrite(operations, { ordered: false });
}

async function nextLaneDue(
  session: MongodbSession,
  kinds: readonly string[],
): Promise<Date | undefined> {
  const lanes = session.lanes();
  const waiting = { kind: { $in: [...kinds] }, dueAt: { $type: 'date' as const } };
  // The first lane that is not woken during its hold bounds the search: before it are only lanes that are.
  const [first] = await lanes
    .find({ ...waiting, $expr: { $lte: ['$heldUntil', '$dueAt'] } })
    .sort({ dueAt: 1 })
    .limit(1)
    .toArray();
  const bound = first ? { $lte: first['dueAt'] as Date } : {};
  const [result] = await lanes
    .aggregate<{ due: Date | null }>([
      { $match: { ...waiting, dueAt: { ...waiting.dueAt, ...bound } } },
      { $group: { _id: null, due: { $min: { $max: ['$dueAt', '$heldUntil'] } } } },
    ])
    .toArray();
  return result?.due ?? undefined;
}

async function sleepingLanes(
  session: MongodbSession,
  cls: ClassSpec,
  { overdueMs, limit }: Parameters<Lanes['sleepingLanes']>[1],
): Promise<LaneId[]> {
  const { kind, lane } = queueOf(cls);
  const { collectionName } = session.lanes();
  const sleeping = sleepingPipeline(cls, collectionName, { now: session.present(), overdueMs });
  const rows = await session
    .collection(cls.name)
    .aggregate<{ _id: string }>([...sleeping, { $limit: limit }])
    .toArray();
  return rows.map((row) => ({ kind, key: keyOfLane(lane, row._id) }));
}

/**
 * Skips the lanes that are already awake, which saves most writes to a busy one. This is sound only because what they
 * are woken for is stored by now: the next holder of such a lane reads later than this.
 */
async function findAsleep(
  { clock, lanes }: MongodbSession,
  wakes: ReadonlyMap<string, Wake>,
): Promise<readonly Wake[]> {
  const now = clock.now();
  const found = await lanes()
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

/**
 * Returns one document for each key of a lane that sleeps although one of its rows is overdue. Reads the index of the
 * queue.
 */
function sleepingPipeline(
  cls: ClassSpec,
  lanes: string,
  { now, overdueMs }: { readonly now: Document | string; readonly overdueMs: number },
): Document[] {
  const { kind, lane, dueAt } = queueOf(cls);
  const due = keyOf(dueAt);
  const key = keyOf(lane);
  const isOverdue = { $lt: [`$${due}`, { $subtract: [now, overdueMs] }] };
  const isDue = { $and: [{ $eq: [{ $type: '$dueAt' }, 'date'] }, { $lte: ['$dueAt', now] }] };
  const isAwake = { $expr: { $or: [isDue, { $gt: ['$heldUntil', now] }] } };
  const laneId = {
    $concat: [`${kind}:`, { $substrBytes: ['$_id', pointerPrefix(lane).length, -1] }],
  };
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
