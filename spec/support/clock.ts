import { type Clock, systemClock } from '../../src/platform/clock.js';

export interface TestClock extends Clock {
  /** Moves time forward for everything that reads this clock, or the clock of the database through it. */
  advance(ms: number): void;
}

/** A clock that a spec moves, on top of the database's real time. The processes of a spec share it or have one each. */
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
      if (ms < 0) throw new Error('A clock can only advance: ms must not be negative.');
      offsetMs += ms;
    },
  };
}
