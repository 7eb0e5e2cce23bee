import type { CallOutcome } from '../../connections/index.js';
import type { Budget } from '../../contract/index.js';
import type { IntegrationSettings } from '../../integrations/index.js';
import { DAY_MS, HOUR_MS } from '../../platform/durations.js';
import type { Limit, Meters, MeterState } from '../../platform/limits/index.js';
import { standing } from '../../platform/limits/index.js';
import type { Entering, Ready } from '../call/plan.js';
import { recordFailure } from './breaker.js';
import { type Admission, type MeterCounts, type NamedLimit, pass, unpass } from './meter.js';

/** What decides whether a call may be made now, for all processes together. */
export interface Gate {
  /** The integration’s own limits and quota. `writes` tells how many writes there were: see AnswerCache. */
  enter(entering: Entering): Promise<Admission & { readonly writes: number }>;
  /** Gives back what `enter` took for a call that is not made now. */
  leave(entering: Entering): Promise<void>;
  /** What the service bears: its budgets, its wishes, and whether it works at all. */
  pass(ready: Ready, action: string): Promise<Admission>;
  /** Gives back what `pass` took for a call that is not made after all. */
  retract(ready: Ready, action: string): Promise<void>;
  /** What came of a request that `pass` let through. */
  report(ready: Ready, outcome: CallOutcome): Promise<void>;
  /** Answers from before are stale. */
  wrote(ready: Ready): Promise<void>;
  /** What is left of everything, or of what holds for an action. */
  limitStatus(entering: Entering, action?: string): Promise<RateLimitStatus>;
}

interface LimitStatus {
  readonly name: string;
  readonly scope: 'caller' | 'integration' | 'connection' | 'app';
  readonly description: string;
  /** The only ones that it holds for. */
  readonly actions?: readonly string[] | undefined;
  readonly calls: number;
  readonly remaining: number;
  readonly fullAt: Date;
}

export interface RateLimitStatus {
  readonly limits: readonly LimitStatus[];
  readonly pausedUntil?: Date;
  /** What the service said last. */
  readonly serviceRemaining?: { readonly calls: number; readonly until: Date };
  readonly breaker: 'closed' | 'open' | 'halfOpen';
}

/** The service says so little: then each call that it lets through is counted down. */
const REMAINING_FEW = 20;
/** After a refusal for too many requests that does not say for how long. */
const PAUSE_MS = 1_000;

export function createGate(meters: Meters): Gate {
  const counting = countingIn(meters);
  const { tryPass, undoPass } = counting;
  return {
    ...entrance(counting),

    async pass(ready, action) {
      const { connection, connector } = ready;
      const own = budgetsOf(ready, 'connection', action);
      const first = await tryPass(connectionKey(connection.id), own);
      const shared = budgetsOf(ready, 'app', action);
      if (!first.admission.admitted || shared.length === 0) return first.admission;
      const { admission } = await tryPass(appKey(connector.key), shared);
      if (!admission.admitted) await undoPass(connectionKey(connection.id), own);
      return admission;
    },

    async retract(ready, action) {
      const { connection, connector } = ready;
      await undoPass(connectionKey(connection.id), budgetsOf(ready, 'connection', action));
      const shared = budgetsOf(ready, 'app', action);
      if (shared.length > 0) await undoPass(appKey(connector.key), shared);
    },

    report: ({ connection, settings }, outcome) =>
      meters.decide(connectionKey(connection.id), (state, nowMs) => {
        const next = recordOutcome(state, outcome, { policy: settings.breaker, nowMs });
        const keepUntilMs = Math.max(
          next.pausedUntilMs ?? 0,
          next.serviceRemaining?.untilMs ?? 0,
          (next.breaker?.openUntilMs ?? nowMs) + HOUR_MS,
        );
        return { state: next as MeterState, result: undefined, keepUntilMs };
      }),

    wrote: ({ integration, settings }) =>
      settings.cache
        ? meters.decide(integrationKey(integration.id), (state, nowMs) => {
            const { writes = 0 } = state as MeterCounts;
            const keepUntilMs = nowMs + DAY_MS;
            return { state: { ...state, writes: writes + 1 }, result: undefined, keepUntilMs };
          })
        : Promise.resolve(),

    limitStatus: (entering, action) => limitStatusOf(meters, entering, action),
  };
}

