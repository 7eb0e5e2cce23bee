import { problemText } from '../../connections/index.js';
import { missingScopes } from '../../connectors/index.js';
import type { FailureKind } from '../../contract/index.js';
import type { Clock } from '../../platform/clock.js';
import { newId } from '../../platform/ids.js';
import { refusalError } from '../limits/refusalError.js';
import { WaitBudget } from '../limits/waitBudget.js';
import {
  beginRecording,
  type ExecutionEnd,
  type RecordDeps,
  type Recording,
} from '../record/record.js';
import { type CallResult, carryOut, type CarryOutDeps } from './carryOut.js';
import { errorOfKind } from './failureErrors.js';
import { type ExecutionRequest, makePlan, type Plan, type PlanDeps } from './plan.js';

/** The result of a call. */
export interface ExecutionResult {
  readonly executionId: string;
  /** `queued`: the call is made as soon as the limits allow it. */
  readonly state: 'succeeded' | 'queued';
  readonly output?: unknown;
  /** The cursor of the next page. */
  readonly nextCursor?: string | undefined;
  readonly isCached: boolean;
  readonly attempts: number;
  readonly durationMs: number;
  readonly warning?: string | undefined;
}

/** Queues a call that a limit refused; `dueAt` is when to try again. Throws QueueFull. */
export type Enqueue = (
  request: ExecutionRequest,
  plan: Plan,
  options: { readonly recording: Recording; readonly ending: ExecutionEnd; readonly dueAt: Date },
) => Promise<ExecutionResult>;

export interface ExecuteDeps extends PlanDeps, CarryOutDeps, RecordDeps {
  readonly clock: Clock;
  readonly enqueue: Enqueue;
}

/** Makes a call: plan → carry out → record → result. Throws the errors that callers of the hub get. */
export async function execute(
  deps: ExecuteDeps,
  request: ExecutionRequest,
): Promise<ExecutionResult> {
  const executionId = newId();
  const plan = await makePlan(deps, request, executionId);
  return executePlan(deps, { request, plan, executionId });
}

/** Carries out a plan, or queues it where a limit refuses it and the integration queues calls. */
export async function executePlan(
  deps: ExecuteDeps,
  {
    request,
    plan,
    executionId,
  }: { readonly request: ExecutionRequest; readonly plan: Plan; readonly executionId: string },
): Promise<ExecutionResult> {
  const recording = beginRecording(deps, request, { executionId, isQueued: false });
  const waitBudget = new WaitBudget(deps.clock, plan.settings.limits);
  const result = await carryOut(deps, plan, waitBudget);
  const mayWait = plan.settings.limits.whenReached === 'queue' && !plan.isRaw;
  if (result.kind === 'notAdmitted' && mayWait) {
    const ending = { state: 'queued', waitedMs: waitBudget.waitedMs } as const;
    const dueAt = new Date(result.refusal.retryAtMs);
    return deps.enqueue(request, plan, { recording, ending, dueAt });
  }
  return finish(deps, { plan, recording, result, waitBudget });
}

/** Records the result of a call, then returns it or throws its error. */
export async function finish(
  { clock }: Pick<ExecuteDeps, 'clock'>,
  {
    plan,
    recording,
    result,
    waitBudget: { waitedMs },
  }: {
    readonly plan: Plan;
    readonly recording: Recording;
    readonly result: CallResult;
    readonly waitBudget: WaitBudget;
  },
): Promise<ExecutionResult> {
  const { executionId } = recording;
  const end = (ending: ExecutionEnd) => recording.end(plan, { ...ending, waitedMs });
  switch (result.kind) {
    case 'succeeded': {
      const { output, next, isCached, attempts, status, warning } = result;
      const durationMs = await end({ state: 'succeeded', isCached, attempts, status, output });
      const done = { executionId, state: 'succeeded', isCached, attempts, durationMs } as const;
      return { ...done, output, nextCursor: next, warning };
    }
    case 'failed': {
      const { failure, attempts, response } = result;
      const { status } = failure;
      await end({ state: 'failed', failure, attempts, status, output: response?.body });
      const message = failure.message ?? `it responded with status ${String(status)}`;
      throw errorOfKind[failure.kind]({
        connector: plan.connector.name,
        problem: problemText(message) + scopeHint(plan, failure.kind),
        executionId,
      });
    }
    case 'refused': {
      const { error, attempts } = result;
      await end({ state: attempts > 0 ? 'failed' : 'refused', error, attempts });
      throw error;
    }
    case 'notAdmitted': {
      const error = refusalError(result.refusal, clock.now().getTime());
      await end({ state: 'refused', error });
      throw error;
    }
  }
}

/** Services seldom say why they forbid a request: missing scopes are the usual reason. */
function scopeHint({ connector, connection, action }: Plan, kind: FailureKind): string {
  if (kind !== 'permission') return '';
  const missing = missingScopes(connector, action, connection.grantedScopes);
  return missing
    ? `. The connection was not granted ${missing.description}: reconnect it with that scope`
    : '';
}
