import { DAY_MS, HOUR_MS, MINUTE_MS } from '../platform/durations.js';

/** How wrong attempts slow down what comes after them. */
export interface BruteForceRule {
  /** So many wrong attempts have no consequence. At least one. */
  readonly freeAttempts: number;
  /** The wait after the last of the free ones; each wrong attempt after it doubles the wait. */
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
  /** After so long without a wrong attempt, counted from the end of the last wait, everything is forgotten. */
  readonly forgetAfterMs: number;
}

/** Some hundred attempts a day at one account, from however many addresses. */
export const PER_ACCOUNT: BruteForceRule = {
  freeAttempts: 5,
  firstWaitMs: 1_000,
  longestWaitMs: 15 * MINUTE_MS,
  forgetAfterMs: DAY_MS,
};

/** Many people may share an address: more is free, and longer waits stop whoever tries one account after the other. */
export const PER_ADDRESS: BruteForceRule = {
  freeAttempts: 30,
  firstWaitMs: 10_000,
  longestWaitMs: HOUR_MS,
  forgetAfterMs: HOUR_MS,
};

/** What is remembered of wrong attempts. Milliseconds since 1970. */
export interface FailureTally {
  readonly failures: number;
  readonly lastAtMs: number;
  /** No attempt is answered before then. */
  readonly waitUntilMs: number;
}

/** Until when nobody is answered; `undefined` when an attempt is free now. */
export function waitOf(tally: FailureTally | undefined, nowMs: number): number | undefined {
  return tally && tally.waitUntilMs > nowMs ? tally.waitUntilMs : undefined;
}

/** One wrong attempt more. Whoever attempts during a wait is not answered, so that it neither counts nor prolongs the wait. */
export function withFailure(
  tally: FailureTally | undefined,
  { rule, nowMs }: { readonly rule: BruteForceRule; readonly nowMs: number },
): FailureTally {
  if (tally && waitOf(tally, nowMs) !== undefined) return tally;
  const known = tally && nowMs < forgettableAtMs(tally, rule) ? tally.failures : 0;
  const failures = known + 1;
  const waitMs = waitAfter(failures, rule);
  return { failures, lastAtMs: nowMs, waitUntilMs: waitMs === 0 ? 0 : nowMs + waitMs };
}

/** From when on a tally says nothing that an absent one would not. */
export function forgettableAtMs(
  { lastAtMs, waitUntilMs }: FailureTally,
  rule: BruteForceRule,
): number {
  return Math.max(lastAtMs, waitUntilMs) + rule.forgetAfterMs;
}

function waitAfter(
  failures: number,
  { freeAttempts, firstWaitMs, longestWaitMs }: BruteForceRule,
): number {
  if (failures < freeAttempts) return 0;
  // 2 to the power of 1024 would be infinite, and no date.
  return Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(failures - freeAttempts, 40));
}
