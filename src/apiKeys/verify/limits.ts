import {
  forgettableAtMs,
  type Limit,
  type LimitState,
  limitStatus,
  take,
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
  /** Absent when all calls are allowed. */
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

/** Returns the status of each limit, with a description. */
export function keyLimitStatusOf(counts: KeyMeterState, limits: KeyLimits, nowMs: number) {
  return namedLimits(limits).map(({ name, limit, description }) => ({
    description,
    ...limitStatus(limit, counts.limits?.[name], nowMs),
  }));
}

/** Names each limit by its content, so that a changed rule starts at zero and the others go on counting. */
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
