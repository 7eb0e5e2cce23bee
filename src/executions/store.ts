import { IntegrationExecution, QueuedCall } from '../../schemas/index.js';
import type { NewRow, PageRequest, RowOf } from '../contract/index.js';
import { batchCalls } from '../platform/batch.js';
import type { Database, LaneId } from '../platform/database/index.js';
import { organizationRows } from '../platform/organizationRows.js';
import type { Rows } from '../platform/parse/index.js';

export type ExecutionRow = RowOf<typeof IntegrationExecution>;
export type NewExecution = NewRow<typeof IntegrationExecution>;
export type QueuedRow = RowOf<typeof QueuedCall>;

/** Returns the lane of an integration: only its holder makes queued calls. */
function integrationLane(integrationId: string): LaneId {
  return { kind: 'integration', key: integrationId };
}

/** An integration with its access list. */
interface Shared {
  readonly id: string;
  readonly accessList?: readonly string[] | undefined;
}

/** Queued calls that one integration may have. */
export const QUEUED_MAX = 1_000;
/** Executions that statistics count at most. */
export const COUNTED_MAX = 10_000;

/** Reads and writes the rows of executions; no other file of this domain does. */
export function executionStore({ rows, database }: { rows: Rows; database: Database }) {
  return {
    ofOrganization: organizationRows(rows, {
      queuedCalls: QueuedCall,
      executions: IntegrationExecution,
    }),
    /** Executions that end at the same time share one statement. */
    insert: batchCalls(
      async (batch: readonly NewExecution[]) => {
        await database.insertMany(IntegrationExecution, batch);
        return batch.map(() => undefined);
      },
      { max: 200, flights: 2 },
    ),
    find: (organization: string, id: string) =>
      rows.load(IntegrationExecution, { id, organization }),
    page: (
      where: {
        readonly organization: string;
        readonly integration?: string;
        readonly state?: string;
        readonly action?: string;
        readonly $or?: unknown;
      },
      request: PageRequest,
    ) => rows.page(IntegrationExecution, where, request),
    /** The newest executions since a time, without their bodies. */
    since: (where: { readonly organization: string; readonly integration: string }, since: Date) =>
      rows.find(
        IntegrationExecution,
        { ...where, createdAt: { $gte: since } },
        {
          limit: COUNTED_MAX,
          sort: { createdAt: -1 },
          keys: ['action', 'state', 'failure', 'attempts', 'isCached', 'durationMs', 'waitedMs'],
        },
      ),
    /** Gives the executions of an integration its access list, and the Parse roles that may read them. */
    async share({ id, accessList }: Shared, readers: readonly string[]): Promise<void> {
      const change = { field: 'integration', value: id, set: { accessList }, readers } as const;
      await database.changeAll(IntegrationExecution, change);
    },
    /** Ends a queued execution. Returns false when it had ended already. */
    settle: (id: string, set: Partial<Omit<ExecutionRow, 'id' | 'createdAt'>>) =>
      database.change(IntegrationExecution, { id, was: { state: 'queued' }, set }),
    forget: (before: Date, limit: number) =>
      database.deleteBefore(IntegrationExecution, { field: 'forgetAt', before, limit }),

    countQueued: async (integration: string) =>
      (await rows.find(QueuedCall, { integration }, { limit: QUEUED_MAX, keys: ['dueAt'] })).length,
    async enqueue(row: NewRow<typeof QueuedCall>, dueAt: Date): Promise<void> {
      await database.insertMany(QueuedCall, [row]);
      await database.wake([{ ...integrationLane(row.integration), dueAt }]);
    },
    loadQueued: (integrationId: string, limit: number) =>
      database.loadDue(QueuedCall, [{ key: integrationId, limit }]),
    dequeue: (organization: string, id: string) => rows.remove(QueuedCall, { id, organization }),
    /** Wakes lanes that have due calls and were not woken. Returns how many. */
    async rescue(): Promise<number> {
      const asleep = await database.sleepingLanes(QueuedCall, { overdueMs: 60_000, limit: 1_000 });
      if (asleep.length > 0) await database.wake(asleep);
      return asleep.length;
    },
  };
}
export type ExecutionStore = ReturnType<typeof executionStore>;
