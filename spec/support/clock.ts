import { type Clock, systemClock } from '../../src/platform/clock.js';

export interface TestClock extends Clock {
  /** Moves time for everything that asks this clock or the database through it; never back. */
  advance(ms: number): void;
}

/** A clock that a spec moves, on top of the database's real time. Processes of one spec share one, or each has its own. */
export function testClock(processNow: () => number = Date.now): TestClock {
  const system = systemClock(processNow);
  let offsetMs = 0;
  return {
    get offsetMs() {
      return offsetMs;
    },
    now: () => new Date(system.now().getTime() + offsetMs),
    monotonicMs: () => system.monotonicMs() + offsetMs,
    align: (databaseNow, requestedAtMs) => {
      system.align(databaseNow, requestedAtMs - offsetMs);
    },
    advance(ms) {
      if (ms < 0) throw new Error('Time does not go back.');
      offsetMs += ms;
    },
  };
}
