import { createFreshCache } from '../../platform/cache/freshCache.js';
import type { Clock } from '../../platform/clock.js';
import { isSameHash, type KeyHash, type Peppers } from '../../platform/crypto/index.js';
import { asPreviousSecret } from '../issuance.js';
import { isWellFormedKey } from '../secret.js';
import type { ApiKeyRow, ApiKeyStore } from '../store.js';

/** The stored key for a secret that a request sent. */
export interface FoundKey {
  /** The key as it is stored. */
  readonly row: ApiKeyRow;
  /** The key as this secret acts: for the previous one, as the member who issued that, with no more than it was issued with. */
  readonly acting: ApiKeyRow;
  /** The end of the grace period, when the secret is the one from before the last rotation; absent for the current secret. */
  readonly endsAt?: Date | undefined;
}

/** Finds keys by their secret. They are cached so briefly that changes by other processes are known within a second. */
export interface Keys {
  /** Returns the key. When it is not cached, it is looked up through `guard`, which may refuse. */
  load(key: string, guard?: LookupGuard): Promise<FoundKey | undefined>;
  /** Empties the cache, so that a change made by this process holds from the next call on. */
  invalidate(): void;
}

export type LookupGuard = (
  look: () => Promise<FoundKey | undefined>,
) => Promise<FoundKey | undefined>;

interface KeysDeps {
  readonly store: ApiKeyStore;
  readonly peppers: Peppers;
  readonly clock: Clock;
}

export function createKeys(deps: KeysDeps): Keys {
  const { peppers, clock } = deps;
  const cache = createFreshCache<FoundKey>(clock);
  return {
    async load(key, guard = (look) => look()) {
      if (!isWellFormedKey(key)) return undefined;
      const { hash } = peppers.hash(key);
      const known = cache.known(hash);
      if (known) return known;
      return guard(() => cache.load(hash, () => find(deps, peppers.hashes(key))));
    },
    invalidate: () => {
      cache.changed();
    },
  };
}

async function find(
  { store }: KeysDeps,
  hashes: readonly KeyHash[],
): Promise<FoundKey | undefined> {
  const row = await store.loadByHashes(hashes.map(({ hash }) => hash));
  if (!row) return undefined;
  const { hash, pepper, previousHash, previousPepper, previousUntil } = row;
  const [present = NO_HASH] = hashes;
  const one = hashes.find((each) => isSameHash(each, { hash, pepper }));
  if (one) {
    if (one !== present) await store.recordHash(row.id, { hash }, present);
    return { row, acting: row };
  }
  if (previousHash === undefined || previousPepper === undefined) return undefined;
  const stored = { hash: previousHash, pepper: previousPepper };
  const other = hashes.find((each) => isSameHash(each, stored));
  if (!other) return undefined;
  if (other !== present) {
    const set = { previousHash: present.hash, previousPepper: present.pepper };
    await store.recordHash(row.id, { previousHash }, set);
  }
  return { row, acting: asPreviousSecret(row), endsAt: previousUntil };
}

/** The hash under the current secret always exists; this satisfies the type. */
const NO_HASH: KeyHash = { hash: '', pepper: '' };
