import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';

import { expandKey } from '../vault/index.js';

/** What is stored of a key, and under which pepper it was made. */
export interface KeyHash {
  readonly hash: string;
  readonly pepper: string;
}

/**
 * Hashes keys with HMAC-SHA-256 under a pepper that follows from the hub's secret: 256 random bits need no slow hash, and
 * a stolen database alone does not even tell whether a key found elsewhere is in it.
 */
export interface Peppers {
  /** Under the present secret. */
  hash(key: string): KeyHash;
  /** Under the present secret, then under each of those before. */
  hashes(key: string): readonly KeyHash[];
}

/** `purpose` keeps the peppers of different secrets apart and can never change. */
export function createPeppers(
  secrets: readonly [string, ...string[]],
  purpose = 'api key',
): Peppers {
  const [present, ...previous] = secrets;
  const now = pepperOf(present, purpose);
  const before = previous.map((secret) => pepperOf(secret, purpose));
  const under = ({ key, id }: Pepper, text: string): KeyHash => ({
    hash: createHmac('sha256', key).update(text).digest('base64url'),
    pepper: id,
  });
  return {
    hash: (text) => under(now, text),
    hashes: (text) => [now, ...before].map((pepper) => under(pepper, text)),
  };
}

export function isSameHash(one: KeyHash, other: KeyHash): boolean {
  const [left, right] = [one, other].map(({ hash }) => Buffer.from(hash, 'base64url'));
  if (!left || left.length !== right?.length) return false;
  return timingSafeEqual(left, right) && one.pepper === other.pepper;
}

interface Pepper {
  readonly id: string;
  readonly key: KeyObject;
}

/** The version of this derivation; the id of a pepper begins with it. */
const VERSION = '1';

function pepperOf(secret: string, purpose: string): Pepper {
  const key = expandKey(secret, { info: `parse-integration-hub ${purpose} pepper ${VERSION}` });
  const check = createHmac('sha256', key).update('id').digest('base64url').slice(0, 8);
  return { id: `${VERSION}.${check}`, key };
}
