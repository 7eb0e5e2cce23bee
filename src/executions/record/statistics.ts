import type { Clock } from '../../platform/clock.js';
import { HOUR_MS } from '../../platform/durations.js';
import { COUNTED_MAX, type ExecutionRow, type ExecutionStore } from '../store.js';

/** Counts and durations of the calls of an integration. */
export interface Statistics {
  readonly since: Date;
  /** Whether there were more calls than are counted: then only the newest of them are. */
  readonly isPartial: boolean;
  readonly calls: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly refused: number;
  readonly queued: number;
  readonly cached: number;
  /** Requests sent beyond the first of each call. */
  readonly retries: number;
  /** Durations of calls that were sent, in milliseconds; absent when none was. */
  readonly durationMs?: { readonly p50: number; readonly p95: number; readonly p99: number };
  /** How many calls waited for a limit, and how long all of them together. */
  readonly waited: number;
  readonly waitedMs: number;
  readonly failures: Readonly<Record<string, number>>;
  /** Why calls were not sent, by the name of the error: LimitReached, QuotaUsedUp, ServicePaused … */
  readonly refusals: Readonly<Record<string, number>>;
  readonly actions: readonly {
    readonly action: string;
    readonly calls: number;
    readonly failed: number;
  }[];
}

/** Sums up the executions of the last hours that are still stored. */
export async function statisticsOf(
  { store, clock }: { readonly store: ExecutionStore; readonly clock: Clock },
  where: { readonly organization: string; readonly integration: string },
  hours: number,
): Promise<Statistics> {
  const since = new Date(clock.now().getTime() - hours * HOUR_MS);
  return summarize(await store.since(where, since), since);
}

function summarize(rows: readonly ExecutionRow[], since: Date): Statistics {
  const inState = (state: string) => rows.filter((row) => row.state === state).length;
  const durations = rows
    .filter(({ attempts }) => attempts > 0)
    .map(({ durationMs }) => durationMs)
    .sort((a, b) => a - b);
  const failed = rows.filter(({ state }) => state === 'failed');
  const refused = rows.filter(({ state }) => state === 'refused');
  const waited = rows.filter(({ waitedMs }) => waitedMs > 0);
  return {
    since,
    isPartial: rows.length >= COUNTED_MAX,
    calls: rows.length,
    succeeded: inState('succeeded'),
    failed: failed.length,
    refused: refused.length,
    queued: inState('queued'),
    cached: rows.filter(({ isCached }) => isCached).length,
    retries: rows.reduce((sum, { attempts }) => sum + Math.max(0, attempts - 1), 0),
    ...(durations.length > 0 && {
      durationMs: {
        p50: quantile(durations, 0.5),
        p95: quantile(durations, 0.95),
        p99: quantile(durations, 0.99),
      },
    }),
    waited: waited.length,
    waitedMs: waited.reduce((sum, { waitedMs }) => sum + waitedMs, 0),
    refusals: Object.fromEntries(countByName(refused.map(({ failure }) => failure ?? 'system'))),
    failures: Object.fromEntries(countByName(failed.map(({ failure }) => failure ?? 'system'))),
    actions: countByName(rows.map(({ action }) => action))
      .map(([action, calls]) => ({
        action,
        calls,
        failed: failed.filter((row) => row.action === action).length,
      }))
      .slice(0, 100),
  };
}

/** Returns the smallest value that the given part of the sorted values, from 0 to 1, does not exceed. */
function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? 0;
}

/** Returns how often each name occurs, most frequent first. */
function countByName(names: readonly string[]): (readonly [string, number])[] {
  const counted = new Map<string, number>();
  for (const name of names) counted.set(name, (counted.get(name) ?? 0) + 1);
  return [...counted].sort(([, a], [, b]) => b - a);
}
