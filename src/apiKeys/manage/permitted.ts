import {
  commonErrors,
  loadMember,
  type MemberDeps,
  type Membership,
} from '../../contract/index.js';
import { apiKeyErrors } from '../errors.js';
import { wideningOf } from '../issuance.js';
import type { ApiKeyRow } from '../store.js';
import type { ApiKeyUpdate, KeyAdminCaller } from './keySettings.js';

/** Throws ApiKeyOfAnother, ScopesNotHeld or PermissionDenied when a change would allow the owner’s secret more than the caller may. */
export async function checkMayChange(
  deps: MemberDeps,
  { actor, organization }: KeyAdminCaller,
  { row, change }: { readonly row: ApiKeyRow; readonly change: ApiKeyUpdate },
): Promise<void> {
  const { owner, organization: organizationId } = row;
  const widened = wideningOf(row, change as Parameters<typeof wideningOf>[1]);
  if (widened.length === 0) return;
  if (actor.kind === 'user') {
    if (actor.userId !== owner)
      throw apiKeyErrors.ApiKeyOfAnother({ settings: widened.join(', ') });
    if (change.scopes) checkPermitted(organization, change.scopes);
  } else if (widened.includes('scopes')) {
    const added = (change.scopes ?? []).filter((scope) => !row.scopes.includes(scope));
    const issuer = await loadMember(deps, owner, organizationId);
    const missing = issuer ? missingScopesOf(issuer, added) : added;
    if (missing.length > 0) throw apiKeyErrors.ScopesNotHeld({ scopes: missing.join(', ') });
  }
}

/** Throws PermissionDenied when a key would get a permission that its owner does not have. */
export function checkPermitted(organization: Membership, scopes: readonly string[]): void {
  const [permission] = missingScopesOf(organization, scopes);
  if (permission === undefined) return;
  const reason = 'a key cannot have a permission that the role of its owner does not grant';
  throw commonErrors.PermissionDenied({ permission, reason });
}

/** Returns which of the scopes a member does not have. */
export function missingScopesOf({ permissions }: Membership, scopes: readonly string[]): string[] {
  const held: ReadonlySet<string> = permissions;
  return scopes.filter((scope) => !held.has(scope));
}
