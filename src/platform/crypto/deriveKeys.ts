import type { KeyObject } from 'node:crypto';

import { expandKey } from './hkdf.js';
import { macOf } from './mac.js';

/** The hub's secrets: the current one, then the previous ones, which can still decrypt and verify. */
export type Secrets = readonly [string, ...string[]];

/** A key derived from a secret, for one purpose. */
export interface DerivedKey {
  /** Identifies the key; stored beside what was made with it. Reveals nothing of the key. */
  readonly id: string;
  readonly key: KeyObject;
}

/**
 * Returns the keys of one purpose, in the order of their secrets: the first one is for new values. `purpose` keeps the
 * keys of different purposes apart. Neither it nor `idOf` can ever change.
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

/** Returns the version of the derivation, then eight characters that identify the key. */
function checkIdOf(key: KeyObject): string {
  return `1.${macOf(key, 'id').slice(0, 8)}`;
}
