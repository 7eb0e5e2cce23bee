import { wordsOf } from '../../connections/index.js';
import { missingScopes } from '../../connectors/index.js';
import type { FailureKind } from '../../contract/index.js';
import type { Clock } from '../../platform/clock.js';
import { newId } from '../../platform/ids.js';
import { refusalError,WaitBudget } from '../limits/waitBudget.js';
import { begin, type Ending, type RecordDeps, type Recording } from '../record/record.js';
import { type CallResult,carryOut, type CarryOutDeps } from './carryOut.js';
import { errorOfKind } from './failureErrors.js';
import { type ExecutionRequest, makePlan,type Plan, type PlanDeps } from './plan.js';

/** What a call came to. */
export interface Executed {
  readonly executionId: string;
  /** `queued`: it is made later, as soon as the limits allow it. */
  readonly state: 'succeeded' | 'queued';
  readonly output?: unknown;
  /** Of the next page. */
  readonly nextCursor?: string | undefined;
  readonly isCached: boolean;
  readonly attempts: number;
  readonly durationMs: number;
  readonly warning?: string | undefined;
}

/** Puts a call off until a limit allows it. Throws QueueFull. */
export type Enqueue = (
  request: ExecutionRequest,
  plan: Plan,
  options: { readonly recording: Recording; readonly ending: Ending; readonly dueAt: Date },
) => Promise<Executed>;

export interface ExecuteDeps extends PlanDeps, CarryOutDeps, RecordDeps {
  readonly clock: Clock;
  readonly enqueue: Enqueue;
}

/** From the question to the answer: plan → carry out → record → answer. Throws what the caller is to read. */
export async function execute(deps: ExecuteDeps, request: ExecutionRequest): Promise<Executed> {
  const executionId = newId();
  const plan = await makePlan(deps, request, executionId);
  return executePlan(deps, { request, plan, executionId });
}

export async function executePlan(
  deps: ExecuteDeps,
  {
    request: asked,
    plan,
    executionId,
  }: { readonly request: ExecutionRequest; readonly plan: Plan; readonly executionId: string },
): Promise<Executed> {
  const recording = begin(deps, asked, { executionId, isQueued: false });
  const waitBudget = new WaitBudget(deps.clock, plan.settings.limits);
  const result = await carryOut(deps, plan, waitBudget);
  const mayWait = plan.settings.limits.whenReached === 'queue' && !plan.isRaw;
  if (result.kind === 'notAdmitted' && mayWait) {
    const ending = { state: 'queued', waitedMs: waitBudget.waitedMs } as const;
    const dueAt = new Date(result.refusal.retryAtMs);
    return deps.enqueue(asked, plan, { recording, ending, dueAt });
  }
  return finish(deps, { plan, recording, result, waitBudget });
}

/** Records what came of it, then answers or throws. */
export async function finish(
  { clock }: Pick<ExecuteDeps, 'clock'>,
  {
    plan,
    recording,
    result: ended,
    waitBudget: { waitedMs },
  }: {
    readonly plan: Plan;
    readonly recording: Recording;
    readonly result: CallResult;
    readonly waitBudget: WaitBudget;
  },
): Promise<Executed> {
  const { executionId } = recording;
  const end = (ending: Ending) => recording.end(plan, { ...ending, waitedMs });
  switch (ended.kind) {
    case 'succeeded': {
      const { output, next, isCached, attempts, status, warning } = ended;
      const durationMs = await end({ state: 'succeeded', isCached, attempts, status, output });
      const done = { executionId, state: 'succeeded', isCached, attempts, durationMs } as const;
      return { ...done, output, nextCursor: next, warning };
    }
    case 'failed': {
      const { failure, attempts, response: answer } = ended;
      const { status } = failure;
      await end({ state: 'failed', failure, attempts, status, output: answer?.body });
      const message = failure.message ?? `it answered with status ${String(status)}`;
      throw errorOfKind[failure.kind]({
        connector: plan.connector.name,
        problem: wordsOf(message) + scopeHint(plan, failure.kind),
        executionId,
      });
    }
    case 'refused': {
      const { error, attempts } = ended;
      await end({ state: attempts > 0 ? 'failed' : 'refused', error, attempts });
      throw error;
    }
    case 'notAdmitted': {
      const error = refusalError(ended.refusal, clock.now().getTime());
      await end({ state: 'refused', error });
      throw error;
    }
  }
}

/** A service that forbids something says seldom why. */
function scopeHint({ connector, connection, action }: Plan, kind: FailureKind): string {
  if (kind !== 'permission') return '';
  const missing = missingScopes(connector, action, connection.grantedScopes);
  return missing
    ? `. The connection was not granted ${missing.description}: reconnect it with that`
    : '';
}
