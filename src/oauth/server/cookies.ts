import { expandKey } from '../../vault/index.js';

/** Who is signed in at the authorisation server, in this browser. */
export const SESSION_COOKIE = 'hub_oauth';

/** What cookies are signed with: by another purpose than everything else that follows from the secret. */
export function cookieKeyOf(secret: string): string {
  const key = expandKey(secret, { info: 'parse-integration-hub oauth cookies 1' });
  return key.export().toString('base64url');
}
