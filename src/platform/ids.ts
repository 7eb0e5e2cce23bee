import { createHash } from 'node:crypto';

import { randomDigits } from './crypto/index.js';

// Digits and lower-case letters only: these sort alike in ASCII and in every collation of a PostgreSQL database.
const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz';
const TIME_LENGTH = 9; // base 36, until the year 5188
const RANDOM_LENGTH = 16; // 82 bits

/**
 * Returns a new id, 25 characters of `[0-9a-z]`: the millisecond in which it was generated, then 82 random bits. Ids of
 * later milliseconds sort after earlier ones, which keeps new rows together in an index; within one millisecond the
 * order is random. It has no dot, so it may be the id of a signed message. `prefix` is put before it with an
 * underscore; ids of rows have none. `nowMs` defaults to the process's time.
 */
export function newId(prefix?: string, nowMs?: number): string {
  // eslint-disable-next-line no-restricted-syntax -- ids are in order for the sake of indexes only: any process's clock will do
  const time = Math.floor(nowMs ?? Date.now())
    .toString(36)
    .padStart(TIME_LENGTH, '0');
  const id = time + randomDigits(ALPHABET, RANDOM_LENGTH);
  return prefix === undefined ? id : `${prefix}_${id}`;
}

/**
 * Returns the id of a row that is found by its key: the same key always has the same id, different keys have different
 * ones.
 */
export function derivedId(key: string): string {
  const digest = createHash('sha256').update(key).digest('hex');
  return BigInt(`0x${digest}`)
    .toString(36)
    .padStart(50, '0')
    .slice(-TIME_LENGTH - RANDOM_LENGTH);
}

/** Returns a new request id, `req_…`, which callers quote and logs contain. */
export function newRequestId(): string {
  return newId('req');
}
