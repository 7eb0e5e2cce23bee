import {
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  pbkdf2,
  timingSafeEqual,
} from 'node:crypto';
import { promisify } from 'node:util';

/** The default for new keys: https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#pbkdf2 */
export const ITERATIONS = 600_000;
/** Fewer are refused. */
export const ITERATIONS_MIN = 100_000;
export const SALT_BYTES = 32;
const KEY_BYTES = 32;

/** A key-encryption key by PBKDF2-HMAC-SHA256: https://www.rfc-editor.org/rfc/rfc8018#section-5.2 */
export async function deriveKey(
  secret: string | Buffer,
  { salt, iterations }: { readonly salt: Buffer; readonly iterations: number },
): Promise<KeyObject> {
  const bytes = await promisify(pbkdf2)(secret, salt, iterations, KEY_BYTES, 'sha256');
  const key = createSecretKey(bytes);
  bytes.fill(0);
  return key;
}

/**
 * A key for another purpose from the same secret, by HKDF-SHA256: https://www.rfc-editor.org/rfc/rfc5869. `info` keeps the
 * keys of different purposes apart and can never change.
 */
export function expandKey(
  secret: string | Buffer,
  { info, salt = '', length = KEY_BYTES }: HkdfOptions,
): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', secret, salt, info, length)));
}

export interface HkdfOptions {
  readonly info: string | Buffer;
  readonly salt?: string | Buffer;
  /** In bytes. Default 32. */
  readonly length?: number;
}

/** Tells whether a key is the right one without saying anything else of it. */
export function checkValueOf(key: KeyObject): string {
  return createHmac('sha256', key).update('parse-integration-hub key check').digest('base64url');
}

export function hasCheckValue(key: KeyObject, checkValue: string): boolean {
  const [actual, expected] = [checkValueOf(key), checkValue].map((text) => Buffer.from(text));
  return actual?.length === expected?.length && timingSafeEqual(actual ?? EMPTY, expected ?? EMPTY);
}

const EMPTY = Buffer.alloc(0);
