import { LRUCache } from 'lru-cache';

/** What is answered without asking the service again. */
interface CachedResponse {
  readonly output: unknown;
  readonly next?: string | undefined;
}

/**
 * Answers of this process, by fingerprint. They lie in memory alone: nothing of an organization’s data is stored for the
 * sake of speed. `writes` is the integration’s count of writes: an answer from before the last one is stale.
 */
export interface ResponseCache {
  /** Whether there may be one; `get` tells. */
  has(fingerprint: string): boolean;
  get(fingerprint: string, writes: number): CachedResponse | undefined;
  set(
    fingerprint: string,
    response: CachedResponse,
    options: { readonly writes: number; readonly seconds: number },
  ): void;
}

interface Entry extends CachedResponse {
  readonly writes: number;
  readonly goodUntilMs: number;
}

/** Characters of JSON, for all integrations together. */
const SIZE_MAX = 64 * 1024 * 1024;
/** A single answer that takes more is not kept. */
const ENTRY_SIZE_MAX = 1024 * 1024;

export function createResponseCache(nowMs: () => number): ResponseCache {
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
    set(fingerprint, response, { writes, seconds }) {
      const size = JSON.stringify(response.output ?? null).length + 1;
      const entry = { ...response, writes, goodUntilMs: nowMs() + seconds * 1000 };
      entries.set(fingerprint, entry, { size });
    },
  };
}
