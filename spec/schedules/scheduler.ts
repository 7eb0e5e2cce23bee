import { Writable } from 'node:stream';

import { openDatabase } from '../../src/platform/database/index.js';
import { LaneLoop } from '../../src/platform/lanes/index.js';
import { createLog } from '../../src/platform/log.js';
import {
  parseJobs,
  parseRows,
  type ParseSdk,
  serverConfig,
} from '../../src/platform/parse/index.js';
import { AS_DECLARED, storedClasses } from '../../src/platform/storedClasses.js';
import {
  createSchedules,
  type Schedules,
  type SchedulesDeps,
  scheduleStore,
} from '../../src/schedules/index.js';
import { type TestClock, testClock } from '../support/clock.js';
import {
  type Caller,
  type Json,
  master,
  startHub,
  type TestHub,
  type TestHubOptions,
} from '../support/hub.js';

/** A job of the host, as its cloud code declares it. */
type HostJob = (request: {
  params: Record<string, unknown>;
  jobId: string;
  message(text: string): Promise<unknown>;
}) => unknown;

/** A Parse Server with the hub's classes, on which a spec starts schedulers of its own. */
export interface Office {
  readonly hub: TestHub;
  readonly Parse: ParseSdk;
  readonly master: Caller;
  /** Adds a job of the host, or replaces one. */
  job(name: string, run: HostJob): void;
  /** The operations of Dashboard: create, change, delete. Returns the id. */
  schedule(fields: object): Promise<string>;
  reschedule(id: string, fields: object): Promise<void>;
  unschedule(id: string): Promise<void>;
  scheduled(id: string): Promise<Json>;
  /** Runs of a job, oldest first. */
  runs(jobName: string): Promise<Json[]>;
  run(id: string): Promise<Json>;
  /** Waits for a run with that status and returns it. */
  runWhen(id: string, status: string): Promise<Json>;
  /** Returns the keys of the lanes of a kind, or only of those that are held. */
  lanes(kind: string): Promise<string[]>;
  heldLanes(): Promise<string[]>;
  /** Deletes all schedules, runs and their lanes for the next spec: Parse Server can only be started once in a process. */
  clear(): Promise<void>;
  stop(): Promise<void>;
}

export async function openOffice(options: TestHubOptions = {}): Promise<Office> {
  let sdk: ParseSdk | undefined;
  const hub = await startHub({ ...options, host: { cloud: (Parse: ParseSdk) => (sdk = Parse) } });
  if (!sdk) throw new Error('Parse Server did not load its cloud code.');
  const Parse = sdk;
  const cloud = Parse.Cloud as unknown as { job(name: string, run: HostJob): void };
  const send = async (method: string, path: string, body?: unknown): Promise<Json> => {
    const response = await hub.rest(method, path, master, body);
    if (response.status >= 300) throw new Error(JSON.stringify(response));
    return response.body;
  };
  const find = async (className: string, where: object, order = 'createdAt') => {
    const query = new URLSearchParams({ where: JSON.stringify(where), order, limit: '1000' });
    return (await send('GET', `/classes/${className}?${query.toString()}`)).results as Json[];
  };
  const run = (id: string) => send('GET', `/classes/_JobStatus/${id}`);
  return {
    hub,
    Parse,
    master,
    job: (name, run) => {
      // Parse Server warns of every job that replaces another, which the specs do on purpose.
      cloud.job(name, (request) => run(request));
    },
    async schedule(fields) {
      const { objectId } = await send('POST', '/cloud_code/jobs', { job_schedule: fields });
      return objectId as string;
    },
    async reschedule(id, fields) {
      await send('PUT', `/cloud_code/jobs/${id}`, { job_schedule: fields });
    },
    async unschedule(id) {
      await send('DELETE', `/cloud_code/jobs/${id}`);
    },
    scheduled: (id) => send('GET', `/classes/_JobSchedule/${id}`),
    runs: (jobName) => find('_JobStatus', { jobName }),
    run,
    async runWhen(id, status) {
      for (;;) {
        const found = await run(id);
        if (found.status === status) return found;
      }
    },
    lanes: async (kind) => (await find('HubLane', { kind }, 'key')).map(({ key }) => key as string),
    heldLanes: async () =>
      (await find('HubLane', { holder: { $exists: true } })).map(
        ({ objectId }) => objectId as string,
      ),
    async clear() {
      const { database } = serverConfig(Parse);
      const everything = [
        ['_JobSchedule', {}],
        ['_JobStatus', {}],
        ['HubLane', { kind: { $in: ['schedule', 'job'] } }],
      ] as const;
      for (const [className, where] of everything) {
        // Parse throws when there is nothing to delete.
        const rows = await database.find(className, where, { limit: 1 });
        if (rows.length > 0) await database.destroy(className, where);
      }
    },
    stop: () => hub.stop(),
  };
}

/** One process, with its own clock, scheduler and loop, on the shared database. */
export interface Scheduler {
  readonly clock: TestClock;
  readonly schedules: Schedules;
  readonly warnings: Json[];
  /** Runs the jobs that are due. */
  drain(): Promise<void>;
  stop(): Promise<void>;
}

export interface SchedulerOptions {
  readonly own?: SchedulesDeps['own'];
  readonly drainMs?: number;
  /** The difference of its clock from the database's. */
  readonly clockAheadMs?: number;
}

export async function startScheduler(
  { Parse }: Office,
  { own = [], drainMs, clockAheadMs = 0 }: SchedulerOptions = {},
): Promise<Scheduler> {
  const clock = testClock(() => Date.now() + clockAheadMs);
  const parse = serverConfig(Parse).database;
  const database = await openDatabase(parse.adapter, clock);
  const warnings: Json[] = [];
  const log = createLog('warn', collector(warnings));
  const schedules = createSchedules({
    clock,
    database,
    log,
    own,
    ...(drainMs !== undefined && { drainMs }),
    store: scheduleStore({ parse, rows: parseRows(parse, storedClasses(AS_DECLARED)), database }),
    jobs: parseJobs(Parse),
  });
  const loop = new LaneLoop({
    database,
    clock,
    log,
    workers: { schedule: schedules.workSchedule, job: schedules.workRun },
  });
  await schedules.start();
  return {
    clock,
    schedules,
    warnings,
    async drain() {
      await loop.drain();
    },
    async stop() {
      await Promise.all([loop.stop(), schedules.stop()]);
    },
  };
}

function collector(lines: Json[]): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(JSON.parse(chunk.toString()));
      done();
    },
  });
}
