import { deriveKeys, hasMac, macOf, type Secrets } from '../../platform/crypto/index.js';

/**
 * Tokens in forms, which a page of another site cannot know: what is signed names the step, which the authorization server's
 * cookie binds to this browser, and what was shown, so that nothing else is approved than what somebody saw.
 * https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
 */
export interface FormTokens {
  make(about: readonly string[]): string;
  isOurs(token: string | undefined, about: readonly string[]): boolean;
}

export function createFormTokens(secrets: Secrets): FormTokens {
  const keys = deriveKeys(secrets, 'forms 1');
  return {
    make: (about) => macOf(keys[0].key, JSON.stringify(about)),
    isOurs: (token = '', about) =>
      keys.some(({ key }) => hasMac(key, JSON.stringify(about), token)),
  };
}
