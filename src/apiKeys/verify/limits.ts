import {
  forgettableAtMs,
  type Limit,
  type LimitState,
  limitStatus,
  take,
  windowMs,
} from '../../platform/limits/index.js';

/** The call limits of a key, stored with it as JSON. */
export interface KeyLimits {
  readonly rules: readonly Exclude<Limit, { strategy: 'calendarMonth' }>[];
  /** Calls in a calendar month, UTC. */
  readonly monthlyCalls?: number | undefined;
}

/** The state of a key's meter. */
export interface KeyMeterState {
  readonly limits?: Readonly<Record<string, LimitState>>;
}

export interface Pass {
  readonly counts: KeyMeterState;
  readonly keepUntilMs: number;
  /**
   * Absent when all calls are allowed. Never later than the limit's own period: a sliding window may refuse again then, when it
   * was used up at its end.
   */
  readonly refused?: { readonly description: string; readonly retryAtMs: number };
}

export function isLimited({ rules, monthlyCalls }: KeyLimits): boolean {
  return rules.length > 0 || monthlyCalls !== undefined;
}

/** Counts several calls at once: all of them if every limit allows them, otherwise none. */
export function passCalls(
  counts: KeyMeterState,
  limits: KeyLimits,
  { calls, nowMs }: { readonly calls: number; readonly nowMs: number },
): Pass {
  const taken: Record<string, LimitState> = {};
  let keepUntilMs = nowMs;
  for (const { name, limit, description } of namedLimits(limits)) {
    let state = counts.limits?.[name];
    for (let nth = 0; nth < calls; nth += 1) {
      const one = take(limit, state, nowMs);
      if (!one.allowed) {
        const retryAtMs = Math.min(one.retryAtMs, nowMs + windowMs(limit, nowMs));
        return { counts, keepUntilMs: nowMs, refused: { description, retryAtMs } };
      }
      ({ state } = one);
    }
    if (!state) continue;
    taken[name] = state;
    keepUntilMs = Math.max(keepUntilMs, forgettableAtMs(limit, state));
  }
  return { counts: { ...counts, limits: { ...counts.limits, ...taken } }, keepUntilMs };
}

/** Returns the status of each limit, with a description. */
export function keyLimitStatusOf(counts: KeyMeterState, limits: KeyLimits, nowMs: number) {
  return namedLimits(limits).map(({ name, limit, description }) => ({
    description,
    ...limitStatus(limit, counts.limits?.[name], nowMs),
  }));
}

/** A limit as HTTP headers show it, in seconds. */
export interface AdvertisedLimit {
  readonly name: string;
  readonly calls: number;
  readonly perSeconds: number;
  readonly remaining: number;
  /** When there is more: when the limit allows a call again if it is used up, otherwise when all of it is available. */
  readonly moreInSeconds: number;
}

/** Returns the limits as HTTP headers show them, the one with the fewest remaining calls first. */
export function advertisedLimits(
  counts: KeyMeterState,
  limits: KeyLimits,
  nowMs: number,
): AdvertisedLimit[] {
  const shown = namedLimits(limits).map(({ name, policy, limit }) => {
    const state = counts.limits?.[name];
    const { calls, remaining, fullAtMs } = limitStatus(limit, state, nowMs);
    const next = take(limit, state, nowMs);
    const lengthMs = windowMs(limit, nowMs);
    const inMs = Math.min((next.allowed ? fullAtMs : next.retryAtMs) - nowMs, lengthMs);
    return {
      name: policy,
      calls,
      remaining,
      perSeconds: Math.ceil(lengthMs / 1000),
      moreInSeconds: Math.max(0, Math.ceil(inMs / 1000)),
    };
  });
  return shown.sort((one, other) => one.remaining - other.remaining);
}

/** Names each limit by its content, so that a changed rule starts at zero and the others go on counting. */
function namedLimits({ rules, monthlyCalls }: KeyLimits) {
  const named = rules.map((limit) => ({
    name: JSON.stringify([limit.strategy, limit.calls, limit.perSeconds]),
    policy: `${limit.strategy}-${String(limit.calls)}-${String(limit.perSeconds)}`,
    limit,
    description: `${String(limit.calls)} calls in ${String(limit.perSeconds)} seconds`,
  }));
  if (monthlyCalls === undefined) return named;
  const limit: Limit = { strategy: 'calendarMonth', calls: monthlyCalls };
  const description = `${String(monthlyCalls)} calls a month`;
  return [...named, { name: 'month', policy: 'month', limit, description }];
}
