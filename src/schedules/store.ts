import { HubLane } from '../../schemas/HubLane.js';
import type { Database, LaneId, LaneState } from '../platform/database/index.js';
import type { DatabaseController, RestRow, Rows } from '../platform/parse/index.js';

/** The state of a schedule's lane. */
interface ScheduleLane {
  readonly state: LaneState;
  readonly isWaiting: boolean;
}

interface JobRun {
  readonly id: string;
  readonly isRunning: boolean;
  readonly message?: string | undefined;
}

export interface ScheduleStore {
  /** All of `_JobSchedule`; these rows are made by hand, so they are few. */
  listJobSchedules(): Promise<Record<string, unknown>[]>;
  loadJobSchedule(id: string): Promise<Record<string, unknown> | undefined>;
  recordLastRun(id: string, time: Date): Promise<void>;
  /** The lanes of kind `schedule` with these keys that exist. */
  scheduleLanes(keys: readonly string[]): Promise<ReadonlyMap<string, ScheduleLane>>;
  /** Removes a lane that this process holds, or that is no longer needed. */
  removeLane(lane: LaneId): Promise<void>;
  loadRuns(ids: readonly string[]): Promise<ReadonlyMap<string, JobRun>>;
  /** Returns false when the run has ended meanwhile. */
  failRun(id: string, ending: { message: string; finishedAt: Date }): Promise<boolean>;
  /** Runs of these jobs that began before `before`, whose rows still say that they run, and that have no lane. */
  untrackedRuns(jobNames: readonly string[], before: Date): Promise<JobRun[]>;
  /** Deletes the ended runs of these jobs that began before `before`. */
  pruneRuns(jobNames: readonly string[], before: Date): Promise<void>;
}

const SCHEDULES = '_JobSchedule';
const RUNS = '_JobStatus';
// https://docs.parseplatform.org/rest/guide/#error-codes
const OBJECT_NOT_FOUND = 101;
const RUNS_MAX = 500;

export function scheduleStore({
  parse,
  rows,
  database,
}: {
  parse: DatabaseController;
  rows: Pick<Rows, 'remove'>;
  database: Database;
}): ScheduleStore {
  return {
    async listJobSchedules() {
      return (await parse.find(SCHEDULES, {}, {})).map(scheduleOf);
    },
    async loadJobSchedule(id) {
      const [row] = await parse.find(SCHEDULES, { objectId: id }, { limit: 1 });
      return row && scheduleOf(row);
    },
    async recordLastRun(id, time) {
      const lastRun = Math.floor(time.getTime() / 1000);
      await ifFound(parse.update(SCHEDULES, { objectId: id }, { lastRun }));
    },
    async scheduleLanes(keys) {
      const ids = keys.map((key) => laneId({ kind: 'schedule', key }));
      const lanes = await database.loadMany(HubLane, ids);
      return new Map(
        lanes.map(({ key, state = {}, dueAt }) => [key, { state, isWaiting: dueAt !== undefined }]),
      );
    },
    async removeLane(lane) {
      await rows.remove(HubLane, { id: laneId(lane) });
    },
    async loadRuns(ids) {
      const rows = await parse.find(RUNS, { objectId: { $in: ids } }, { limit: ids.length });
      return new Map(rows.map((row) => [row.objectId, runOf(row)]));
    },
    failRun(id, { message, finishedAt }) {
      const update = { status: 'failed', message, finishedAt: restDate(finishedAt) };
      return ifFound(parse.update(RUNS, { objectId: id, status: 'running' }, update));
    },
    async untrackedRuns(jobNames, before) {
      const where = { jobName: { $in: jobNames }, status: 'running', ...beganBefore(before) };
      const runs = (await parse.find(RUNS, where, { limit: RUNS_MAX })).map(runOf);
      const ids = runs.map(({ id }) => laneId({ kind: 'job', key: id }));
      const tracked = new Set((await database.loadMany(HubLane, ids)).map(({ key }) => key));
      return runs.filter(({ id }) => !tracked.has(id));
    },
    async pruneRuns(jobNames, before) {
      const ended = { $in: ['succeeded', 'failed'] };
      const where = { jobName: { $in: jobNames }, status: ended, ...beganBefore(before) };
      await ifFound(parse.destroy(RUNS, where));
    },
  };
}

/** See src/platform/lanes/README.md. */
function laneId({ kind, key }: LaneId): string {
  return `${kind}:${key}`;
}

function beganBefore(time: Date): object {
  return { createdAt: { $lt: restDate(time) } };
}

function restDate(time: Date): { __type: 'Date'; iso: string } {
  return { __type: 'Date', iso: time.toISOString() };
}

function scheduleOf(row: RestRow): Record<string, unknown> {
  const createdAt = row['createdAt'];
  return { ...row, createdAt: createdAt instanceof Date ? createdAt : new Date(String(createdAt)) };
}

function runOf(row: RestRow): JobRun {
  const message = row['message'];
  return {
    id: row.objectId,
    isRunning: row['status'] === 'running',
    ...(typeof message === 'string' && { message }),
  };
}

async function ifFound(change: Promise<unknown>): Promise<boolean> {
  try {
    await change;
    return true;
  } catch (error) {
    if ((error as { code?: unknown }).code === OBJECT_NOT_FOUND) return false;
    throw error;
  }
}
