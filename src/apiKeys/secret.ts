import { crc32 } from 'node:zlib';

import { randomDigits } from '../platform/crypto/index.js';

/** What a key may begin with: no underscore, so that its parts can be told apart. */
export const KEY_PREFIX = /^[a-z][a-z0-9]{1,19}$/;

export const KEY_ENVIRONMENTS = ['live', 'test'] as const;
export type KeyEnvironment = (typeof KEY_ENVIRONMENTS)[number];

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 62^43 is more than 2^256. */
const RANDOM_LENGTH = 43;
/** 62^6 is more than 2^32. */
const CHECKSUM_LENGTH = 6;
/** How much of the random part tells keys apart where people see them. */
const SHOWN_LENGTH = 4;

const FORM = new RegExp(
  `^(${KEY_PREFIX.source.slice(1, -1)}_(?:${KEY_ENVIRONMENTS.join('|')})_[0-9A-Za-z]{${String(RANDOM_LENGTH)}})([0-9A-Za-z]{${String(CHECKSUM_LENGTH)}})$`,
);

/** A new key, `<prefix>_<live|test>_<43 random base62 digits><checksum>`. */
export function generateKey(prefix: string, environment: KeyEnvironment): string {
  const body = `${prefix}_${environment}_${randomSecretDigits()}`;
  return body + checksumOf(body);
}

/** Whether a text looks like a key of any prefix, right or mistyped: other credentials are not the hub's business. */
export function looksLikeKey(text: string): boolean {
  return FORM.test(text);
}

/** Whether a text is a key by its checksum. Keeps mistakes from the database; it proves nothing, anybody can compute it. */
export function isWellFormedKey(text: string): boolean {
  const [, body, checksum] = FORM.exec(text) ?? [];
  return body !== undefined && checksumOf(body) === checksum;
}

/** How a key begins, with as much of it as may be shown: four of the 43 random digits. */
export function startOf(key: string): string {
  return key.slice(0, key.lastIndexOf('_') + 1 + SHOWN_LENGTH);
}

/** CRC-32 as zlib has it, in six base62 digits: https://www.rfc-editor.org/rfc/rfc1952#section-8 */
export function checksumOf(text: string): string {
  let remainder = crc32(text);
  let digits = '';
  while (digits.length < CHECKSUM_LENGTH) {
    digits = ALPHABET.charAt(remainder % ALPHABET.length) + digits;
    remainder = Math.floor(remainder / ALPHABET.length);
  }
  return digits;
}

/** The random part of a key: 43 base62 digits, 256 bits. */
export function randomSecretDigits(): string {
  return randomDigits(ALPHABET, RANDOM_LENGTH);
}
