import type { Clock } from '../clock.js';

/** Clocks of two machines drift apart by far less than a millisecond in this time. */
const ALIGNED_FOR_MS = 10_000;

export interface Alignment {
  /** Asks the database for its time now. */
  align(): Promise<void>;
  /** Asks only when the last answer is ten seconds old; before writing what the clock dates, and by every idle loop. */
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
