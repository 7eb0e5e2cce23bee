/** A Parse job: visible on Dashboard's Jobs page, started there, by a schedule or by an operator. */
export interface JobSpec<Services> {
  readonly name: string;
  readonly summary: string;
  /** When the hub's own scheduler starts it: a cron expression (UTC) as node-cron reads it. Left out: only on demand. */
  readonly cron?: string;
  /** Safe to run twice at once. Answers the last message, which Dashboard shows. */
  run(call: JobCall<Services>): Promise<string>;
}

interface JobCall<Services> {
  readonly services: Services;
  /** Shows on Dashboard while the job runs. */
  progress(message: string): void;
  /** Aborted when the process shuts down: finish the batch at hand and return. */
  readonly signal: AbortSignal;
}

/** Binds the services type once; see cloud/define.ts. */
export function jobsFor<Services>() {
  return function defineJob(spec: JobSpec<Services>): JobSpec<Services> {
    return spec;
  };
}
