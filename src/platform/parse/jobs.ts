import { hasJob, isJobTaken, ownHandler } from './registry.js';
import { type ParseSdk, serverConfig } from './sdk.js';

/** What parse-server 9 hands to a job, as far as it is used; its typings lack `jobId`. */
export interface JobRequest {
  /** The id of the run's row in `_JobStatus`. */
  readonly jobId: string;
  /** Shows on Dashboard; the final answer replaces it. */
  message(text: string): Promise<unknown>;
}

/** Parse's jobs. Whoever starts one by REST needs the master key; a read-only one does not do. */
export interface ParseJobs {
  /** Whether the application has a job of that name in this process. */
  has(name: string): boolean;
  /** Whether the host has a job of that name. */
  isTaken(name: string): boolean;
  /** Adds a job. One of the same name would be replaced, with a line in Parse Server's log: ask `has` before. */
  define(name: string, run: (request: JobRequest) => Promise<string>): void;
  /** Answers the id of the run, which is that of its `_JobStatus`, when it has begun; it goes on by itself. */
  start(name: string, params: Readonly<Record<string, unknown>>): Promise<string>;
  /** Whether a job that is started here also runs in this process, and not wherever `serverURL` leads. */
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
      // One parameter exactly, as for functions.
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
