import { createFreshCache } from '../../platform/cache/freshCache.js';
import type { Clock } from '../../platform/clock.js';
import { isSameHash, type KeyHash, type Peppers } from '../../platform/crypto/index.js';
import { isWellFormedKey } from '../secret.js';
import type { ApiKeyRow, ApiKeyStore } from '../store.js';

/** What a key that somebody sent was found to be. */
export interface FoundKey {
  readonly row: ApiKeyRow;
  /** The end of what was there before the last rotation; left out for the present key. */
  readonly endsAt?: Date | undefined;
}

/** Finds keys by their secret; remembers them so briefly that what other processes change is known within a second. */
export interface Keys {
  /** A key that is not among those that were read just now is looked for through `ask`, which may refuse to. */
  load(key: string, guard?: LookupGuard): Promise<FoundKey | undefined>;
  /** What this process has changed holds for every call from now on. */
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
    return { row };
  }
  if (previousHash === undefined || previousPepper === undefined) return undefined;
  const stored = { hash: previousHash, pepper: previousPepper };
  const other = hashes.find((each) => isSameHash(each, stored));
  if (!other) return undefined;
  if (other !== present) {
    const set = { previousHash: present.hash, previousPepper: present.pepper };
    await store.recordHash(row.id, { previousHash }, set);
  }
  return { row, endsAt: previousUntil };
}

/** There is at least the hash under the present secret. */
const NO_HASH: KeyHash = { hash: '', pepper: '' };
