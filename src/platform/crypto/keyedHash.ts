import { constantTimeEqual } from './constantTimeEqual.js';
import { type DerivedKey, deriveKeys, type Secrets } from './deriveKeys.js';
import { macOf } from './mac.js';

/** The stored hash of a key, and the id of the pepper that it was made with. */
export interface KeyHash {
  readonly hash: string;
  readonly pepper: string;
}

/**
 * Hashes keys with HMAC-SHA-256 under a pepper derived from the hub's secret. 256 random bits need no slow hash, and a
 * stolen database alone does not even show whether a key found elsewhere is in it.
 */
export interface Peppers {
  /** Hashes with the current secret. */
  hash(key: string): KeyHash;
  /** Hashes with the current secret, then with each previous one. */
  hashes(key: string): readonly KeyHash[];
}

/** Creates peppers. `purpose` keeps the peppers of different kinds of keys apart and can never change. */
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

/** Returns whether two hashes were made from the same key with the same pepper. */
export function isSameHash(one: KeyHash, other: KeyHash): boolean {
  return constantTimeEqual(one.hash, other.hash) && one.pepper === other.pepper;
}
