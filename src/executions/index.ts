import type { Connections } from '../connections/index.js';
import type { Connectors } from '../connectors/index.js';
import type { Membership, Page, PageRequest } from '../contract/index.js';
import type { IntegrationRow, IntegrationStore } from '../integrations/index.js';
import type { Clock } from '../platform/clock.js';
import type { Database } from '../platform/database/index.js';
import { deleteInBatches } from '../platform/deleteInBatches.js';
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
  close(): Promise<void>;
}

export interface ExecutionsDeps {
  readonly store: ExecutionStore;
  readonly integrations: Pick<IntegrationStore, 'load'>;
  readonly connectors: Connectors;
  readonly connections: Connections;
  readonly vault: Vault;
  readonly database: Database;
  readonly clock: Clock;
  readonly random: () => number;
  readonly hubSecret: string;
  readersOf(organizationId: string): readonly string[];
}

export function createExecutions(deps: ExecutionsDeps): Executions {
  const { store, clock } = deps;
  const meters = createMeters(deps);
  const expressions = createExpressions();
  const executing: ExecuteDeps & ExecutionsDeps = {
    ...deps,
    meters,
    cache: createResponseCache(() => clock.now().getTime()),
    cursors: createPageCursors(deps.hubSecret),
    transforms: createTransforms(expressions),
    enqueue: createEnqueue(deps),
  };
  return {
    execute: (request) => execute(executing, request),
    proxy: (execution, request) => proxy(executing, execution, request),
    explain: (request) => explain(executing, request),
    limitStatus: async (integration, caller) =>
      loadRateLimitStatus(meters, { ...(await prepare(executing, integration)), caller }),
    list: ({ organizationId }, { integration, state, action }, request) =>
      store.page(
        {
          organization: organizationId,
          ...(integration !== undefined && { integration }),
          ...(state !== undefined && { state }),
          ...(action !== undefined && { action }),
        },
        request,
      ),
    async get({ organizationId }, executionId) {
      const execution = await store.find(organizationId, executionId);
      if (!execution) throw executionErrors.ExecutionNotFound();
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
    close: () => expressions.close(),
  };
}
