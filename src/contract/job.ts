/** A Parse job: listed on Dashboard's Jobs page, and started there, by a schedule or by an operator. */
export interface JobSpec<Services> {
  readonly name: string;
  readonly summary: string;
  /** When the hub's own scheduler starts it: a cron expression (UTC) in node-cron's syntax. Omitted: only on demand. */
  readonly cron?: string;
  /** Must be safe to run twice at once. Returns the last message, which Dashboard shows. */
  run(call: JobCall<Services>): Promise<string>;
}

interface JobCall<Services> {
  readonly services: Services;
  /** Shown in Dashboard while the job runs. */
  progress(message: string): void;
  /** Aborted when the process shuts down: finish the current batch and return. */
  readonly signal: AbortSignal;
}

/** Binds the services type once; see cloud/define.ts. */
export function jobsFor<Services>() {
  return function defineJob(spec: JobSpec<Services>): JobSpec<Services> {
    return spec;
  };
}
