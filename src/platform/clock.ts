/**
 * The time that rows are written with. It is the database's time, so that the clocks of processes do not matter. A
 * process reads the database's time now and then (`align`) and counts on from there with its own monotonic clock.
 */
export interface Clock {
  /**
   * Returns the database's time as far as this process knows it, including `offsetMs`. It is never ahead of the
   * database: a row stored as due "now" must be due for the next holder of its lane.
   */
  now(): Date;
  /** Returns milliseconds on the process's monotonic clock, for durations and for the end of a hold. */
  monotonicMs(): number;
  /**
   * Called by the database adapter with each result that carries the database's time: that time without `offsetMs`, and
   * when (`monotonicMs`) the query was sent, so that a slow result does not set the clock back.
   */
  align(databaseNow: Date, requestedAtMs: number): void;
  /**
   * Added to the database's own time, in `now()` and in every comparison and every time that the database writes: once
   * in each, by the code that reads the raw time. 0 outside specs; a spec moves time by changing it.
   */
  readonly offsetMs: number;
}

/** Creates a clock. `processNow` is used by `now()` only until the first `align`, which opening the database does. */
export function systemClock(processNow: () => number = Date.now): Clock {
  let anchorMs = processNow();
  let anchoredAtMs = performance.now();
  let aligned = false;
  return {
    offsetMs: 0,
    monotonicMs: () => performance.now(),
    now: () => new Date(Math.floor(anchorMs + performance.now() - anchoredAtMs)),
    align(databaseNow, requestedAtMs) {
      const receivedAtMs = performance.now();
      const databaseMs = databaseNow.getTime();
      const countedMs = anchorMs + receivedAtMs - anchoredAtMs;
      // The database's time is now between the returned time and that plus the round trip: a clock in between is kept.
      const stands =
        countedMs >= databaseMs && countedMs <= databaseMs + receivedAtMs - requestedAtMs;
      if (aligned && stands) return;
      anchorMs = databaseMs;
      anchoredAtMs = receivedAtMs;
      aligned = true;
    },
  };
}
