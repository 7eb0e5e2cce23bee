import { deriveKeys, type Secrets } from '../../platform/crypto/index.js';

/** Who is signed in at the authorization server, in this browser. */
export const SESSION_COOKIE = 'hub_oauth';

/** What cookies are signed with, the first of them anew: by another purpose than everything else that follows from the secrets. */
export function cookieKeysOf(secrets: Secrets): string[] {
  return deriveKeys(secrets, 'oauth cookies 1').map(({ key }) =>
    key.export().toString('base64url'),
  );
}
