import {
  forgettableAtMs,
  type Limit,
  type LimitState,
  limitStatus,
  take,
} from '../../platform/limits/index.js';

/** What may be called how often; kept as JSON with the key. */
export interface KeyLimits {
  readonly rules: readonly Exclude<Limit, { strategy: 'calendarMonth' }>[];
  /** Calls in a calendar month, UTC. */
  readonly monthlyCalls?: number | undefined;
}

/** What one meter holds. */
export interface KeyMeterState {
  readonly limits?: Readonly<Record<string, LimitState>>;
}

export interface Pass {
  readonly counts: KeyMeterState;
  readonly keepUntilMs: number;
  /** Left out: there was room for all. */
  readonly refused?: { readonly description: string; readonly retryAtMs: number };
}

export function isLimited({ rules, monthlyCalls }: KeyLimits): boolean {
  return rules.length > 0 || monthlyCalls !== undefined;
}

/** So many calls more at once: under every limit there is room for all of them, or none is counted. */
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
        return { counts, keepUntilMs: nowMs, refused: { description, retryAtMs: one.retryAtMs } };
      }
      ({ state } = one);
    }
    if (!state) continue;
    taken[name] = state;
    keepUntilMs = Math.max(keepUntilMs, forgettableAtMs(limit, state));
  }
  return { counts: { ...counts, limits: { ...counts.limits, ...taken } }, keepUntilMs };
}

/** What each limit still allows, in words. */
export function keyLimitStatusOf(counts: KeyMeterState, limits: KeyLimits, nowMs: number) {
  return namedLimits(limits).map(({ name, limit, description }) => ({
    words: description,
    ...limitStatus(limit, counts.limits?.[name], nowMs),
  }));
}

/** By the name under which it is counted: a rule that is changed counts from nothing, others go on. */
function namedLimits({ rules, monthlyCalls }: KeyLimits) {
  const named = rules.map((limit) => ({
    name: JSON.stringify([limit.strategy, limit.calls, limit.perSeconds]),
    limit,
    description: `${String(limit.calls)} calls in ${String(limit.perSeconds)} seconds`,
  }));
  if (monthlyCalls === undefined) return named;
  const limit: Limit = { strategy: 'calendarMonth', calls: monthlyCalls };
  return [...named, { name: 'month', limit, description: `${String(monthlyCalls)} calls a month` }];
}
