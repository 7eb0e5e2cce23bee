import { DAY_MS, HOUR_MS, MINUTE_MS } from '../platform/durations.js';

/** How failed attempts delay later ones. */
export interface BruteForceRule {
  /** How many failed attempts have no consequence. At least one. */
  readonly freeAttempts: number;
  /** The wait after the last free attempt; each further failure doubles it. */
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
  /** How long after the last failed attempt, or the end of its wait, the count is reset. */
  readonly forgetAfterMs: number;
}

/** The default per account: about a hundred attempts a day, from any number of addresses. */
export const PER_ACCOUNT: BruteForceRule = {
  freeAttempts: 5,
  firstWaitMs: 1_000,
  longestWaitMs: 15 * MINUTE_MS,
  forgetAfterMs: DAY_MS,
};

/**
 * The default per address. Several users may share one, so more attempts are free; longer waits stop attempts at many
 * accounts.
 */
export const PER_ADDRESS: BruteForceRule = {
  freeAttempts: 30,
  firstWaitMs: 10_000,
  longestWaitMs: HOUR_MS,
  forgetAfterMs: HOUR_MS,
};

/** The count of failed attempts. Times are milliseconds since 1970. */
export interface FailureTally {
  readonly failures: number;
  readonly lastAtMs: number;
  /** Attempts before this time are refused. */
  readonly waitUntilMs: number;
}

/** Returns when the current wait ends; `undefined` when there is none. */
export function waitOf(tally: FailureTally | undefined, nowMs: number): number | undefined {
  return tally && tally.waitUntilMs > nowMs ? tally.waitUntilMs : undefined;
}

/** Adds a failed attempt. During a wait attempts are refused, so they neither count nor prolong it. */
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

/** Returns when the tally no longer has any effect and may be deleted. */
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
  // 2 to the power of 1024 would be infinite, which is not a date.
  return Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(failures - freeAttempts, 40));
}
