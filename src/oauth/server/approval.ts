import type { Provider } from 'oidc-provider';

import type { Clock } from '../../platform/clock.js';
import { newId } from '../../platform/ids.js';
import { hubOf, isConsentForgotten } from '../apps/client.js';
import { oauthErrors } from '../errors.js';
import type { Organizations } from '../ports.js';
import { isPermission } from '../scopes.js';
import type { OAuthStore } from '../store.js';

/** What a user chose on the consent page. */
export interface Approval {
  /** Required, unless `organizations` is empty. */
  readonly organizationId?: string | undefined;
  /** The approved ones of the requested scopes. */
  readonly scopes: readonly string[];
}

/** What the page was shown for. */
export interface ApprovalRequest {
  readonly appId: string;
  readonly userId: string;
  readonly requested: readonly string[];
  readonly redirectUri: unknown;
  readonly resource: unknown;
  /** The grant that counts until now. */
  readonly currentGrantId?: string | undefined;
}

export interface ApprovalDeps {
  readonly store: OAuthStore;
  readonly clock: Clock;
  readonly organizations: Organizations;
  provider(): Promise<Provider>;
}

/** Who is asked who they are has to answer that: `openid` is granted with any approval. */
const ALWAYS = 'openid';

/**
 * Stores a new grant for the approved scopes, in the chosen organization; returns its id. It includes what the user has granted
 * before and was not asked about now. Throws OAuthChoiceNotOffered or OAuthStepExpired.
 */
export async function storeApproval(
  deps: ApprovalDeps,
  request: ApprovalRequest,
  approval: Approval,
): Promise<string> {
  const provider = await deps.provider();
  const { appId, userId, requested, resource } = request;
  const client = await provider.Client.find(appId);
  if (!client) throw oauthErrors.OAuthStepExpired();
  const chosen = await checkOrganizationChoice(deps, request, approval);
  const scopes = [...approval.scopes, ALWAYS];
  const approved = requested.filter((scope) => scopes.includes(scope));
  if (approved.length === 0 || approval.scopes.some((scope) => !requested.includes(scope)))
    throw oauthErrors.OAuthChoiceNotOffered();
  const isForgotten = isConsentForgotten(hubOf(client), request.redirectUri);
  const allowed = new Set((client.scope ?? '').split(' '));
  const kept = isForgotten ? NOTHING : await loadKept(deps, request, chosen);
  const granted = [...approved, ...kept.scopes.filter((scope) => allowed.has(scope))];

  const id = newId();
  const now = deps.clock.now();
  await deps.store.insertGrant({
    id,
    user: userId,
    app: appId,
    organization: chosen ?? kept.organization,
    scopes: granted,
    payload: '',
    createdAt: now,
    expiresAt: new Date(now.getTime() + hubOf(client).grantSeconds * 1000),
    readers: [],
  });
  const grant = new provider.Grant({ jti: id, accountId: userId, clientId: appId } as never);
  grant.addOIDCScope(granted.join(' '));
  const refused = requested.filter((scope) => !approved.includes(scope));
  // Otherwise the library would request the refused scopes again at once, for this same request.
  if (refused.length > 0) grant.rejectOIDCScope(refused.join(' '));
  if (typeof resource === 'string') {
    grant.addResourceScope(resource, granted.filter(isPermission).join(' '));
    if (refused.length > 0) grant.rejectResourceScope(resource, refused.join(' '));
  }
  return grant.save();
}

interface Kept {
  readonly organization: string | undefined;
  readonly scopes: readonly string[];
}

const NOTHING: Kept = { organization: undefined, scopes: [] };

/**
 * Returns what stays of the grant that counted until now: what was not requested now. Permissions stay in their organization
 * only; when none was requested, it stays the organization of the grant.
 */
async function loadKept(
  { store }: ApprovalDeps,
  { appId, userId, requested, currentGrantId }: ApprovalRequest,
  chosen: string | undefined,
): Promise<Kept> {
  const row = currentGrantId === undefined ? undefined : await store.loadGrant(currentGrantId);
  if (row?.user !== userId || row.app !== appId) return NOTHING;
  const isSame = chosen === undefined || chosen === row.organization;
  const scopes = row.scopes.filter(
    (scope) => !requested.includes(scope) && (isSame || !isPermission(scope)),
  );
  const organization = scopes.some(isPermission) ? row.organization : undefined;
  return { organization, scopes };
}

async function checkOrganizationChoice(
  { organizations }: ApprovalDeps,
  { userId, requested }: ApprovalRequest,
  { organizationId }: Approval,
): Promise<string | undefined> {
  if (!requested.some(isPermission)) return undefined;
  const choices = await organizations.choicesOf(userId);
  if (!choices.some(({ id }) => id === organizationId)) throw oauthErrors.OAuthChoiceNotOffered();
  return organizationId;
}
