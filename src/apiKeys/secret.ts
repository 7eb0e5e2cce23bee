import { crc32 } from 'node:zlib';

import { randomDigits } from '../platform/crypto/index.js';

/** The allowed prefixes of keys: without an underscore, which separates the parts of a key. */
export const KEY_PREFIX = /^[a-z][a-z0-9]{1,19}$/;

export const KEY_ENVIRONMENTS = ['live', 'test'] as const;
export type KeyEnvironment = (typeof KEY_ENVIRONMENTS)[number];

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 62^43 is more than 2^256. */
const RANDOM_LENGTH = 43;
/** 62^6 is more than 2^32. */
const CHECKSUM_LENGTH = 6;
/** The number of random digits shown to people to distinguish keys. */
const SHOWN_LENGTH = 4;

const FORM = new RegExp(
  `^(${KEY_PREFIX.source.slice(1, -1)}_(?:${KEY_ENVIRONMENTS.join('|')})_[0-9A-Za-z]{${String(RANDOM_LENGTH)}})([0-9A-Za-z]{${String(CHECKSUM_LENGTH)}})$`,
);

/** Generates a key, `<prefix>_<live|test>_<43 random base62 digits><checksum>`. */
export function generateKey(prefix: string, environment: KeyEnvironment): string {
  const body = `${prefix}_${environment}_${randomSecretDigits()}`;
  return body + checksumOf(body);
}

/** Whether a text looks like a key with any prefix, correct or mistyped. The hub ignores other credentials. */
export function looksLikeKey(text: string): boolean {
  return FORM.test(text);
}

/** Whether the checksum of a key is right. Keeps mistakes from the database; proves nothing, as any caller can compute it. */
export function isWellFormedKey(text: string): boolean {
  const [, body, checksum] = FORM.exec(text) ?? [];
  return body !== undefined && checksumOf(body) === checksum;
}

/** Returns the beginning of a key that may be shown: up to four of the 43 random digits. */
export function startOf(key: string): string {
  return key.slice(0, key.lastIndexOf('_') + 1 + SHOWN_LENGTH);
}

/** Returns the CRC-32 of zlib in six base62 digits: https://www.rfc-editor.org/rfc/rfc1952#section-8 */
export function checksumOf(text: string): string {
  let remainder = crc32(text);
  let digits = '';
  while (digits.length < CHECKSUM_LENGTH) {
    digits = ALPHABET.charAt(remainder % ALPHABET.length) + digits;
    remainder = Math.floor(remainder / ALPHABET.length);
  }
  return digits;
}

/** Generates the random part of a key: 43 base62 digits, 256 bits. */
export function randomSecretDigits(): string {
  return randomDigits(ALPHABET, RANDOM_LENGTH);
}
