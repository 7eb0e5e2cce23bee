import { createHmac, timingSafeEqual } from 'node:crypto';

import { expandKey } from '../../vault/index.js';

/**
 * Tokens in forms, which a page of another site cannot know: what is signed names the step, which the authorisation server's
 * cookie binds to this browser, and what was shown, so that nothing else is approved than what somebody saw.
 * https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
 */
export interface FormTokens {
  make(about: readonly string[]): string;
  isOurs(token: string | undefined, about: readonly string[]): boolean;
}

export function createFormTokens(secrets: readonly [string, ...string[]]): FormTokens {
  const keys = secrets.map((secret) =>
    expandKey(secret, { info: 'parse-integration-hub forms 1' }),
  );
  const make = (about: readonly string[], nth = 0) => {
    const key = keys[nth];
    if (!key) throw new Error('There is no secret.');
    return createHmac('sha256', key).update(JSON.stringify(about)).digest('base64url');
  };
  return {
    make: (about) => make(about),
    isOurs: (token, about) => keys.some((_, nth) => isSame(token ?? '', make(about, nth))),
  };
}

function isSame(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}
