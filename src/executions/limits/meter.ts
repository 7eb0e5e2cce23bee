import {
  forgettableAtMs,
  giveBack,
  type Limit,
  type LimitState,
  take,
} from '../../platform/limits/index.js';
import { type BreakerState, decideBreaker } from './breaker.js';

/** A limit by the name under which its count is kept. */
export interface NamedLimit {
  readonly name: string;
  readonly kind: 'limit' | 'quota';
  readonly limit: Limit;
  /** As error messages name it: `100 calls in 60 seconds`. */
  readonly description: string;
  /** The actions that it holds for. Default: all. */
  readonly actions?: readonly string[] | undefined;
}

/** The content of one meter. */
export interface MeterCounts {
  readonly limits?: Readonly<Record<string, LimitState>>;
  /** The service requested that nothing is sent until then. */
  readonly pausedUntilMs?: number;
  /** The number of requests that the service reported as left, and until when it is valid. */
  readonly serviceRemaining?: { readonly calls: number; readonly untilMs: number };
  readonly breaker?: BreakerState | undefined;
  /** How many writes were made: a cached response from before the last one is stale. */
  readonly writes?: number;
}

/** Why a call may not be made now, and when to try again. */
export type Refusal = {
  readonly retryAtMs: number;
} & (
  | {
      readonly reason: NamedLimit['kind'];
      readonly name: string;
      readonly description: string;
    }
  | { readonly reason: 'paused' | 'breakerOpen' }
);

type MeterDecision = {
  /** The same object when nothing changed. */
  readonly counts: MeterCounts;
  /** Until when the counts must be kept. */
  readonly keepUntilMs: number;
} & ({ readonly admitted: true } | { readonly admitted: false; readonly refusal: Refusal });

/** How long the trial of a half open breaker may take before another request may try. */
const TRIAL_MS = 60_000;

/**
 * Counts one more call in a meter, if all its limits allow one, the service did not request a pause, and its breaker is
 * not open. A refusal changes nothing. Pure.
 */
export function countCall(
  counts: MeterCounts,
  limits: readonly NamedLimit[],
  nowMs: number,
): MeterDecision {
  const refuse = (refusal: Refusal): MeterDecision => ({
    counts,
    admitted: false,
    refusal,
    keepUntilMs: nowMs,
  });
  const breaker = decideBreaker(counts.breaker, { nowMs, trialMs: TRIAL_MS });
  if (!breaker.allowed) return refuse({ reason: 'breakerOpen', retryAtMs: breaker.retryAtMs });
  const pausedUntilMs = pauseEndMs(counts, nowMs);
  if (pausedUntilMs !== undefined) return refuse({ reason: 'paused', retryAtMs: pausedUntilMs });
  const taken: Record<string, LimitState> = {};
  let keepUntilMs = nowMs + TRIAL_MS;
  for (const { name, kind: reason, limit, description } of limits) {
    const result = take(limit, counts.limits?.[name], nowMs);
    if (!result.allowed) {
      return refuse({ reason, name, description, retryAtMs: result.retryAtMs });
    }
    taken[name] = result.state;
    keepUntilMs = Math.max(keepUntilMs, forgettableAtMs(limit, result.state));
  }
  const left = remainingAt(counts, nowMs);
  const isUnchanged = breaker.state === counts.breaker && !left && limits.length === 0;
  if (isUnchanged) return { counts, admitted: true, keepUntilMs };
  const next: MeterCounts = {
    ...counts,
    breaker: breaker.state,
    ...(left && { serviceRemaining: { ...left, calls: left.calls - 1 } }),
    ...(limits.length > 0 && { limits: { ...counts.limits, ...taken } }),
  };
  return { counts: next, admitted: true, keepUntilMs };
}

/** Undoes `countCall` for a call that is not made after all. Returns the same object when there is nothing to undo. Pure. */
export function uncountCall(
  counts: MeterCounts,
  limits: readonly NamedLimit[],
  nowMs: number,
): MeterCounts {
  const returned = limits.flatMap(({ name, limit }) => {
    const state = counts.limits?.[name];
    return state ? [[name, giveBack(limit, state, nowMs)] as const] : [];
  });
  const { breaker } = counts;
  const isTrial = breaker?.trialUntilMs !== undefined;
  if (returned.length === 0 && !isTrial) return counts;
  return {
    ...counts,
    limits: { ...counts.limits, ...Object.fromEntries(returned) },
    ...(isTrial && { breaker: { ...breaker, trialUntilMs: 0 } }),
  };
}

/** Returns the number of requests that the service reported as left, while it is valid. */
function remainingAt({ serviceRemaining }: MeterCounts, nowMs: number) {
  return serviceRemaining && nowMs < serviceRemaining.untilMs ? serviceRemaining : undefined;
}

/** Returns until when the service wants no requests; `undefined`: it takes them. */
function pauseEndMs(counts: MeterCounts, nowMs: number): number | undefined {
  const { pausedUntilMs } = counts;
  if (pausedUntilMs !== undefined && nowMs < pausedUntilMs) return pausedUntilMs;
  const left = remainingAt(counts, nowMs);
  return left?.calls === 0 ? left.untilMs : undefined;
}
