import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';

import { expandKey } from '../../vault/index.js';

/** The version of this derivation; the id of a key begins with it. */
const VERSION = '1';

/**
 * `good`: this hub sealed it. `wrong`: it says so and is not. `unknown`: there is no seal, or one under a secret that is not
 * at hand.
 */
type SealCheck = 'good' | 'wrong' | 'unknown';

/**
 * Seals hashes with HMAC-SHA-256 under a key that follows from the hub's secret. Whoever has the database alone can calculate
 * a chain anew, and cannot seal it.
 */
export interface Seals {
  /** Under the present secret. */
  seal(hash: string): string;
  check(hash: string, seal: string | undefined): SealCheck;
}

interface SealKey {
  readonly id: string;
  readonly key: KeyObject;
}

/** `secrets`: the present one, then those of before, whose seals still hold. */
export function createSeals(secrets: readonly [string, ...string[]]): Seals {
  const keys = secrets.map(keyOf);
  const [present] = keys as [SealKey, ...SealKey[]];
  return {
    seal: (hash) => sealed(present, hash),
    check(hash, seal) {
      const key = keys.find(({ id }) => seal?.startsWith(`${id}:`));
      if (!key || seal === undefined) return 'unknown';
      const [given, right] = [Buffer.from(seal), Buffer.from(sealed(key, hash))];
      return given.length === right.length && timingSafeEqual(given, right) ? 'good' : 'wrong';
    },
  };
}

function sealed({ id, key }: SealKey, hash: string): string {
  return `${id}:${createHmac('sha256', key).update(hash).digest('base64url')}`;
}

function keyOf(secret: string): SealKey {
  const key = expandKey(secret, { info: `parse-integration-hub audit seal ${VERSION}` });
  const check = createHmac('sha256', key).update('id').digest('base64url').slice(0, 8);
  return { id: `${VERSION}.${check}`, key };
}
