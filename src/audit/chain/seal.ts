import {
  constantTimeEqual,
  type DerivedKey,
  deriveKeys,
  macOf,
  type Secrets,
} from '../../platform/crypto/index.js';

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

/** `secrets`: seals under those of before still hold. */
export function createSeals(secrets: Secrets): Seals {
  const keys = deriveKeys(secrets, 'audit seal 1');
  return {
    seal: (hash) => sealHash(keys[0], hash),
    check(hash, seal) {
      const key = keys.find(({ id }) => seal?.startsWith(`${id}:`));
      if (!key || seal === undefined) return 'unknown';
      return constantTimeEqual(seal, sealHash(key, hash)) ? 'good' : 'wrong';
    },
  };
}

function sealHash({ id, key }: DerivedKey, hash: string): string {
  return `${id}:${macOf(key, hash)}`;
}
