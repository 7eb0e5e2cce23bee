import { hasJob, isJobTaken, ownHandler } from './registry.js';
import { type ParseSdk, serverConfig } from './sdk.js';

/** The part of parse-server 9's job request that is used; its typings lack `jobId`. */
export interface JobRequest {
  /** The id of the run's row in `_JobStatus`. */
  readonly jobId: string;
  /** Shown in Dashboard; the job's result replaces it. */
  message(text: string): Promise<unknown>;
}

/** Parse's jobs. Starting one by REST needs the master key; a read-only one is not enough. */
export interface ParseJobs {
  /** Returns whether the application has a job of that name in this process. */
  has(name: string): boolean;
  /** Returns whether the host has a job of that name. */
  isTaken(name: string): boolean;
  /** Adds a job. It would replace one of the same name, with a line in Parse Server's log: call `has` first. */
  define(name: string, run: (request: JobRequest) => Promise<string>): void;
  /**
   * Starts a job and returns the id of its run, which is that of its `_JobStatus`, once it has begun; it continues by
   * itself.
   */
  start(name: string, params: Readonly<Record<string, unknown>>): Promise<string>;
  /** Whether a job that is started here also runs in this process, rather than on the server at `serverURL`. */
  readonly runsHere: boolean;
}

export function parseJobs(Parse: ParseSdk): ParseJobs {
  const config = serverConfig(Parse);
  return {
    has: (name) => hasJob(config, name),
    isTaken: (name) => isJobTaken(config, name),
    define(name, run) {
      // The SDK's type of the request is that of parse-server 2.
      const cloud = Parse.Cloud as unknown as { job(name: string, handler: typeof run): void };
      // Exactly one parameter, as for functions.
      cloud.job(
        name,
        ownHandler((request: JobRequest) => run(request)),
      );
    },
    start: (name, params) => Parse.Cloud.startJob(name, params),
    // An option of parse-server that decides whether its own SDK goes through the network (lib/ParseServer.js).
    runsHere: (config as { directAccess?: boolean }).directAccess !== false,
  };
}
