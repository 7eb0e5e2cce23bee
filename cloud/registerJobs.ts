import type { Services } from '../src/app/services.js';
import type { JobSpec } from '../src/contract/index.js';
import type { Log } from '../src/platform/log.js';
import type { JobRequest, ParseJobs } from '../src/platform/parse/index.js';
import type { Schedules } from '../src/schedules/index.js';

export interface JobRegistration {
  readonly jobs: ParseJobs;
  readonly services: Services;
  readonly schedules: Pick<Schedules, 'track'>;
  readonly log: Log;
}

/** Throws when the host has a job of the same name: Parse would silently use the last one. */
export function checkJobNames(
  jobs: Pick<ParseJobs, 'isTaken'>,
  manifest: readonly JobSpec<Services>[],
): void {
  const taken = manifest.map(({ name }) => name).filter((name) => jobs.isTaken(name));
  if (taken.length === 0) return;
  throw new Error(
    `The hub's jobs ${taken.join(', ')} have the names of jobs of yours. Set jobPrefix in the options of createIntegrationHub (HUB_JOB_PREFIX), or rename yours.`,
  );
}

/** Registers each job of the manifest with Parse: Dashboard lists them, and the master key can start them. */
export function registerJobs(
  registration: JobRegistration,
  manifest: readonly JobSpec<Services>[],
): void {
  for (const spec of manifest) {
    registration.jobs.define(spec.name, (request) => run(registration, spec, request));
  }
}

/** Runs a job. The returned or thrown message becomes the last message of the run, which Dashboard shows. */
async function run(
  { services, schedules, log }: JobRegistration,
  spec: JobSpec<Services>,
  request: JobRequest,
): Promise<string> {
  const { jobId } = request;
  const startedAt = performance.now();
  const line = () => ({
    job: spec.name,
    run: jobId,
    durationMs: Math.round(performance.now() - startedAt),
  });
  const progress = (message: string) => {
    request.message(message).catch((error: unknown) => {
      log.warn({ ...line(), err: error }, 'job.progressNotShown');
    });
  };
  try {
    const message = await schedules.track(jobId, async (signal) => {
      const result = await services.audit.watch(
        { function: `job.${spec.name}`, actor: 'hub', records: 'always' },
        () => spec.run({ services, progress, signal }),
      );
      return signal.aborted ? `${result} ${STOPPED}` : result;
    });
    log.info({ ...line(), outcome: 'ok', message }, 'job.ran');
    return message;
  } catch (error) {
    log.error({ ...line(), outcome: 'failed', err: error }, 'job.failed');
    throw new Error(
      `Something failed on our side. The hub's log has the cause: look for run ${jobId}.`,
      { cause: error },
    );
  }
}

const STOPPED = 'The process is shutting down; the next run does the rest.';
