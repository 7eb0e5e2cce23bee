import type { LaneId, LaneWake } from './database.js';
import { storableText } from './storable.js';

/** The id of a lane's row. A kind has no colon, so that two lanes never share a row. */
export function laneRowId({ kind, key }: LaneId): string {
  if (kind.includes(':')) throw new Error(`Lane kind ${kind}: a kind has no colon.`);
  return storableText(`${kind}:${key}`);
}

/** What one lane is woken for: a date, the present, or both. */
export interface Wake {
  readonly lane: LaneId;
  readonly dueAt?: Date;
  readonly now: boolean;
}

/** Each lane once. Of several dates the earliest stays, and "now" (no date) beside them. */
export function wakesByLane(lanes: readonly LaneWake[]): ReadonlyMap<string, Wake> {
  const wakes = new Map<string, { lane: LaneId; dueAt?: Date; now: boolean }>();
  for (const lane of lanes) {
    const id = laneRowId(lane);
    const wake = wakes.get(id) ?? { lane, now: false };
    if (!lane.dueAt) wake.now = true;
    else if (!wake.dueAt || lane.dueAt < wake.dueAt) wake.dueAt = lane.dueAt;
    wakes.set(id, wake);
  }
  return wakes;
}
