import type { Database, LaneId } from '../platform/database/index.js';
import type { HeldLane, LaneOutcome } from '../platform/lanes/index.js';
import { readJobSchedule } from './jobSchedule.js';
import { cronLane, rowLane } from './scheduleLane.js';
import type { ScheduleStore } from './store.js';
import { isOverlooked, rowTimetable, type Timetable } from './timetable.js';
import type { ScheduleWarnings } from './warnings.js';

export interface SyncDeps {
  readonly database: Pick<Database, 'now' | 'wake'>;
  readonly store: Pick<ScheduleStore, 'listJobSchedules' | 'scheduleLanes'>;
  readonly warnings: ScheduleWarnings;
  /** The hub's own timetables by job name. */
  readonly own: ReadonlyMap<string, Timetable>;
}

/** How often rows are compared with lanes: a change on Dashboard takes effect within a minute. */
const SYNC_MS = 30_000;

/** Wakes the lanes of schedules that are new, changed or deleted. The worker of each lane decides what follows. */
export async function syncSchedules(
  { database, store, warnings, own }: SyncDeps,
  { state }: Pick<HeldLane, 'state'>,
): Promise<LaneOutcome> {
  const now = await database.now();
  const rows = await store.listJobSchedules();
  const wanted = [
    ...[...own].map(([jobName, table]) => ({ lane: cronLane(jobName), table })),
    ...rows.flatMap((row) => {
      const lane = rowLane(String(row['objectId']));
      const parsed = readJobSchedule(row);
      if ('schedule' in parsed) return [{ lane, table: rowTimetable(parsed.schedule) }];
      warnings.warn(lane.key, parsed.problem);
      return [];
    }),
  ];
  const lanes = await store.scheduleLanes(wanted.map(({ lane }) => lane.key));
  const overlooked = wanted.filter(({ lane, table }) => isOverlooked(table, lanes.get(lane.key)));
  const present = rows.map((row) => String(row['objectId']));
  const gone = deletedSince(state, present);
  await database.wake([...overlooked.map(({ lane }) => lane), ...gone]);
  return { nextDueAt: new Date(now.getTime() + SYNC_MS), state: { rows: present } };
}

function deletedSince({ rows }: HeldLane['state'], present: readonly string[]): LaneId[] {
  const known = Array.isArray(rows) ? rows.map(String) : [];
  const still = new Set(present);
  return known.filter((id) => !still.has(id)).map(rowLane);
}
