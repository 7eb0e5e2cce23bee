import {
  constantTimeEqual,
  type DerivedKey,
  deriveKeys,
  macOf,
  type Secrets,
} from '../../platform/crypto/index.js';

/**
 * `good`: this hub made the seal. `wrong`: the seal names a secret of this hub and does not fit. `unknown`: there is no seal,
 * or its secret is no longer configured.
 */
type SealCheck = 'good' | 'wrong' | 'unknown';

/**
 * Seals hashes with HMAC-SHA-256 under a key derived from the hub's secret. An attacker with the database alone can recalculate
 * a chain, but cannot seal it.
 */
export interface Seals {
  /** Makes the seal of a hash under the current secret. */
  seal(hash: string): string;
  check(hash: string, seal: string | undefined): SealCheck;
}

/** Creates the sealer. Seals under the previous ones of `secrets` stay valid. */
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
