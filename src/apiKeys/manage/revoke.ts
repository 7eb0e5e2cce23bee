import type { Clock } from '../../platform/clock.js';
import type { ApiKeyRow, ApiKeyStore } from '../store.js';
import type { Keys } from '../verify/keys.js';

export interface RevokeDeps {
  readonly store: ApiKeyStore;
  readonly keys: Keys;
  readonly clock: Clock;
}

/** A key that has ended. */
export interface RevokeResult {
  readonly row: ApiKeyRow;
  /** Whether it was this call that ended it. */
  readonly isOurs: boolean;
}

/** For good. One that is revoked already stays so. */
export function revoke(deps: RevokeDeps, row: ApiKeyRow): Promise<RevokeResult> {
  const set = { status: 'revoked', revokedAt: deps.clock.now() };
  return changeWhileOpen(deps, row, { set, isOpen: ({ status }) => status === 'active' });
}

/** Ends what works still of the key before the last rotation; the key itself goes on. */
export function endPrevious(deps: RevokeDeps, row: ApiKeyRow): Promise<RevokeResult> {
  const now = deps.clock.now();
  const { previousHash } = row;
  return changeWhileOpen(deps, row, {
    set: { previousUntil: now },
    // Of one that was rotated again meanwhile it is over already.
    isOpen: (known) =>
      known.previousHash === previousHash &&
      known.previousUntil !== undefined &&
      known.previousUntil > now,
  });
}

/** Whoever changed it at this moment did not mean it to go on. */
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
