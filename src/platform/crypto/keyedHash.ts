import { constantTimeEqual } from './constantTimeEqual.js';
import { type DerivedKey, deriveKeys, type Secrets } from './deriveKeys.js';
import { macOf } from './mac.js';

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
export function createPeppers(secrets: Secrets, purpose: string): Peppers {
  const peppers = deriveKeys(secrets, `${purpose} pepper 1`);
  const under = ({ key, id }: DerivedKey, text: string): KeyHash => ({
    hash: macOf(key, text),
    pepper: id,
  });
  return {
    hash: (text) => under(peppers[0], text),
    hashes: (text) => peppers.map((pepper) => under(pepper, text)),
  };
}

/** Whether two hashes were made of the same key under the same pepper. */
export function isSameHash(one: KeyHash, other: KeyHash): boolean {
  return constantTimeEqual(one.hash, other.hash) && one.pepper === other.pepper;
}