/** Takes places in a meter, and gives them back. */
function countingIn(meters: Meters) {
  return {
    tryPass: (key: string, limits: readonly NamedLimit[]) =>
      meters.decide(key, (state, nowMs) => {
        const { counts, admission, keepUntilMs } = pass(state, limits, nowMs);
        const result = { admission, writes: (state as MeterCounts).writes ?? 0 };
        return { state: counts as MeterState, result, keepUntilMs };
      }),
    undoPass: (key: string, limits: readonly NamedLimit[]) =>
      meters.decide(key, (state, nowMs) => ({
        state: unpass(state, limits, nowMs) as MeterState,
        result: undefined,
      })),
  };
}

/** The integration's own: first what the caller has, then what all share. */
function entrance({
  tryPass,
  undoPass,
}: ReturnType<typeof countingIn>): Pick<Gate, 'enter' | 'leave'> {
  return {
    async enter(entering) {
      const { integration, settings } = entering;
      const [limits, callers] = [ownLimits(settings), callerLimits(settings)];
      if (callers.length > 0) {
        const { admission } = await tryPass(callerKey(entering), callers);
        if (!admission.admitted) return { ...admission, writes: 0 };
      }
      if (limits.length === 0 && !settings.cache) return { admitted: true, writes: 0 };
      const { admission, writes } = await tryPass(integrationKey(integration.id), limits);
      if (!admission.admitted && callers.length > 0) await undoPass(callerKey(entering), callers);
      return { ...admission, writes };
    },

    async leave(entering) {
      const { integration, settings } = entering;
      const [limits, callers] = [ownLimits(settings), callerLimits(settings)];
      if (callers.length > 0) await undoPass(callerKey(entering), callers);
      if (limits.length > 0) await undoPass(integrationKey(integration.id), limits);
    },
  };
}

function integrationKey(id: string): string {
  return `integration:${id}`;
}
function callerKey({ integration, caller }: Entering): string {
  return `caller:${integration.id}:${caller}`;
}
function connectionKey(id: string): string {
  return `connection:${id}`;
}
function appKey(connector: string): string {
  return `app:${connector}`;
}

function ownLimits({ limits, quota }: IntegrationSettings): NamedLimit[] {
  const rules = limits.rules.map((limit, nth) => ({
    name: `rule${String(nth)}.${limit.strategy}.${String(limit.perSeconds)}`,
    limit,
    description: describeLimit(limit),
  }));
  return quota?.each === 'integration' ? [...rules, quotaLimit(quota)] : rules;
}

/** What each caller has for himself. */
function callerLimits({ quota }: IntegrationSettings): NamedLimit[] {
  return quota?.each === 'caller' ? [quotaLimit(quota)] : [];
}

function quotaLimit({ calls, per }: NonNullable<IntegrationSettings['quota']>): NamedLimit {
  const limit: Limit =
    per === 'month'
      ? { strategy: 'calendarMonth', calls }
      : { strategy: 'fixedWindow', calls, perSeconds: 86_400 };
  return { name: QUOTA, limit, description: `${String(calls)} calls a ${per}` };
}

/** The name of the quota among an integration’s limits. */
export const QUOTA = 'quota';

function budgetsOf(
  { connector }: Pick<Ready, 'connector'>,
  scope: Budget['scope'],
  action?: string,
): NamedLimit[] {
  return connector.limits.budgets.flatMap((budget, nth) => {
    const isOurs =
      budget.scope === scope &&
      (action === undefined || budget.actions === undefined || budget.actions.includes(action));
    if (!isOurs) return [];
    const { requests: calls, perSeconds, actions } = budget;
    const limit = { strategy: 'slidingWindow', calls, perSeconds } as const;
    const description = `${connector.name}: ${describeLimit(limit)}`;
    return [{ name: `budget${String(nth)}`, limit, description, actions }];
  });
}

function describeLimit({
  calls,
  perSeconds,
}: {
  readonly calls: number;
  readonly perSeconds: number;
}) {
  return `${String(calls)} calls in ${String(perSeconds)} seconds`;
}

