import { AppError, type Membership } from '../../contract/index.js';
import type { IntegrationStore } from '../../integrations/index.js';
import { newId } from '../../platform/ids.js';
import type { LaneOutcome, LaneWorker } from '../../platform/lanes/index.js';
import type { Vault } from '../../vault/index.js';
import { executionErrors } from '../errors.js';
import { WaitBudget } from '../limits/waitBudget.js';
import { beginRecording } from '../record/record.js';
import { type ExecutionStore, QUEUED_MAX, type QueuedRow } from '../store.js';
import { carryOut } from './carryOut.js';
import { type Enqueue, type ExecuteDeps, finish } from './execute.js';
import { type ExecutionRequest, makePlan } from './plan.js';

export interface QueueDeps {
  readonly store: ExecutionStore;
  readonly integrations: Pick<IntegrationStore, 'load'>;
  readonly vault: Vault;
  readonly clock: ExecuteDeps['clock'];
  /** Returns a caller as they are now. Throws when they no longer belong to the organization. */
  membershipOfCaller(caller: string, organizationId: string): Promise<Membership>;
}

/** The stored part of a queued call, encrypted. */
type StoredCall = Pick<
  ExecutionRequest,
  'action' | 'input' | 'cursor' | 'idempotencyKey' | 'caller' | 'requestId'
>;

/** Stores calls in the queue of their integration, and wakes its lane when they are due. */
export function createEnqueue({ store, vault, clock }: QueueDeps): Enqueue {
  return async (request, plan, { recording, ending, dueAt }) => {
    const { integration } = plan;
    if ((await store.countQueued(integration.id)) >= QUEUED_MAX) {
      throw executionErrors.QueueFull({ max: QUEUED_MAX });
    }
    const { executionId } = recording;
    const durationMs = await recording.end(plan, ending);
    const { action, input, cursor, idempotencyKey, caller, requestId } = request;
    const stored: StoredCall = { action, input, cursor, idempotencyKey, caller, requestId };
    const id = newId();
    await store.enqueue(
      {
        id,
        organization: integration.organization,
        integration: integration.id,
        execution: executionId,
        sealedCall: await vault.seal(
          JSON.stringify(stored),
          contextOf(integration.organization, id),
        ),
        dueAt,
        revision: 0,
        createdAt: clock.now(),
        readers: [],
      },
      dueAt,
    );
    return { executionId, state: 'queued', isCached: false, attempts: 0, durationMs };
  };
}

function contextOf(organization: string, recordId: string) {
  return { organization, className: 'QueuedCall', field: 'sealedCall', recordId };
}

/** Rows that are loaded at once from the queue of an integration. */
const LOAD_MAX = 50;
/** The time that a lane must have left for one more call with its attempts. */
const CALL_MS = 30_000;

/** Works the lanes of kind `integration`: makes their queued calls one after the other, as far as the limits allow. */
export function createQueueWorker(deps: ExecuteDeps & QueueDeps): LaneWorker {
  return async (lane): Promise<LaneOutcome> => {
    const rows = await deps.store.loadQueued(lane.key, LOAD_MAX);
    for (const row of rows) {
      if (!lane.mayStart(CALL_MS)) return { nextDueAt: deps.clock.now() };
      const retryAt = await makeQueuedCall(deps, row);
      if (retryAt) return { nextDueAt: retryAt };
    }
    return rows.length === LOAD_MAX ? { nextDueAt: deps.clock.now() } : {};
  };
}

/** Makes one queued call. Returns when to try again if a limit still refuses it. */
async function makeQueuedCall(
  deps: ExecuteDeps & QueueDeps,
  row: QueuedRow,
): Promise<Date | undefined> {
  const { store, integrations, vault, clock } = deps;
  const { organization, id, execution: executionId } = row;
  const integration = await integrations.load(row.integration);
  if (integration) {
    const opened = await vault.open(row.sealedCall, contextOf(organization, id));
    const stored = JSON.parse(opened) as StoredCall;
    try {
      // A caller who was removed meanwhile, from the organization or from an access list, calls nothing any more.
      const membership = await deps.membershipOfCaller(stored.caller, organization);
      const request: ExecutionRequest = { ...stored, membership, integration };
      const plan = await makePlan(deps, request, executionId);
      const recording = beginRecording(deps, request, { executionId, isQueued: true });
      const waitBudget = new WaitBudget(clock, { ...plan.settings.limits, whenReached: 'refuse' });
      const result = await carryOut(deps, plan, waitBudget);
      if (result.kind === 'notAdmitted') return new Date(result.refusal.retryAtMs);
      await finish(deps, { plan, recording, result, waitBudget });
    } catch (error) {
      // The error that a caller would get is kept in the execution.
      if (!(error instanceof AppError)) throw error;
      await store.settle(executionId, { state: 'refused', problem: error.message });
    }
  } else {
    await store.settle(executionId, { state: 'refused', problem: 'The integration was deleted' });
  }
  await store.dequeue(organization, id);
  return undefined;
}
