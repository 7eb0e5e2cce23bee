import { maySee, visibleTo } from '../accessControl/index.js';
import type { Connections } from '../connections/index.js';
import type { Connectors } from '../connectors/index.js';
import type { Membership, Page, PageRequest } from '../contract/index.js';
import type { IntegrationRow, IntegrationStore } from '../integrations/index.js';
import type { Clock } from '../platform/clock.js';
import type { Database } from '../platform/database/index.js';
import { deleteInBatches } from '../platform/deleteInBatches.js';
import type { Evaluators, Validations } from '../platform/evaluation/index.js';
import type { LaneWorker } from '../platform/lanes/index.js';
import { createMeters } from '../platform/limits/index.js';
import type { OrganizationRows } from '../platform/organizationRows.js';
import type { Vault } from '../vault/index.js';
import { createResponseCache } from './cache/responseCache.js';
import { execute, type ExecuteDeps, type ExecutionResult } from './call/execute.js';
import { explain, type Explanation } from './call/explain.js';
import { createPageCursors } from './call/pageCursor.js';
import type { ExecutionRequest } from './call/plan.js';
import { prepare } from './call/prepare.js';
import { proxy, type ProxyRequest } from './call/proxy.js';
import { createEnqueue, createQueueWorker } from './call/queue.js';
import { executionErrors } from './errors.js';
import { loadRateLimitStatus, type RateLimitStatus } from './limits/rateLimitStatus.js';
import { type Statistics, statisticsOf } from './record/statistics.js';
import type { ExecutionRow, ExecutionStore } from './store.js';
import { createExpressions } from './transform/jsonata.js';
import { createTransforms } from './transform/transform.js';

export type { ExecutionResult } from './call/execute.js';
export { executionErrors } from './errors.js';
export { type ExecutionRow, executionStore } from './store.js';

interface ExecutionFilter {
  readonly integration?: string | undefined;
  readonly state?: string | undefined;
  readonly action?: string | undefined;
}

/** Calls to services through integrations; README.md beside this file shows the steps of a call. */
export interface Executions {
  execute(request: ExecutionRequest): Promise<ExecutionResult>;
  proxy(
    execution: Omit<ExecutionRequest, 'action' | 'input'>,
    request: ProxyRequest,
  ): Promise<ExecutionResult>;
  explain(request: ExecutionRequest): Promise<Explanation>;
  /** Returns the status of the limits for a caller: `master`, `user:<id>` or `apiKey:<id>`. */
  limitStatus(integration: IntegrationRow, caller: string): Promise<RateLimitStatus>;
  list(
    membership: Membership,
    filter: ExecutionFilter,
    request: PageRequest,
  ): Promise<Page<ExecutionRow>>;
  /** Throws ExecutionNotFound. */
  get(membership: Membership, executionId: string): Promise<ExecutionRow>;
  statistics(integration: IntegrationRow, hours: number): Promise<Statistics>;
  /** What is stored of an organization. */
  readonly ofOrganization: OrganizationRows;
  /** Works the lanes of kind `integration`: calls that are queued. */
  readonly work: LaneWorker;
  /** Wakes lanes that have due calls and were not woken. Returns how many. */
  rescue(): Promise<number>;
  /** Deletes executions whose retention has ended, and unused meters. Returns how many executions. */
  prune(options: { readonly signal: AbortSignal }): Promise<number>;
}

export interface ExecutionsDeps {
  readonly store: ExecutionStore;
  readonly integrations: Pick<IntegrationStore, 'load'>;
  readonly connectors: Connectors;
  readonly connections: Connections;
  readonly vault: Vault;
  readonly database: Database;
  readonly evaluators: Evaluators;
  readonly validations: Validations;
  readonly clock: Clock;
  readonly random: () => number;
  readonly hubSecret: string;
  readersOf(organizationId: string, accessList?: readonly string[]): readonly string[];
  openHeaders: ExecuteDeps['openHeaders'];
  /** Returns the caller of a queued call as they are now. */
  membershipOfCaller(caller: string, organizationId: string): Promise<Membership>;
}

export function createExecutions(deps: ExecutionsDeps): Executions {
  const { store, clock } = deps;
  const meters = createMeters(deps);
  const executing: ExecuteDeps & ExecutionsDeps = {
    ...deps,
    meters,
    cache: createResponseCache(() => clock.now().getTime()),
    cursors: createPageCursors(deps.hubSecret),
    transforms: createTransforms(createExpressions(deps.evaluators)),
    enqueue: createEnqueue(deps),
  };
  const withoutOwnHeaders = { ...executing, openHeaders: () => Promise.resolve({}) };
  return {
    execute: (request) => execute(executing, request),
    proxy: (execution, request) => proxy(executing, execution, request),
    explain: (request) => explain(executing, request),
    limitStatus: async (integration, caller) =>
      loadRateLimitStatus(meters, { ...(await prepare(withoutOwnHeaders, integration)), caller }),
    list: (membership, filter, request) => listVisible(deps, membership, { filter, request }),
    async get(membership, executionId) {
      const execution = await store.find(membership.organizationId, executionId);
      if (!execution || !(await isVisible(deps, membership, execution))) {
        throw executionErrors.ExecutionNotFound();
      }
      return execution;
    },
    statistics: ({ organization, id }, hours) =>
      statisticsOf({ store, clock }, { organization, integration: id }, hours),
    ofOrganization: store.ofOrganization,
    work: createQueueWorker(executing),
    rescue: () => store.rescue(),
    async prune(options) {
      const pruned = await deleteInBatches((limit) => store.forget(clock.now(), limit), options);
      await deleteInBatches((limit) => meters.forget(limit), options);
      return pruned;
    },
  };
}

/** Lists executions of integrations that the caller may see. */
async function listVisible(
  deps: Pick<ExecutionsDeps, 'store' | 'integrations'>,
  membership: Membership,
  { filter, request }: { readonly filter: ExecutionFilter; readonly request: PageRequest },
): Promise<Page<ExecutionRow>> {
  const { integration, state, action } = filter;
  const where = {
    organization: membership.organizationId,
    ...visibleTo(membership),
    ...(integration !== undefined && { integration }),
    ...(state !== undefined && { state }),
    ...(action !== undefined && { action }),
  };
  const page = await deps.store.page(where, request);
  const visible = await Promise.all(page.items.map((item) => isVisible(deps, membership, item)));
  return { ...page, items: page.items.filter((_, nth) => visible[nth]) };
}

/**
 * Returns whether a caller may see an execution. Its own list decides; that of the integration besides, because a call
 * that was under way when it changed has the former one.
 */
async function isVisible(
  { integrations }: Pick<ExecutionsDeps, 'integrations'>,
  membership: Membership,
  execution: ExecutionRow,
): Promise<boolean> {
  if (!maySee(membership, execution.accessList)) return false;
  const integration = await integrations.load(execution.integration);
  return integration === undefined || maySee(membership, integration.accessList);
}