function recordOutcome(
  counts: MeterCounts,
  outcome: CallOutcome,
  { policy, nowMs }: { readonly policy: IntegrationSettings['breaker']; readonly nowMs: number },
): MeterCounts {
  return withBreaker(withSigns(counts, outcome, nowMs), outcome, { policy, nowMs });
}

/** What the service asks for, and what it says is left. */
function withSigns(
  counts: MeterCounts,
  { signs, ...outcome }: CallOutcome,
  nowMs: number,
): MeterCounts {
  const { waitMs, remaining, resetsAt } = signs;
  const isLimited = outcome.kind === 'failure' && outcome.failure.kind === 'rateLimit';
  const resetMs = resetsAt?.getTime();
  const pauseMs = waitMs ?? (isLimited ? (resetMs === undefined ? PAUSE_MS : resetMs - nowMs) : 0);
  // Something of `Retry-After` on an answer that is good is about something else.
  const isPaused = isLimited || (outcome.kind === 'failure' && waitMs !== undefined);
  const pausedUntilMs = isPaused ? nowMs + Math.max(0, pauseMs) : 0;
  const paused =
    pausedUntilMs > (counts.pausedUntilMs ?? 0) && pausedUntilMs > nowMs
      ? { ...counts, pausedUntilMs }
      : counts;
  if (remaining === undefined || resetMs === undefined || resetMs <= nowMs) return paused;
  if (remaining > REMAINING_FEW)
    return paused.serviceRemaining === undefined ? paused : without(paused, 'serviceRemaining');
  // Answers come back in another order than they were asked for: the least counts, within one window.
  const known =
    paused.serviceRemaining && nowMs < paused.serviceRemaining.untilMs
      ? paused.serviceRemaining.calls
      : Infinity;
  return {
    ...paused,
    serviceRemaining: { calls: Math.min(known, Math.max(0, remaining)), untilMs: resetMs },
  };
}

function withBreaker(
  counts: MeterCounts,
  outcome: CallOutcome,
  { policy, nowMs }: { readonly policy: IntegrationSettings['breaker']; readonly nowMs: number },
): MeterCounts {
  const isDown =
    outcome.kind === 'failure' &&
    (outcome.failure.kind === 'connection' ||
      (outcome.failure.kind === 'provider' && outcome.failure.status >= 500));
  if (isDown) return { ...counts, breaker: recordFailure(counts.breaker, policy, nowMs) };
  return without(counts, 'breaker');
}

function without(counts: MeterCounts, name: keyof MeterCounts): MeterCounts {
  const { [name]: _left, ...others } = counts;
  return others;
}

async function limitStatusOf(
  meters: Meters,
  ready: Entering,
  action?: string,
): Promise<RateLimitStatus> {
  const { integration, connection, connector, settings } = ready;
  const sources = [
    { scope: 'caller', key: callerKey(ready), limits: callerLimits(settings) },
    { scope: 'integration', key: integrationKey(integration.id), limits: ownLimits(settings) },
    {
      scope: 'connection',
      key: connectionKey(connection.id),
      limits: budgetsOf(ready, 'connection', action),
    },
    { scope: 'app', key: appKey(connector.key), limits: budgetsOf(ready, 'app', action) },
  ] as const;
  const states = await Promise.all(
    sources.map(({ key }) => meters.read(key) as Promise<MeterCounts>),
  );
  const nowMs = meters.nowMs();
  const limits = sources.flatMap(({ scope, limits: named }, nth) =>
    named.map(({ name, limit, description, actions }) => {
      const { calls, remaining, fullAtMs } = standing(limit, states[nth]?.limits?.[name], nowMs);
      const fullAt = new Date(fullAtMs);
      return { name, scope, description, calls, remaining, fullAt, ...(actions && { actions }) };
    }),
  );
  const { pausedUntilMs = 0, serviceRemaining: left, breaker } = states[2] ?? {};
  const openUntilMs = breaker?.openUntilMs;
  return {
    limits,
    ...(pausedUntilMs > nowMs && { pausedUntil: new Date(pausedUntilMs) }),
    ...(left &&
      left.untilMs > nowMs && {
        serviceRemaining: { calls: left.calls, until: new Date(left.untilMs) },
      }),
    breaker: openUntilMs === undefined ? 'closed' : nowMs < openUntilMs ? 'open' : 'halfOpen',
  };
}
