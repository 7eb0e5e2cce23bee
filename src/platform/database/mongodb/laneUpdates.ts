import type { AnyBulkWriteOperation, Document } from 'mongodb';

import type { Hold, LaneId, LaneRelease, LaneState } from '../database.js';
import { laneRowId, type Wake } from '../laneRow.js';
import { storableJson, storableText } from '../storable.js';
import type { MongodbRow } from './rows.js';
import type { MongodbSession } from './session.js';

type Operation = AnyBulkWriteOperation<MongodbRow>;
type Present = ReturnType<MongodbSession['present']>;

/**
 * Returns the condition of a lane that is due and free. A lane that was never held has no heldUntil, and missing
 * compares as less than the current time.
 */
export function isDueAndFree(now: Present): Document {
  return {
    dueAt: { $type: 'date' },
    $expr: { $and: [{ $lte: ['$dueAt', now] }, { $lte: ['$heldUntil', now] }] },
  };
}

export function heldFor(now: Present, holdMs: number): Document {
  const heldUntil = { $add: [now, holdMs] };
  return { heldUntil, dueAt: heldUntil, _updated_at: now };
}

/** Returns the other fields of a lane's row, for an update that may have to create it. */
function bornAs(lane: LaneId, now: Present): Document {
  return {
    kind: { $literal: lane.kind },
    key: { $literal: storableText(lane.key) },
    _created_at: { $ifNull: ['$_created_at', now] },
    _rperm: [],
    _wperm: [],
    _acl: { $literal: {} },
  };
}

/** Takes a free lane, or creates it taken. A held lane is not changed. */
export function takenIfFree(
  lane: LaneId,
  { token, holdMs }: { readonly token: string; readonly holdMs: number },
  now: Present,
): Document {
  const isFree = { $lte: ['$heldUntil', now] };
  const taken = Object.entries({ holder: token, ...heldFor(now, holdMs) });
  const ifFree = taken.map(([key, value]) => [key, { $cond: [isFree, value, `$${key}`] }] as const);
  return { ...bornAs(lane, now), ...Object.fromEntries(ifFree) };
}

/**
 * Returns the update of a wake. A wake for a time after the end of a hold is stored as one just before that end: the
 * holder's release then keeps it, at the cost of one early look.
 */
export function wakeOperation({ lane, dueAt, now }: Wake, present: Present): Operation {
  const times = [...(now ? [present] : []), ...(dueAt ? [dueAt] : [])];
  const earliest = { $min: ['$dueAt', ...times, { $subtract: ['$heldUntil', 1] }] };
  const $set = { ...bornAs(lane, present), dueAt: earliest, _updated_at: present };
  return { updateOne: { filter: { _id: laneRowId(lane) }, update: [{ $set }], upsert: true } };
}

export function prolongOperations(
  holds: readonly Hold[],
  now: Present,
  holdMs: number,
): Operation[] {
  const heldUntil = { $add: [now, holdMs] };
  const wokenFor = { $min: ['$dueAt', { $subtract: [heldUntil, 1] }] };
  const dueAt = { $cond: [isWoken, wokenFor, heldUntil] };
  const tokens = new Set(holds.map((hold) => hold.token));
  return [...tokens].map((token) => {
    const ids = holds.filter((hold) => hold.token === token).map((hold) => laneRowId(hold));
    const update = [{ $set: { heldUntil, dueAt, _updated_at: now } }];
    return { updateMany: { filter: { _id: { $in: ids }, holder: token }, update } };
  });
}

/** True for a held lane that was woken. */
const isWoken = { $lt: ['$dueAt', '$heldUntil'] };

export function releaseOperation({ hold, nextDueAt, state }: LaneRelease, now: Present): Operation {
  const wokenFor = { $cond: [isWoken, '$dueAt', null] };
  const dueAt = { $ifNull: [{ $min: [wokenFor, nextDueAt ?? null] }, '$$REMOVE'] };
  const handedOn = state && { state: { $literal: JSON.parse(storableJson(state)) as LaneState } };
  return {
    updateOne: {
      filter: { _id: laneRowId(hold), holder: hold.token },
      update: [
        { $set: { dueAt, ...handedOn, _updated_at: now } },
        { $unset: ['holder', 'heldUntil'] },
      ],
    },
  };
}
