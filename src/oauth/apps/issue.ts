import { type Actor, loadMember, type MemberDeps, type Membership } from '../../contract/index.js';
import type { OAuthAppRow, OAuthStore } from '../store.js';
import { hasNewCredential, issuancesAfter, issuancesWithout, type Issuer } from './issuance.js';

interface IssueDeps extends MemberDeps {
  readonly store: OAuthStore;
}

interface IssueCaller {
  readonly actor: Actor;
  readonly organization: Membership;
}

/** Returns the fields that record who issued the secrets and keys of an app, after a change by the caller. */
export async function issue(
  deps: IssueDeps,
  caller: IssueCaller,
  {
    row,
    set,
    isDecision,
  }: { readonly row: OAuthAppRow; readonly set: object; readonly isDecision: boolean },
): Promise<Pick<OAuthAppRow, 'owner' | 'issuances'>> {
  const after = { ...row, ...set } as OAuthAppRow;
  const issuer = await loadIssuer(deps, caller, row.owner);
  const owner = hasNewCredential(row, after) ? issuer.userId : row.owner;
  return { owner, issuances: issuancesAfter(row, after, { issuer, isDecision }) };
}

/** Returns as whom the caller issues: a user as themselves, the master key as the owner, without permissions if they have left. */
export async function loadIssuer(
  deps: IssueDeps,
  { actor, organization }: IssueCaller,
  owner: string,
): Promise<Issuer> {
  if (actor.kind === 'user') return { userId: actor.userId, permissions: organization.permissions };
  const membership = await loadMember(deps, owner, organization.organizationId);
  return { userId: owner, permissions: membership?.permissions ?? new Set() };
}

/** Ends the tokens of apps themselves that act as a member, and the right of what they issued to get any. */
export async function endIssued(
  { store }: IssueDeps,
  organizationId: string,
  issuer: string,
): Promise<void> {
  const apps = await store.apps(organizationId);
  for (const row of apps) await withdraw(store, row, issuer);
  await store.removeOwnTokens(
    apps.map(({ id }) => id),
    issuer,
  );
  // Tokens from before issuers were recorded act as the owner.
  const owned = apps.filter(({ owner }) => owner === issuer);
  await store.removeOwnTokens(
    owned.map(({ id }) => id),
    undefined,
  );
}

/** Withdraws what a member issued for an app, also when its row changes at the same moment. */
async function withdraw(store: OAuthStore, row: OAuthAppRow, issuer: string): Promise<void> {
  let known: OAuthAppRow | undefined = row;
  while (known) {
    const issuances = issuancesWithout(known, issuer);
    if (issuances === undefined || (await store.changeApp(known, { issuances }))) return;
    known = await store.loadApp(row.id);
  }
}
