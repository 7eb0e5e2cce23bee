import { problemText } from '../../connections/index.js';
import type { ProviderFailure } from '../../connectors/index.js';
import { AppError } from '../../contract/index.js';
import type { Clock } from '../../platform/clock.js';
import { DAY_MS } from '../../platform/durations.js';
import type { ExecutionRequest } from '../call/plan.js';
import type { Ready } from '../call/prepare.js';
import type { ExecutionStore, NewExecution } from '../store.js';
import { redact } from './redact.js';

/** The facts about an execution when it ends or is queued. */
export interface ExecutionEnd {
  readonly state: 'queued' | 'succeeded' | 'failed' | 'refused';
  readonly failure?: ProviderFailure | undefined;
  /** Why the hub did not send it. */
  readonly error?: Error | undefined;
  readonly status?: number | undefined;
  readonly attempts?: number;
  readonly isCached?: boolean;
  readonly waitedMs?: number;
  readonly output?: unknown;
}

/** The recording of one execution, begun when its call begins. */
export interface Recording {
  readonly executionId: string;
  /** When it began, on the monotonic clock of the process. */
  readonly startedMs: number;
  /** Stores the execution. Returns how long it took, in milliseconds. */
  end(ready: Ready, ending: ExecutionEnd): Promise<number>;
}

export interface RecordDeps {
  readonly store: ExecutionStore;
  readonly clock: Clock;
  readersOf(organizationId: string, accessList?: readonly string[]): readonly string[];
}

/** Characters that are kept of a body; the rest is cut off. */
const BODY_LENGTH_MAX = 32_768;

/** Begins to record an execution. `isQueued`: it was queued and has its row already. */
export function beginRecording(
  { store, clock, readersOf }: RecordDeps,
  request: ExecutionRequest,
  { executionId, isQueued }: { readonly executionId: string; readonly isQueued: boolean },
): Recording {
  const startedMs = clock.monotonicMs();
  const createdAt = clock.now();
  return {
    executionId,
    startedMs,
    async end(ready, ending) {
      const durationMs = Math.round(clock.monotonicMs() - startedMs);
      const row = rowOf({ request, ready, ending, durationMs, now: clock.now() });
      if (isQueued) {
        await store.settle(executionId, row);
        return durationMs;
      }
      const { organization, accessList } = ready.integration;
      const readers = readersOf(organization, accessList);
      await store.insert({ ...row, organization, id: executionId, createdAt, readers });
      return durationMs;
    },
  };
}

function rowOf({
  request,
  ready,
  ending,
  durationMs,
  now,
}: {
  readonly request: ExecutionRequest;
  readonly ready: Ready;
  readonly ending: ExecutionEnd;
  readonly durationMs: number;
  readonly now: Date;
}): Omit<NewExecution, 'id' | 'createdAt' | 'readers' | 'organization'> {
  const { data } = ready.settings;
  const { state, failure, error, status, output } = ending;
  const { attempts = 0, isCached = false, waitedMs = 0 } = ending;
  const isKept =
    data.keepBodies === 'all' || (data.keepBodies === 'failures' && state === 'failed');
  const problem = failure?.message ?? (error instanceof AppError ? error.message : undefined);
  return {
    integration: ready.integration.id,
    accessList: ready.integration.accessList,
    connection: ready.connection.id,
    action: request.action,
    state,
    attempts,
    isCached,
    durationMs,
    waitedMs: Math.round(waitedMs),
    failure: failure?.kind ?? (error as AppError | undefined)?.kind,
    code: failure?.code,
    problem: problem === undefined ? undefined : problemText(problem),
    status: status === 0 ? undefined : status,
    caller: request.caller,
    requestId: request.requestId,
    forgetAt: new Date(now.getTime() + data.retentionDays * DAY_MS),
    ...(isKept && {
      request: redactedText(request.input, data.remove),
      ...(output !== undefined && { response: redactedText(output, data.remove) }),
    }),
  };
}

function redactedText(value: unknown, remove: readonly string[]): string {
  const text = JSON.stringify(redact(value ?? null, remove));
  return text.length > BODY_LENGTH_MAX ? `${text.slice(0, BODY_LENGTH_MAX)}…` : text;
}
