import type { LaneId } from '../platform/database/index.js';

/** Lanes of kind `schedule`. */
export type ScheduleLaneKey =
  /** Wakes the other lanes when rows were changed. */
  | { readonly sort: 'sync' }
  /** A job of the hub's own that has a cron expression. */
  | { readonly sort: 'cron'; readonly jobName: string }
  /** A row of `_JobSchedule`. */
  | { readonly sort: 'row'; readonly id: string };

export const SYNC_LANE: LaneId = { kind: 'schedule', key: 'sync' };

export function cronLane(jobName: string): LaneId {
  return { kind: 'schedule', key: `cron:${jobName}` };
}

export function rowLane(id: string): LaneId {
  return { kind: 'schedule', key: `row:${id}` };
}

/** Returns `undefined` for a key that only another version of the hub uses. */
export function readScheduleLane(key: string): ScheduleLaneKey | undefined {
  if (key === SYNC_LANE.key) return { sort: 'sync' };
  if (key.startsWith('cron:')) return { sort: 'cron', jobName: key.slice('cron:'.length) };
  if (key.startsWith('row:')) return { sort: 'row', id: key.slice('row:'.length) };
  return undefined;
}
