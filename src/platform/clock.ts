/**
 * The time that rows are written with: the database's, so that the clocks of processes do not matter. A process reads the
 * database's time once in a while (`align`) and counts on with its own monotonic clock from there.
 */
export interface Clock {
  /**
   * The database's time as far as this process knows, `offsetMs` included, never ahead of it. Never ahead matters: a row
   * stored as due "now" must be due for whoever holds its lane next.
   */
  now(): Date;
  /** Milliseconds on the process's monotonic clock, for durations and for the end of a hold. */
  monotonicMs(): number;
  /**
   * Told by the database adapter with each answer that carries its time: the time as the database has it, without
   * `offsetMs`, and when (`monotonicMs`) the question was sent, so that a slow answer does not set the clock back.
   */
  align(databaseNow: Date, requestedAtMs: number): void;
  /**
   * Added to the database's own time in every comparison and every time the database writes, and to `now()`: once in each,
   * by whoever reads the raw time. 0 outside specs; a spec moves time by changing it.
   */
  readonly offsetMs: number;
}

/** `processNow` is only what `now()` answers until the first `align`, which opening the database does. */
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
      // The database's time now lies between its answer and that plus the round trip: a count in between stands.
      const stands =
        countedMs >= databaseMs && countedMs <= databaseMs + receivedAtMs - requestedAtMs;
      if (aligned && stands) return;
      anchorMs = databaseMs;
      anchoredAtMs = receivedAtMs;
      aligned = true;
    },
  };
}
