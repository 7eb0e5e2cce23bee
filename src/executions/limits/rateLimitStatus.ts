import { limitStatus, type Meters } from '../../platform/limits/index.js';
import { type LimitedCall, type LimitScope, limitsOf } from './limitsOf.js';
import type { MeterCounts } from './meter.js';

/** The status of everything that limits calls of an integration. */
export interface RateLimitStatus {
  readonly limits: readonly {
    readonly name: string;
    readonly scope: LimitScope;
    readonly description: string;
    /** The actions that it holds for. Default: all. */
    readonly actions?: readonly string[] | undefined;
    readonly calls: number;
    readonly remaining: number;
    /** When it is unused again, if there are no calls until then. */
    readonly fullAt: Date;
  }[];
  /** The service requested that nothing is sent until then. */
  readonly pausedUntil?: Date;
  /** The number of requests that the service reported as left, if they are few. */
  readonly serviceRemaining?: { readonly calls: number; readonly until: Date };
  readonly breaker: 'closed' | 'open' | 'halfOpen';
}

/** Loads the status of all limits, or of those that hold for `call.action`. Counts nothing. */
export async function loadRateLimitStatus(
  meters: Meters,
  call: LimitedCall,
): Promise<RateLimitStatus> {
  const metered = [...limitsOf(call, 'call'), ...limitsOf(call, 'request')];
  const loaded = await Promise.all(
    metered.map(async (each) => {
      const counts: MeterCounts = await meters.read(each.key);
      return { ...each, counts };
    }),
  );
  const nowMs = meters.nowMs();
  const limits = loaded.flatMap(({ scope, limits: named, counts }) =>
    named.map(({ name, limit, description, actions }) => {
      const { calls, remaining, fullAtMs } = limitStatus(limit, counts.limits?.[name], nowMs);
      const fullAt = new Date(fullAtMs);
      return { name, scope, description, calls, remaining, fullAt, ...(actions && { actions }) };
    }),
  );
  const service = loaded.find(({ scope }) => scope === 'connection')?.counts ?? {};
  return { limits, ...serviceStatus(service, nowMs) };
}

function serviceStatus(
  { pausedUntilMs = 0, serviceRemaining: left, breaker }: MeterCounts,
  nowMs: number,
): Omit<RateLimitStatus, 'limits'> {
  const openUntilMs = breaker?.openUntilMs;
  return {
    ...(pausedUntilMs > nowMs && { pausedUntil: new Date(pausedUntilMs) }),
    ...(left &&
      left.untilMs > nowMs && {
        serviceRemaining: { calls: left.calls, until: new Date(left.untilMs) },
      }),
    breaker: openUntilMs === undefined ? 'closed' : nowMs < openUntilMs ? 'open' : 'halfOpen',
  };
}
