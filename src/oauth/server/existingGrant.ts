import type { KoaContextWithOIDC } from 'oidc-provider';

import { hubOf } from '../apps/client.js';
import { isCovered } from '../apps/redirects.js';
import type { OAuthGrantRow } from '../store.js';

/** Returns the grant of a request that was just approved, or an earlier one that covers it, so that no consent is needed. */
export async function loadExistingGrant(
  ctx: KoaContextWithOIDC,
  loadCurrentGrant: (userId: string, appId: string) => Promise<OAuthGrantRow | undefined>,
) {
  const { client, session, result, provider } = ctx.oidc;
  const approved = result?.consent?.grantId;
  if (approved !== undefined) return provider.Grant.find(approved);
  if (session?.accountId === undefined || !client) return undefined;
  const current = await loadCurrentGrant(session.accountId, client.clientId);
  const { redirectTimes } = hubOf(client);
  if (!current || !isCovered(current, ctx.oidc.params?.['redirect_uri'], redirectTimes))
    return undefined;
  return withoutRefusals(await provider.Grant.find(current.id));
}

/** What a user refused is requested again when the app requests it again. */
function withoutRefusals<Found extends object>(grant: Found | undefined): Found | undefined {
  return grant && Object.assign(grant, { rejected: undefined });
}
