import { deriveKeys, hasMac, macOf, type Secrets } from '../../platform/crypto/index.js';

/**
 * Tokens in forms against cross-site request forgery. A token signs the step, which a cookie binds to this browser, and what
 * the page showed, so that a person can only approve what they saw.
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
