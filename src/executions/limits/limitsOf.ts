import type { AnyAction, Budget, ConnectorSpec } from '../../contract/index.js';
import type { IntegrationSettings } from '../../integrations/index.js';
import type { Limit } from '../../platform/limits/index.js';
import type { NamedLimit } from './meter.js';

/** The properties of a call that determine its limits. */
export interface LimitedCall {
  readonly integration: { readonly id: string };
  readonly connection: { readonly id: string };
  readonly connector: Pick<ConnectorSpec, 'key' | 'name' | 'limits'>;
  readonly settings: Pick<IntegrationSettings, 'limits' | 'quota' | 'cache' | 'breaker'>;
  /** `master`, `user:<id>` or `apiKey:<id>`. */
  readonly caller: string;
  /** Default: any action; then budgets of single actions are included. */
  readonly action?: Pick<AnyAction, 'name'>;
}

/** Who shares a meter. */
export type LimitScope = 'caller' | 'integration' | 'connection' | 'app';

/** One meter and the limits that are counted in it. */
export interface Metered {
  readonly scope: LimitScope;
  readonly key: string;
  readonly limits: readonly NamedLimit[];
}

/**
 * `call`: once for each call, before the cache is read: the integration's rules and quota. `request`: once for each request
 * that is sent: the service's budgets, its pauses and the circuit breaker.
 */
export type LimitStage = 'call' | 'request';

/** Returns the meters that decide about a call, in the order in which they are counted. Pure. */
export function limitsOf(call: LimitedCall, stage: LimitStage): readonly Metered[] {
  return stage === 'call' ? limitsOfIntegration(call) : limitsOfService(call);
}

/** Returns the key of the meter that counts an integration's calls and writes. */
export function integrationKey({ integration }: Pick<LimitedCall, 'integration'>): string {
  return `integration:${integration.id}`;
}

/** Returns the key of the meter that counts a connection's requests and holds the limits that its service reported. */
export function connectionKey({ connection }: Pick<LimitedCall, 'connection'>): string {
  return `connection:${connection.id}`;
}

function limitsOfIntegration(call: LimitedCall): readonly Metered[] {
  const { integration, caller, settings } = call;
  const { quota, cache } = settings;
  const own: Metered = {
    scope: 'integration',
    key: integrationKey(call),
    limits: [...rulesOf(settings), ...(quota?.each === 'integration' ? [quotaLimit(quota)] : [])],
  };
  const perCaller: Metered[] =
    quota?.each === 'caller'
      ? [
          {
            scope: 'caller',
            key: `caller:${integration.id}:${caller}`,
            limits: [quotaLimit(quota)],
          },
        ]
      : [];
  // A cache needs the integration's meter for its count of writes.
  return own.limits.length > 0 || cache ? [...perCaller, own] : perCaller;
}

function limitsOfService(call: LimitedCall): readonly Metered[] {
  const shared = budgetsOf(call, 'app');
  const own: Metered = {
    scope: 'connection',
    key: connectionKey(call),
    limits: budgetsOf(call, 'connection'),
  };
  if (shared.length === 0) return [own];
  return [own, { scope: 'app', key: `app:${call.connector.key}`, limits: shared }];
}

function rulesOf({ limits }: Pick<IntegrationSettings, 'limits'>): NamedLimit[] {
  return limits.rules.map((limit, nth) => ({
    name: `rule${String(nth)}.${limit.strategy}.${String(limit.perSeconds)}`,
    kind: 'limit',
    limit,
    description: describeLimit(limit),
  }));
}

function quotaLimit({ calls, per }: NonNullable<IntegrationSettings['quota']>): NamedLimit {
  const limit: Limit =
    per === 'month'
      ? { strategy: 'calendarMonth', calls }
      : { strategy: 'fixedWindow', calls, perSeconds: 86_400 };
  return { name: 'quota', kind: 'quota', limit, description: `${String(calls)} calls a ${per}` };
}

function budgetsOf({ connector, action }: LimitedCall, scope: Budget['scope']): NamedLimit[] {
  return connector.limits.budgets.flatMap((budget, nth) => {
    const { requests: calls, perSeconds, actions } = budget;
    const holds = action === undefined || actions === undefined || actions.includes(action.name);
    if (budget.scope !== scope || !holds) return [];
    const limit = { strategy: 'slidingWindow', calls, perSeconds } as const;
    const description = `${connector.name}: ${describeLimit(limit)}`;
    return [{ name: `budget${String(nth)}`, kind: 'limit' as const, limit, description, actions }];
  });
}

function describeLimit({
  calls,
  perSeconds,
}: {
  readonly calls: number;
  readonly perSeconds: number;
}): string {
  return `${String(calls)} calls in ${String(perSeconds)} seconds`;
}
