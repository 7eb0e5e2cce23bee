import { type Actor, commonErrors } from '../contract/index.js';
import type { Clock } from '../platform/clock.js';
import type { DeletionOptions } from '../platform/deleteInBatches.js';
import { DAY_MS } from '../platform/durations.js';
import type { OrganizationRows } from '../platform/organizationRows.js';
import { organizationErrors } from './errors.js';
import type { OrganizationRow, OrganizationStore } from './store.js';

/** What one domain does when an organization is deleted. */
export interface OrganizationPart {
  readonly rows: OrganizationRows;
  /** Stops what acts for the organization, before its rows are deleted. Safe to repeat. */
  end?(organizationId: string, options: DeletionOptions): Promise<void>;
}

interface DeletionRequest {
  readonly organizationId: string;
  /** Changes nothing, and returns what would end. */
  readonly isDryRun: boolean;
  readonly confirmName?: string | undefined;
}

interface DeletionResult {
  /** The number of rows of each kind before the call, by the names that people know them by. */
  readonly ends: Readonly<Record<string, number>>;
  /** Whether every row is deleted; otherwise the next call or the job pruneHistory continues. */
  readonly isComplete: boolean;
}

export interface OrganizationDeletion {
  /**
   * Ends an organization for all callers, then deletes its rows for up to 20 s. The owner who deleted it, and the master key,
   * may call it again until nothing is left. Throws OrganizationNotFound, OwnerRequired or NameNotConfirmed.
   */
  delete(actor: Actor, request: DeletionRequest): Promise<DeletionResult>;
  /** Continues all deletions, and removes what is left of organizations whose audit log has been deleted. */
  finish(options: DeletionOptions): Promise<void>;
}

export interface DeletionDeps {
  readonly store: OrganizationStore;
  readonly clock: Clock;
  /** In the order in which they end: what sends or calls by itself first. */
  readonly parts: readonly OrganizationPart[];
  readonly auditDays: number;
}

/** How long one call deletes rows. */
const CALL_MS = 20_000;
/** How long the job looks at a deleted organization again: a call that was under way may have stored a row afterwards. */
const RECHECK_DAYS = 7;
const AT_ONCE = 500;

export function createOrganizationDeletion(deps: DeletionDeps): OrganizationDeletion {
  const { store, clock, parts, auditDays } = deps;
  const daysAgo = (days: number) => new Date(clock.now().getTime() - days * DAY_MS);
  return {
    async delete(actor, { organizationId, isDryRun, confirmName }) {
      const row = await getDeletable(store, actor, organizationId);
      const ends = await countAll(deps, organizationId);
      if (isDryRun) return { ends, isComplete: row.deletedAt !== undefined && isNothing(ends) };
      if (row.deletedAt === undefined) {
        if (confirmName !== row.name) throw organizationErrors.NameNotConfirmed();
        const userId = actor.kind === 'user' ? actor.userId : undefined;
        await store.alone(organizationId, async () => {
          // Once more: the caller may have been removed, or the organization renamed, while this call waited.
          const current = await getDeletable(store, actor, organizationId);
          if (confirmName !== current.name) throw organizationErrors.NameNotConfirmed();
          if (current.deletedAt === undefined)
            await store.markDeleted(current, { userId, at: clock.now() });
        });
      }
      const signal = AbortSignal.timeout(CALL_MS);
      await endAll(store, parts, { organizationId, signal });
      return { ends, isComplete: !signal.aborted };
    },
    async finish({ signal }) {
      for (const { id: organizationId } of await store.deleted(
        { since: daysAgo(RECHECK_DAYS) },
        AT_ONCE,
      )) {
        await endAll(store, parts, { organizationId, signal });
      }
      // The audit log outlives its organization, and so do the roles: an ACL may still name them.
      for (const row of await store.deleted({ before: daysAgo(auditDays + 1) }, AT_ONCE)) {
        await endAll(store, parts, { organizationId: row.id, signal });
        if (!signal.aborted) await store.removeDeleted(row);
      }
    },
  };
}

async function getDeletable(
  store: OrganizationStore,
  actor: Actor,
  organizationId: string,
): Promise<OrganizationRow> {
  if (actor.kind !== 'user' && actor.kind !== 'master') throw commonErrors.PersonRequired();
  const row = await store.loadAny(organizationId);
  if (!row) throw commonErrors.OrganizationNotFound();
  if (actor.kind === 'master') return row;
  if (row.deletedAt !== undefined) {
    if (row.deletedBy !== actor.userId) throw commonErrors.OrganizationNotFound();
    return row;
  }
  const role = await store.roleOf(organizationId, actor.userId);
  if (role === undefined) throw commonErrors.OrganizationNotFound();
  if (role !== 'owner') throw organizationErrors.OwnerRequired();
  return row;
}

async function countAll({ store, parts }: DeletionDeps, organizationId: string) {
  const [members, ...counts] = await Promise.all([
    store.countMembers(organizationId),
    ...parts.map(({ rows }) => rows.count(organizationId)),
  ]);
  return Object.assign({ members }, ...counts) as Record<string, number>;
}

function isNothing(ends: Readonly<Record<string, number>>): boolean {
  return Object.values(ends).every((count) => count === 0);
}

/** Safe to repeat after a crash at any line: an organization that is marked as deleted has no members. */
async function endAll(
  store: OrganizationStore,
  parts: readonly OrganizationPart[],
  { organizationId, signal }: { readonly organizationId: string; readonly signal: AbortSignal },
): Promise<void> {
  // First: until then members can read rows through Parse.
  await store.clearRoles(organizationId);
  for (const part of parts) {
    if (signal.aborted) return;
    await part.end?.(organizationId, { signal });
    // What could not be ended keeps its rows, so that the next run ends it.
    if (!signal.aborted) await part.rows.remove(organizationId, { signal });
  }
}
