import { createSecretKey, type KeyObject, pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';

import { hasMac, macOf } from '../platform/crypto/index.js';

/** The default for new keys: https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#pbkdf2 */
export const ITERATIONS = 600_000;
/** The minimum number of iterations. */
export const ITERATIONS_MIN = 100_000;
export const SALT_BYTES = 32;
const KEY_BYTES = 32;

/** Derives a key-encryption key by PBKDF2-HMAC-SHA256: https://www.rfc-editor.org/rfc/rfc8018#section-5.2 */
export async function deriveKey(
  secret: string | Buffer,
  { salt, iterations }: { readonly salt: Buffer; readonly iterations: number },
): Promise<KeyObject> {
  const bytes = await promisify(pbkdf2)(secret, salt, iterations, KEY_BYTES, 'sha256');
  const key = createSecretKey(bytes);
  bytes.fill(0);
  return key;
}

const CHECKED = 'parse-integration-hub key check';

/** Returns a value that shows whether a key is the right one, and reveals nothing else about it. */
export function checkValueOf(key: KeyObject): string {
  return macOf(key, CHECKED);
}

/** Returns whether a key has this check value; compared in constant time. */
export function hasCheckValue(key: KeyObject, checkValue: string): boolean {
  return hasMac(key, CHECKED, checkValue);
}
