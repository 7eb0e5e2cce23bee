import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

export interface HkdfOptions {
  readonly info: string | Buffer;
  readonly salt?: string | Buffer;
  /** In bytes. Default 32. */
  readonly length?: number;
}

/**
 * Derives a key for another purpose from the same secret, by HKDF-SHA256: https://www.rfc-editor.org/rfc/rfc5869.
 * `info` keeps the keys of different purposes apart and can never change.
 */
export function expandKey(
  secret: string | Buffer,
  { info, salt = '', length = 32 }: HkdfOptions,
): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', secret, salt, info, length)));
}
