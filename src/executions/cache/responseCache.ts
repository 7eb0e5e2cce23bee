import { LRUCache } from 'lru-cache';

/** What is answered without asking the service again. */
interface CachedAnswer {
  readonly output: unknown;
  readonly next?: string | undefined;
}

/**
 * Answers of this process, by fingerprint. They lie in memory alone: nothing of an organisation’s data is stored for the
 * sake of speed. `writes` is the integration’s count of writes: an answer from before the last one is stale.
 */
export interface AnswerCache {
  /** Whether there may be one; `get` tells. */
  has(fingerprint: string): boolean;
  get(fingerprint: string, writes: number): CachedAnswer | undefined;
  set(
    fingerprint: string,
    answer: CachedAnswer,
    options: { readonly writes: number; readonly seconds: number },
  ): void;
}

interface Entry extends CachedAnswer {
  readonly writes: number;
  readonly goodUntilMs: number;
}

/** Characters of JSON, for all integrations together. */
const SIZE_MAX = 64 * 1024 * 1024;
/** A single answer that takes more is not kept. */
const ENTRY_SIZE_MAX = 1024 * 1024;

export function createAnswerCache(nowMs: () => number): AnswerCache {
  const entries = new LRUCache<string, Entry>({ maxSize: SIZE_MAX, maxEntrySize: ENTRY_SIZE_MAX });
  return {
    has: (fingerprint) => entries.has(fingerprint),
    get(fingerprint, writes) {
      const entry = entries.get(fingerprint);
      if (!entry) return undefined;
      if (entry.writes === writes && nowMs() < entry.goodUntilMs) return entry;
      entries.delete(fingerprint);
      return undefined;
    },
    set(fingerprint, answer, { writes, seconds }) {
      const size = JSON.stringify(answer.output ?? null).length + 1;
      const entry = { ...answer, writes, goodUntilMs: nowMs() + seconds * 1000 };
      entries.set(fingerprint, entry, { size });
    },
  };
}
