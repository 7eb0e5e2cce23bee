import { LRUCache } from 'lru-cache';

import { type ChainPosition, START } from '../chain/position.js';
import type { Seals } from '../chain/seal.js';
import type { AuditStore } from '../store.js';
import { type DatedEntry, linkEntries } from './entry.js';

/** Chains whose end is known at once; the one that was used longest ago goes first. */
const KNOWN_MAX = 10_000;

/** One chain is appended to by one caller at a time in this process, and by any number of processes. */
export interface Append {
  /**
   * Stores entries at the end of a chain. When it throws, they may be stored or not: call it again with `isRepeated`.
   */
  append(chain: string, entries: readonly DatedEntry[], isRepeated: boolean): Promise<void>;
  /** Tells the chain that nothing is under way. Costs nothing when it has been told. */
  clearPending(chain: string): Promise<void>;
}

/**
 * The end of a chain is one row, moved by compare-and-set together with the entries it moves over (`pending`), which are
 * then stored for themselves. Whoever moves it next has stored those before, so that a crash between the two loses nothing
 * and no entry is ever stored that the chain does not go on from.
 */
export function createAppend(store: AuditStore, seals: Seals): Append {
  const ends = new LRUCache<string, ChainPosition>({ max: KNOWN_MAX });

  return {
    async append(chain, given, isRepeated) {
      let from = isRepeated ? undefined : ends.get(chain);
      let entries = given;
      // Until everything is stored the end is not known: what is known of it rests on that.
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
