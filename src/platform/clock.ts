/**
 * The time that rows are written with: the database's, so that the clocks of processes do not matter. A process reads the
 * database's time once in a while (`align`) and counts on with its own monotonic clock from there.
 */
export interface Clock {
  /** The database's time as far as this process knows, never ahead of it. */
  now(): Date;
  /** Milliseconds on the process's monotonic clock, for durations and for the end of a hold. */
  monotonicMs(): number;
  /** Told by the database adapter with each answer that carries its time. */
  align(databaseNow: Date): void;
  /** Added to the database's own time in every comparison. 0 outside specs; a spec moves time by changing it. */
  readonly offsetMs: number;
}

export function systemClock(processNow: () => number = Date.now): Clock {
  let anchorMs = processNow();
  let anchoredAtMs = performance.now();
  return {
    offsetMs: 0,
    monotonicMs: () => performance.now(),
    now: () => new Date(Math.floor(anchorMs + performance.now() - anchoredAtMs)),
    align(databaseNow) {
      anchorMs = databaseNow.getTime();
      anchoredAtMs = performance.now();
    },
  };
}
