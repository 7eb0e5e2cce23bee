import {
  forgettableAtMs,
  giveBack,
  type Limit,
  type LimitState,
  take,
} from '../../platform/limits/index.js';
import { admit, type BreakerState } from './breaker.js';

/** A limit by the name under which its count is kept. */
export interface NamedLimit {
  readonly name: string;
  readonly limit: Limit;
  /** In words, for whoever meets it: `100 calls in 60 seconds`. */
  readonly description: string;
  /** The only actions that it holds for. */
  readonly actions?: readonly string[] | undefined;
}

/** What is kept in one meter. */
export interface MeterCounts {
  readonly limits?: Readonly<Record<string, LimitState>>;
  /** The service asked for silence until then. */
  readonly pausedUntilMs?: number;
  /** What the service said is left, and until when that holds. */
  readonly serviceRemaining?: { readonly calls: number; readonly untilMs: number };
  readonly breaker?: BreakerState | undefined;
  /** Counts the writes that make cached answers stale. */
  readonly writes?: number;
}

export type Refusal = {
  readonly retryAtMs: number;
} & (
  | { readonly why: 'limit'; readonly name: string; readonly description: string }
  | { readonly why: 'paused' | 'open' }
);

/** A place for one call, or why there is none now. */
export type Admission = { readonly admitted: true } | ({ readonly admitted: false } & Refusal);

export interface Passing {
  readonly counts: MeterCounts;
  readonly admission: Admission;
  readonly keepUntilMs: number;
}

/** How long a trial of a half open breaker may take before another may try. */
const TRIAL_MS = 60_000;

/** One call more: all limits have a place for it, the service did not ask for silence, the breaker is closed; or nothing changes. */
export function pass(counts: MeterCounts, limits: readonly NamedLimit[], nowMs: number): Passing {
  const refuse = (refusal: Refusal): Passing => ({
    counts,
    admission: { admitted: false, ...refusal },
    keepUntilMs: nowMs,
  });
  const breaker = admit(counts.breaker, { nowMs, trialMs: TRIAL_MS });
  if (!breaker.allowed) return refuse({ why: 'open', retryAtMs: breaker.retryAtMs });
  if (counts.pausedUntilMs !== undefined && nowMs < counts.pausedUntilMs) {
    return refuse({ why: 'paused', retryAtMs: counts.pausedUntilMs });
  }
  const serviceRemaining =
    counts.serviceRemaining && nowMs < counts.serviceRemaining.untilMs
      ? counts.serviceRemaining
      : undefined;
  if (serviceRemaining?.calls === 0)
    return refuse({ why: 'paused', retryAtMs: serviceRemaining.untilMs });
  const taken: Record<string, LimitState> = {};
  let keepUntilMs = nowMs + TRIAL_MS;
  for (const { name, limit, description: words } of limits) {
    const result = take(limit, counts.limits?.[name], nowMs);
    if (!result.allowed)
      return refuse({ why: 'limit', name, description: words, retryAtMs: result.retryAtMs });
    taken[name] = result.state;
    keepUntilMs = Math.max(keepUntilMs, forgettableAtMs(limit, result.state));
  }
  const isUnchanged = breaker.state === counts.breaker && !serviceRemaining && limits.length === 0;
  if (isUnchanged) return { counts, admission: { admitted: true }, keepUntilMs };
  const next: MeterCounts = {
    ...counts,
    breaker: breaker.state,
    ...(serviceRemaining && {
      serviceRemaining: { ...serviceRemaining, calls: serviceRemaining.calls - 1 },
    }),
    ...(limits.length > 0 && { limits: { ...counts.limits, ...taken } }),
  };
  return { counts: next, admission: { admitted: true }, keepUntilMs };
}

/** Undoes `pass` for a call that was not made after all. */
export function unpass(
  counts: MeterCounts,
  limits: readonly NamedLimit[],
  nowMs: number,
): MeterCounts {
  const returned = limits.flatMap(({ name, limit }) => {
    const state = counts.limits?.[name];
    return state ? [[name, giveBack(limit, state, nowMs)] as const] : [];
  });
  const { breaker } = counts;
  return {
    ...counts,
    limits: { ...counts.limits, ...Object.fromEntries(returned) },
    ...(breaker?.trialUntilMs !== undefined && { breaker: { ...breaker, trialUntilMs: 0 } }),
  };
}
