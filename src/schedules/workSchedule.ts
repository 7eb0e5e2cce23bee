import type { HeldLane, LaneOutcome, LaneWorker } from '../platform/lanes/index.js';
import { readJobSchedule } from './jobSchedule.js';
import { type KeepDeps, keepTimetable } from './keepTimetable.js';
import { readScheduleLane, rowLane } from './scheduleLane.js';
import type { ScheduleStore } from './store.js';
import { type SyncDeps, syncSchedules } from './syncSchedules.js';
import { rowTimetable } from './timetable.js';

export type ScheduleWorkerDeps = KeepDeps & SyncDeps & { readonly store: ScheduleStore };

/** Works lanes of kind `schedule`. */
export function createScheduleWorker(deps: ScheduleWorkerDeps): LaneWorker {
  return async function workSchedule(lane) {
    const which = readScheduleLane(lane.key);
    switch (which?.sort) {
      case 'sync':
        return syncSchedules(deps, lane);
      case 'cron': {
        const table = deps.own.get(which.jobName);
        // Where there is none, the lane is kept by processes with another version of the hub, or by nobody any more.
        return table ? keepTimetable(deps, { table }, lane) : {};
      }
      case 'row':
        return keepRow(deps, which.id, lane);
      case undefined:
        return {};
    }
  };
}

async function keepRow(deps: ScheduleWorkerDeps, id: string, lane: HeldLane): Promise<LaneOutcome> {
  const { store, warnings: complaints, log } = deps;
  const row = await store.loadJobSchedule(id);
  if (!row) {
    complaints.clear(lane.key);
    await store.removeLane(rowLane(id));
    return {};
  }
  const parsed = readJobSchedule(row);
  if ('problem' in parsed) {
    complaints.warn(lane.key, parsed.problem);
    return {};
  }
  async function ran(time: Date): Promise<void> {
    try {
      await store.recordLastRun(id, time);
    } catch (error) {
      // For people to see; when it ran last is kept in the lane.
      log.error({ err: error, schedule: lane.key }, 'schedule.lastRunNotRecorded');
    }
  }
  return keepTimetable(deps, { table: rowTimetable(parsed.schedule), ran }, lane);
}
