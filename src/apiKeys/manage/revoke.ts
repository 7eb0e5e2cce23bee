import type { Clock } from '../../platform/clock.js';
import type { ApiKeyRow, ApiKeyStore } from '../store.js';
import type { Keys } from '../verify/keys.js';

export interface RevokeDeps {
  readonly store: ApiKeyStore;
  readonly keys: Keys;
  readonly clock: Clock;
}

/** A key that no longer works. */
export interface RevokeResult {
  readonly row: ApiKeyRow;
  /** Whether this call revoked it. */
  readonly isOurs: boolean;
}

/** Revokes a key permanently. Revoking it again changes nothing. */
export function revoke(deps: RevokeDeps, row: ApiKeyRow): Promise<RevokeResult> {
  const set = { status: 'revoked', revokedAt: deps.clock.now() };
  return changeWhileOpen(deps, row, { set, isOpen: ({ status }) => status === 'active' });
}

/** Ends the grace period of the previous secret; the key itself goes on working. */
export function endPrevious(deps: RevokeDeps, row: ApiKeyRow): Promise<RevokeResult> {
  const now = deps.clock.now();
  const { previousHash } = row;
  return changeWhileOpen(deps, row, {
    set: { previousUntil: now },
    // A rotation in the meantime has ended it already.
    isOpen: (known) =>
      known.previousHash === previousHash &&
      known.previousUntil !== undefined &&
      known.previousUntil > now,
  });
}

/** Ends the previous secrets that a member issued, of keys that are another member’s by now. */
export async function endPreviousOf(
  deps: RevokeDeps,
  organizationId: string,
  owner: string,
): Promise<void> {
  const now = deps.clock.now();
  const rows = await deps.store.active(organizationId, { previousOwner: owner });
  const open = rows.filter(
    ({ previousUntil }) => previousUntil !== undefined && previousUntil > now,
  );
  await Promise.all(open.map((row) => endPrevious(deps, row)));
}

/** Applies `set` while `isOpen` holds, and retries on concurrent changes: none of them means that the key shall go on working. */
async function changeWhileOpen(
  { store, keys }: RevokeDeps,
  row: ApiKeyRow,
  {
    set,
    isOpen,
  }: {
    readonly set: Parameters<ApiKeyStore['change']>[1];
    readonly isOpen: (row: ApiKeyRow) => boolean;
  },
): Promise<RevokeResult> {
  let known = row;
  while (isOpen(known)) {
    const next = await store.change(known, set);
    keys.invalidate();
    if (next) return { row: next, isOurs: true };
    const newer = await store.find(row.organization, row.id);
    if (!newer) break;
    known = newer;
  }
  return { row: known, isOurs: false };
}
