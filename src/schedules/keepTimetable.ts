import type { Database } from '../platform/database/index.js';
import type { HeldLane, LaneOutcome } from '../platform/lanes/index.js';
import type { Log } from '../platform/log.js';
import type { JobStarter, Runs } from './runs.js';
import { doneUntil, laneOutcomeOf, type Timetable } from './timetable.js';
import type { ScheduleWarnings } from './warnings.js';

export interface KeepDeps {
  readonly database: Pick<Database, 'now'>;
  readonly log: Log;
  readonly jobs: Pick<JobStarter, 'has'>;
  readonly runs: Pick<Runs, 'start'>;
  readonly warnings: ScheduleWarnings;
}

/** A job that is not there may be so in a minute, or in the process that takes the lane next. */
const UNKNOWN_JOB_MS = 60_000;
/** Starting a job is one insert. */
const START_MS = 10_000;

/**
 * Starts the job if one of its times has come, and once however many of them were missed. A crash between the start and
 * the release of the lane starts it a second time: better twice than never. `ran` must not throw.
 */
export async function keepTimetable(
  { database, log, jobs, runs, warnings: complaints }: KeepDeps,
  { table, ran }: { table: Timetable; ran?: (time: Date) => Promise<void> },
  lane: Pick<HeldLane, 'key' | 'state' | 'mayStart'>,
): Promise<LaneOutcome> {
  const now = await database.now();
  const until = doneUntil(table, lane.state, now);
  const due = table.next(until);
  if (!due || due > now) return laneOutcomeOf(table, until);
  const { jobName, params } = table;
  if (!lane.mayStart(START_MS)) return { nextDueAt: now };
  if (!jobs.has(jobName)) {
    complaints.warn(lane.key, `there is no job ${jobName} in this process`);
    return { nextDueAt: new Date(now.getTime() + UNKNOWN_JOB_MS) };
  }
  const run = await runs.start(jobName, params);
  const lateMs = now.getTime() - due.getTime();
  log.info({ schedule: lane.key, job: jobName, run, dueAt: due, lateMs }, 'schedule.started');
  await ran?.(now);
  complaints.clear(lane.key);
  return laneOutcomeOf(table, now);
}
