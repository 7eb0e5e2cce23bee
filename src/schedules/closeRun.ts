import type { Clock } from '../platform/clock.js';
import type { LaneId } from '../platform/database/index.js';
import type { Log } from '../platform/log.js';
import type { ScheduleStore } from './store.js';

export interface CloseDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly store: Pick<ScheduleStore, 'loadRuns' | 'failRun' | 'removeLane'>;
}

/** Why an abandoned run has failed, as Dashboard shows it. */
export const ENDINGS = {
  died: 'The process that ran this job stopped before the job ended.',
  shutDown: 'The process was shut down before the job ended.',
} as const;

export function runLane(id: string): LaneId {
  return { kind: 'job', key: id };
}

/**
 * Marks a run as failed if its row still says that it is running, and removes its lane. Returns `ended` if the run had
 * already ended.
 */
export async function closeRun(
  { clock, log, store }: CloseDeps,
  id: string,
  ending: keyof typeof ENDINGS,
): Promise<'failed' | 'ended'> {
  const row = (await store.loadRuns([id])).get(id);
  const lastMessage = row?.message === undefined ? '' : ` Its last message: ${row.message}`;
  const failure = { message: ENDINGS[ending] + lastMessage, finishedAt: clock.now() };
  const failed = row?.isRunning === true && (await store.failRun(id, failure));
  if (failed) log.warn({ run: id, ending }, 'run.declaredFailed');
  await store.removeLane(runLane(id));
  return failed ? 'failed' : 'ended';
}
