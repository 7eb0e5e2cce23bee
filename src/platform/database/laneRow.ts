import type { LaneId, LaneWake } from './database.js';
import { storableText } from './storable.js';

/** Returns the id of a lane's row. A kind has no colon, so that two lanes never share a row. */
export function laneRowId({ kind, key }: LaneId): string {
  if (kind.includes(':')) throw new Error(`Lane kind ${kind} must not contain a colon.`);
  return storableText(`${kind}:${key}`);
}

/** When one lane is woken for: a date, the current time, or both. */
export interface Wake {
  readonly lane: LaneId;
  readonly dueAt?: Date;
  readonly now: boolean;
}

/** Merges wakes so that each lane occurs once: with the earliest of its dates, and "now" (no date) beside it. */
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
