import type { Clock } from '../clock.js';

/** In this time, clocks of two machines drift apart by far less than a millisecond. */
const ALIGNED_FOR_MS = 10_000;

export interface Alignment {
  /** Reads the database's time now. */
  align(): Promise<void>;
  /**
   * Reads the database's time when the last reading is older than ten seconds. Called before a row is dated, and by
   * every idle loop.
   */
  keepAligned(): Promise<void>;
}

export function alignment(clock: Clock, loadDatabaseNow: () => Promise<Date>): Alignment {
  let alignedAtMs = -Infinity;
  async function align() {
    const requestedAtMs = clock.monotonicMs();
    alignedAtMs = requestedAtMs;
    clock.align(await loadDatabaseNow(), requestedAtMs);
  }
  return {
    align,
    async keepAligned() {
      if (clock.monotonicMs() - alignedAtMs > ALIGNED_FOR_MS) await align();
    },
  };
}
