import { LRUCache } from 'lru-cache';

import type { Clock } from '../clock.js';

/**
 * How long a value is reused, counted from before it was read. The rest of a second is left for the read itself, so
 * that changes by other processes are seen within one second.
 */
const FRESH_MS = 800;
/** The least recently used entries are dropped first. */
const ENTRIES_MAX = 10_000;

/** Recently read values, by key. `undefined` is not cached. */
export interface FreshCache<Value extends object> {
  /** Returns the cached value, without reading anything. */
  known(key: string): Value | undefined;
  /** Returns the cached value, else what `read` returns. Concurrent calls for the same key share one read. */
  load(key: string, read: () => Promise<Value | undefined>): Promise<Value | undefined>;
  /**
   * Call it after this process has changed something: drops every entry and repeats reads under way, so that every
   * later call sees the change.
   */
  changed(): void;
}

export function createFreshCache<Value extends object>(
  clock: Pick<Clock, 'monotonicMs'>,
): FreshCache<Value> {
  const entries = new LRUCache<string, { readonly value: Value; readonly readAtMs: number }>({
    max: ENTRIES_MAX,
  });
  const readings = new Map<string, Promise<Value | undefined>>();
  let changes = 0;

  async function readAnew(
    key: string,
    read: () => Promise<Value | undefined>,
  ): Promise<Value | undefined> {
    for (;;) {
      const before = changes;
      const readAtMs = clock.monotonicMs();
      const value = await read();
      // A change happened during this read: the value may be from before it.
      if (before !== changes) continue;
      if (value) entries.set(key, { value, readAtMs });
      return value;
    }
  }

  function known(key: string): Value | undefined {
    const entry = entries.get(key);
    if (entry && clock.monotonicMs() - entry.readAtMs < FRESH_MS) return entry.value;
    entries.delete(key);
    return undefined;
  }

  return {
    known,
    async load(key, read) {
      const value = known(key);
      if (value) return value;
      const reading = readings.get(key) ?? readAnew(key, read);
      readings.set(key, reading);
      try {
        return await reading;
      } finally {
        readings.delete(key);
      }
    },
    changed() {
      changes += 1;
      entries.clear();
    },
  };
}
