/**
 * After this many failures in a row nothing is sent for a while:
 * https://learn.microsoft.com/azure/architecture/patterns/circuit-breaker
 */
export interface BreakerPolicy {
  readonly failures: number;
  readonly openSeconds: number;
}

/** The state of a breaker, shared by all processes; absent: it is closed, and the last request did not fail. */
export interface BreakerState {
  /** In a row. */
  readonly failures: number;
  /** It is open until then; after that time it is half open. */
  readonly openUntilMs?: number;
  /** How often it opened without closing in between. */
  readonly opened?: number;
  /** Until when the one trial of a half open breaker may take. */
  readonly trialUntilMs?: number;
}

/** Each opening lasts twice as long as the one before, up to this, or up to `openSeconds` where that is longer. */
const OPEN_MS_MAX = 300_000;

type BreakerDecision =
  | { readonly allowed: true; readonly state: BreakerState | undefined }
  | { readonly allowed: false; readonly retryAtMs: number };

/** Decides whether a request may be sent. The first one after an opening is a trial; others are refused until it ends. */
export function decideBreaker(
  state: BreakerState | undefined,
  { nowMs, trialMs }: { readonly nowMs: number; readonly trialMs: number },
): BreakerDecision {
  if (state?.openUntilMs === undefined) return { allowed: true, state };
  const untilMs = Math.max(state.openUntilMs, state.trialUntilMs ?? 0);
  if (nowMs < untilMs) return { allowed: false, retryAtMs: untilMs };
  return { allowed: true, state: { ...state, trialUntilMs: nowMs + trialMs } };
}

/** Returns the state after a failure: opens the breaker when there were enough in a row, or when a trial failed. */
export function recordFailure(
  state: BreakerState | undefined,
  { failures: threshold, openSeconds }: BreakerPolicy,
  nowMs: number,
): BreakerState {
  const failures = (state?.failures ?? 0) + 1;
  const opened = state?.opened ?? 0;
  const isTrial = state?.openUntilMs !== undefined;
  if (!isTrial && failures < threshold) return { failures };
  // Requests that were under way when it opened change nothing.
  if (isTrial && nowMs < state.openUntilMs) return state;
  const openMs = Math.min(
    openSeconds * 1000 * 2 ** opened,
    Math.max(OPEN_MS_MAX, openSeconds * 1000),
  );
  return { failures, openUntilMs: nowMs + openMs, opened: opened + 1 };
}
