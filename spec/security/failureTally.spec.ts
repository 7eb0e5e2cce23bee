import {
  type FailureTally,
  forgettableAtMs,
  waitOf,
  withFailure,
} from '../../src/security/failureTally.js';
import type { BruteForceRule } from '../../src/security/index.js';

const RULE: BruteForceRule = {
  freeAttempts: 3,
  firstWaitMs: 1_000,
  longestWaitMs: 6_000,
  forgetAfterMs: 60_000,
};

/** The tally after wrong attempts at these times. */
const after = (...times: readonly number[]): FailureTally | undefined =>
  times.reduce<FailureTally | undefined>(
    (tally, nowMs) => withFailure(tally, { rule: RULE, nowMs }),
    undefined,
  );

describe('the result of wrong attempts', () => {
  it.each([
    { times: [], failures: undefined, waitUntilMs: undefined },
    { times: [1], failures: 1, waitUntilMs: 0 },
    { times: [1, 1], failures: 2, waitUntilMs: 0 },
    { times: [1, 1, 1], failures: 3, waitUntilMs: 1_001 },
    // Attempts during the wait are refused, so they do not count.
    { times: [1, 1, 1, 1_000], failures: 3, waitUntilMs: 1_001 },
    { times: [1, 1, 1, 1_001], failures: 4, waitUntilMs: 3_001 },
    { times: [1, 1, 1, 1_001, 3_001], failures: 5, waitUntilMs: 7_001 },
    // Twice as long would be 8 seconds.
    { times: [1, 1, 1, 1_001, 3_001, 7_001], failures: 6, waitUntilMs: 13_001 },
    { times: [1, 1, 1, 1_001, 3_001, 7_001, 13_001], failures: 7, waitUntilMs: 19_001 },
    // A minute after the last attempt, or after the end of its wait, it starts again.
    { times: [1, 1, 60_000], failures: 3, waitUntilMs: 61_000 },
    { times: [1, 1, 60_001], failures: 1, waitUntilMs: 0 },
    { times: [1, 1, 1, 61_000], failures: 4, waitUntilMs: 63_000 },
    { times: [1, 1, 1, 61_001], failures: 1, waitUntilMs: 0 },
  ])('$times', ({ times, failures, waitUntilMs }) => {
    const tally = after(...times);
    expect([tally?.failures, tally?.waitUntilMs]).toEqual([failures, waitUntilMs]);
  });

  it('stays a valid date after any number of attempts', () => {
    const tally = { failures: 1e6, lastAtMs: 0, waitUntilMs: 0 };
    const rule = { ...RULE, longestWaitMs: Number.MAX_SAFE_INTEGER, forgetAfterMs: 1e9 };
    const { waitUntilMs } = withFailure(tally, { rule, nowMs: 1 });
    expect(Number.isFinite(waitUntilMs)).toBe(true);
  });
});

it('is a wait until its end, and none after it', () => {
  const tally = after(1, 1, 1);
  expect(waitOf(tally, 1)).toBe(1_001);
  expect(waitOf(tally, 1_000)).toBe(1_001);
  expect(waitOf(tally, 1_001)).toBe(undefined);
  expect(waitOf(undefined, 1)).toBe(undefined);
});

it('is kept as long as it matters', () => {
  const [free, waiting] = [after(5), after(5, 5, 5)] as [FailureTally, FailureTally];
  expect([forgettableAtMs(free, RULE), forgettableAtMs(waiting, RULE)]).toEqual([60_005, 61_005]);
});
