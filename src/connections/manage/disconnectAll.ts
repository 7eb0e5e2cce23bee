import { AppError, type Membership } from '../../contract/index.js';
import { connectionErrors } from '../errors.js';
import type { ConnectionStore } from '../store.js';
import type { ConnectionAdmin } from './connections.js';

/** Services that are called at once. */
const AT_ONCE = 20;

/** Disconnects the connections of an organization that have a credential, until there are none or the signal is aborted. */
export async function disconnectAll(
  { store, admin }: { readonly store: ConnectionStore; readonly admin: ConnectionAdmin },
  { organizationId, signal }: { readonly organizationId: string; readonly signal: AbortSignal },
): Promise<void> {
  const membership: Membership = {
    actor: { kind: 'master', readOnly: false },
    organizationId,
    role: undefined,
    permissions: new Set(),
  };
  while (!signal.aborted) {
    const rows = await store.withCredential(organizationId, AT_ONCE);
    if (rows.length === 0) return;
    await Promise.all(
      rows.map(({ id }) => admin.disconnect(membership, id).catch(ignoreConcurrentChange)),
    );
  }
}

/** A token was refreshed, or another process disconnects too: the next round looks again. */
function ignoreConcurrentChange(error: unknown): void {
  const { ConnectionChanged, ConnectionNotFound } = connectionErrors;
  const known: readonly unknown[] = [ConnectionChanged.spec, ConnectionNotFound.spec];
  if (!(error instanceof AppError) || !known.includes(error.spec)) throw error;
}
