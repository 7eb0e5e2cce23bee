import type { LaneWorker } from '../platform/lanes/index.js';
import { createScheduleMaintenance, type ScheduleMaintenance } from './maintenance.js';
import { Runs, type RunsDeps } from './runs.js';
import { SYNC_LANE } from './scheduleLane.js';
import type { ScheduleStore } from './store.js';
import { cronTimetable } from './timetable.js';
import { ScheduleWarnings } from './warnings.js';
import { createScheduleWorker } from './workSchedule.js';

export { scheduleStore } from './store.js';

/** Starts jobs at their times and tracks their runs. See README.md beside this file. */
export interface Schedules {
  /** Wakes the lane that finds schedules. A process without a loop calls it before each pass over the lanes. */
  start(): Promise<void>;
  /**
   * Requests that runs end and waits for them, 20 s by default. Call it together with the stop of the loop, not after
   * it.
   */
  stop(): Promise<void>;
  /** Works lanes of kind `schedule`. */
  readonly workSchedule: LaneWorker;
  /** Works lanes of kind `job`. */
  readonly workRun: LaneWorker;
  /** Does the work of one run of a job of the hub's own. If this process dies, another one marks the run as failed. */
  track<Result>(run: string, work: (signal: AbortSignal) => Promise<Result>): Promise<Result>;
  /** Prolongs the holds of runs in this process and finds those that have ended. A timer does the same. */
  look(): Promise<void>;
  /** Resolves when no tracked run is left in this process. */
  whenIdle(): Promise<void>;
  readonly maintenance: ScheduleMaintenance;
}

export interface SchedulesDeps extends Omit<RunsDeps, 'ownNames' | 'store'> {
  readonly store: ScheduleStore;
  /** The hub's own jobs. */
  readonly own: readonly { readonly name: string; readonly cron?: string }[];
}

/** Throws CronInvalid when one of the hub's own jobs has an expression that cannot be used. */
export function createSchedules(deps: SchedulesDeps): Schedules {
  const { clock, database, log } = deps;
  const ownNames = deps.own.map(({ name }) => name);
  const own = new Map(
    deps.own.flatMap(({ name, cron }) =>
      cron === undefined ? [] : [[name, cronTimetable(name, cron)] as const],
    ),
  );
  for (const table of own.values()) table.next(clock.now());
  const runs = new Runs({ ...deps, ownNames });
  return {
    workSchedule: createScheduleWorker({ ...deps, own, runs, warnings: new ScheduleWarnings(log) }),
    workRun: runs.workLane,
    track: (run, work) => runs.track(run, work),
    look: () => runs.look(),
    whenIdle: () => runs.whenIdle(),
    stop: () => runs.stop(),
    maintenance: createScheduleMaintenance({ ...deps, ownNames, runs }),
    async start() {
      runs.resume();
      await database.wake([SYNC_LANE]);
    },
  };
}
