import type { Database } from '../platform/database/index.js';
import type { HeldLane, LaneOutcome, LaneWorker } from '../platform/lanes/index.js';
import type { Log } from '../platform/log.js';
import { readJobSchedule } from './jobSchedule.js';
import type { JobStarter, Runs } from './runs.js';
import { readScheduleLane, rowLane } from './scheduleLane.js';
import type { ScheduleStore } from './store.js';
import { type SyncDeps, syncSchedules } from './syncSchedules.js';
import { doneUntil, laneOutcomeOf, rowTimetable, type Timetable } from './timetable.js';
import type { ScheduleWarnings } from './warnings.js';

export interface ScheduleWorkerDeps extends SyncDeps {
  readonly database: Pick<Database, 'now' | 'wake'>;
  readonly log: Log;
  readonly store: ScheduleStore;
  readonly jobs: Pick<JobStarter, 'has'>;
  readonly runs: Pick<Runs, 'start'>;
  readonly warnings: ScheduleWarnings;
}

/** How long to wait for a job that this process does not have: it may be defined later, or in another process. */
const UNKNOWN_JOB_MS = 60_000;
/** Starting a job is one insert. */
const START_MS = 10_000;

/** Returns the worker of lanes of kind `schedule`. */
export function createScheduleWorker(deps: ScheduleWorkerDeps): LaneWorker {
  return async function workSchedule(lane) {
    const which = readScheduleLane(lane.key);
    switch (which?.sort) {
      case 'sync':
        return syncSchedules(deps, lane);
      case 'cron': {
        const table = deps.own.get(which.jobName);
        // A job that this version of the hub does not have: its lane waits for a process that does.
        return table ? startDue(deps, { table, lane }) : {};
      }
      case 'row':
        return workRow(deps, which.id, lane);
      case undefined:
        return {};
    }
  };
}

/** Works the lane of one row of `_JobSchedule`; removes the lane when the row is gone. */
async function workRow(deps: ScheduleWorkerDeps, id: string, lane: HeldLane): Promise<LaneOutcome> {
  const { store, warnings } = deps;
  const row = await store.loadJobSchedule(id);
  if (!row) {
    warnings.clear(lane.key);
    await store.removeLane(rowLane(id));
    return {};
  }
  const parsed = readJobSchedule(row);
  if ('problem' in parsed) {
    warnings.warn(lane.key, parsed.problem);
    return {};
  }
  return startDue(deps, { table: rowTimetable(parsed.schedule), lane, rowId: id });
}

/**
 * Starts the job of a timetable if one of its times has come, once however many times were missed. A crash between the
 * start and the release of the lane starts the job a second time, which is better than not at all.
 */
async function startDue(
  deps: ScheduleWorkerDeps,
  {
    table,
    lane,
    rowId,
  }: {
    readonly table: Timetable;
    readonly lane: HeldLane;
    /** The row of `_JobSchedule` that shows when the job was last started. */
    readonly rowId?: string;
  },
): Promise<LaneOutcome> {
  const { database, log, jobs, runs, warnings } = deps;
  const now = await database.now();
  const until = doneUntil(table, lane.state, now);
  const due = table.next(until);
  if (!due || due > now) return laneOutcomeOf(table, until);
  const { jobName, params } = table;
  if (!lane.mayStart(START_MS)) return { nextDueAt: now };
  if (!jobs.has(jobName)) {
    warnings.warn(lane.key, `there is no job ${jobName} in this process`);
    return { nextDueAt: new Date(now.getTime() + UNKNOWN_JOB_MS) };
  }
  const run = await runs.start(jobName, params);
  const lateMs = now.getTime() - due.getTime();
  log.info({ schedule: lane.key, job: jobName, run, dueAt: due, lateMs }, 'schedule.started');
  if (rowId !== undefined) await recordLastRun(deps, rowId, now);
  warnings.clear(lane.key);
  return laneOutcomeOf(table, now);
}

/** Shows on Dashboard when the job was last started. Never throws: the lane has the time that counts. */
async function recordLastRun(
  { store, log }: ScheduleWorkerDeps,
  rowId: string,
  time: Date,
): Promise<void> {
  try {
    await store.recordLastRun(rowId, time);
  } catch (error) {
    log.error({ err: error, schedule: rowLane(rowId).key }, 'schedule.lastRunNotRecorded');
  }
}
