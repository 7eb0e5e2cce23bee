import { LRUCache } from 'lru-cache';

/** A response that is returned without a request to the service. */
interface CachedResponse {
  readonly output: unknown;
  readonly next?: string | undefined;
}

/**
 * The cached responses of this process, by the fingerprint of their call. They are kept in memory only, so that caching stores
 * none of an organization's data. `writes` is the integration's count of writes: a response from before the last is stale.
 */
export interface ResponseCache {
  /** Whether there is an entry, which may be stale: `get` checks that. */
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

/** Characters of JSON that the cache holds for all integrations together. */
const SIZE_MAX = 64 * 1024 * 1024;
/** A longer response is not cached. */
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
