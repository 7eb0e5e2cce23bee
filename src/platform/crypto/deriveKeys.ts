import type { KeyObject } from 'node:crypto';

import { expandKey } from './hkdf.js';
import { macOf } from './mac.js';

/** Secrets of the hub: the present one, then those before it, under which things are still read. */
export type Secrets = readonly [string, ...string[]];

/** A key that follows from a secret, for one purpose. */
export interface DerivedKey {
  /** Names the key beside what was made with it; tells nothing of it. */
  readonly id: string;
  readonly key: KeyObject;
}

/**
 * The keys of one purpose, in the order of their secrets: new things are made with the first. `purpose` keeps the keys of
 * different purposes apart and can never change, nor can `idOf`.
 */
export function deriveKeys(
  secrets: Secrets,
  purpose: string,
  idOf: (key: KeyObject, secret: string) => string = checkIdOf,
): readonly [DerivedKey, ...DerivedKey[]] {
  const derive = (secret: string): DerivedKey => {
    const key = expandKey(secret, { info: `parse-integration-hub ${purpose}` });
    return { id: idOf(key, secret), key };
  };
  const [present, ...previous] = secrets;
  return [derive(present), ...previous.map(derive)];
}

/** The version of the derivation, then what tells one key from another. */
function checkIdOf(key: KeyObject): string {
  return `1.${macOf(key, 'id').slice(0, 8)}`;
}
