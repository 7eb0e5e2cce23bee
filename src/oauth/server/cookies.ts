import { deriveKeys, type Secrets } from '../../platform/crypto/index.js';

/** The cookie of the browser session at the authorization server. */
export const SESSION_COOKIE = 'hub_oauth';

/**
 * Returns keys for signing cookies, derived from the hub’s secrets for this purpose only. New cookies are signed with
 * the first key.
 */
export function cookieKeysOf(secrets: Secrets): string[] {
  return deriveKeys(secrets, 'oauth cookies 1').map(({ key }) =>
    key.export().toString('base64url'),
  );
}
