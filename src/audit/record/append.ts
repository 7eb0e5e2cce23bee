import { LRUCache } from 'lru-cache';

import { type ChainPosition, START } from '../chain/position.js';
import type { Seals } from '../chain/seal.js';
import type { AuditStore } from '../store.js';
import { type DatedEntry, linkEntries } from './entry.js';

/** The number of chains whose end is cached; the least recently used one is dropped. */
const KNOWN_MAX = 10_000;

/** Appends to chains: in this process one caller at a time for each chain, with any number of processes. */
export interface Append {
  /**
   * Stores entries at the end of a chain. If it throws, they may be stored or not: call it again with `isRepeated`.
   */
  append(chain: string, entries: readonly DatedEntry[], isRepeated: boolean): Promise<void>;
  /** Clears the chain's `pending` entries. Costs no statement when they are cleared already. */
  clearPending(chain: string): Promise<void>;
}

/**
 * The end of a chain is one row, moved by compare-and-set together with the entries it moves over (`pending`), which are
 * then stored as rows. The next mover first stores the pending entries of the previous one, so a crash between the two loses
 * nothing, and no entry is stored that the chain does not continue from.
 */
export function createAppend(store: AuditStore, seals: Seals): Append {
  const ends = new LRUCache<string, ChainPosition>({ max: KNOWN_MAX });

  return {
    async append(chain, given, isRepeated) {
      let from = isRepeated ? undefined : ends.get(chain);
      let entries = given;
      // The end is cached only once everything is stored, because the cache relies on that.
      ends.delete(chain);
      for (;;) {
        from ??= (await store.completeChain(chain)) ?? START;
        if (isRepeated) {
          const stored = await store.storedIds(entries.map(({ id }) => id));
          entries = entries.filter(({ id }) => !stored.has(id));
          if (entries.length === 0) return;
        }
        const rows = linkEntries(from, entries, seals);
        if (await store.lengthen(chain, from, rows)) {
          await store.insert(rows);
          const last = rows.at(-1);
          if (last) ends.set(chain, { seq: last.seq, hash: last.hash });
          return;
        }
        from = undefined;
      }
    },
    async clearPending(chain) {
      const end = ends.get(chain);
      if (end) await store.clearPending(chain, end);
    },
  };
}
