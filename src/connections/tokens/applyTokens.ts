import type { Clock } from '../../platform/clock.js';
import type { Credentials, StoredCredential } from '../credential.js';
import type { ConnectionChange, ConnectionRow } from '../store.js';
import type { TokenSet } from './response.js';

/** Returns the change of a connection that receives new tokens. Without a new refresh token the stored one stays. */
export async function applyTokens(
  { credentials, clock }: { readonly credentials: Credentials; readonly clock: Clock },
  connection: Pick<ConnectionRow, 'id' | 'organization' | 'fields' | 'grantedScopes'>,
  { tokens, stored }: { readonly tokens: TokenSet; readonly stored: StoredCredential },
): Promise<ConnectionChange> {
  return {
    state: 'connected',
    problem: undefined,
    fields: { ...connection.fields, ...tokens.kept },
    grantedScopes: tokens.scopes ?? connection.grantedScopes,
    expiresAt: tokens.expiresAt,
    refreshedAt: clock.now(),
    sealedCredential: await credentials.seal(connection, {
      ...stored,
      values: { ...stored.values, accessToken: tokens.accessToken },
      refreshToken: tokens.refreshToken ?? stored.refreshToken,
    }),
  };
}

/** A token is refreshed this long before it expires, or a fifth of its life if that is shorter. */
const MARGIN_MS = 5 * 60_000;
/** The lane refreshes a token no sooner than this after the last refresh, however short tokens live. */
const AHEAD_EVERY_MS = 30_000;

/** Returns when the lane of a connection refreshes its token. */
export function refreshDueAt({ expiresAt, refreshedAt }: ConnectionRow): Date {
  const endMs = expiresAt?.getTime() ?? Infinity;
  if (!refreshedAt) return new Date(endMs - MARGIN_MS);
  const startMs = refreshedAt.getTime();
  const dueMs = endMs - Math.min(MARGIN_MS, (endMs - startMs) / 5);
  return new Date(Math.max(dueMs, startMs + AHEAD_EVERY_MS));
}
