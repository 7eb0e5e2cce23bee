import { LRUCache } from 'lru-cache';

import type { Clock } from '../clock.js';

/**
 * Remembers what was read so briefly that what other processes change is known within a second: counted from before it was
 * read, so that what is left of the second is for the reading.
 */
const FRESH_MS = 800;
/** The least recently used go first. */
const ENTRIES_MAX = 10_000;

/** What was read just now, by key. `undefined` is not remembered. */
export interface FreshCache<Value extends object> {
  /** What is remembered, without reading anything. */
  known(key: string): Value | undefined;
  /** What is remembered, else what `read` returns; calls for the same key that come meanwhile wait for the same reading. */
  load(key: string, read: () => Promise<Value | undefined>): Promise<Value | undefined>;
  /** What this process has changed holds for every call from now on: forgets everything, and readings under way begin anew. */
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
      // Something was changed while this was read: what was read may be from before.
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
