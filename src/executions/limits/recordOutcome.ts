import type { CallOutcome } from '../../connections/index.js';
import { DAY_MS, HOUR_MS } from '../../platform/durations.js';
import type { Meters, MeterState } from '../../platform/limits/index.js';
import { type BreakerPolicy, recordFailure } from './breaker.js';
import { connectionKey, integrationKey, type LimitedCall } from './limitsOf.js';
import type { MeterCounts } from './meter.js';

/** While the service says that no more than this is left, each request is counted down. */
const REMAINING_FEW = 20;
/** The pause after a refusal for too many requests that does not say how long to wait. */
const PAUSE_MS = 1_000;

/** Records for all processes what the outcome of a request says of the service: pauses, what is left, failures. */
export function recordOutcome(
  meters: Meters,
  call: Pick<LimitedCall, 'connection' | 'settings'>,
  outcome: CallOutcome,
): Promise<void> {
  return meters.decide(connectionKey(call), (state, nowMs) => {
    const next = outcomeCounts(state, outcome, { policy: call.settings.breaker, nowMs });
    const keepUntilMs = Math.max(
      next.pausedUntilMs ?? 0,
      next.serviceRemaining?.untilMs ?? 0,
      (next.breaker?.openUntilMs ?? nowMs) + HOUR_MS,
    );
    return { state: next as MeterState, result: undefined, keepUntilMs };
  });
}

/** Makes all cached responses of the integration stale, in all processes. Does nothing without a cache. */
export async function recordWrite(
  meters: Meters,
  call: Pick<LimitedCall, 'integration' | 'settings'>,
): Promise<void> {
  if (!call.settings.cache) return;
  await meters.decide(integrationKey(call), (state, nowMs) => {
    const { writes = 0 } = state as MeterCounts;
    const next = { ...state, writes: writes + 1 };
    return { state: next, result: undefined, keepUntilMs: nowMs + DAY_MS };
  });
}

function outcomeCounts(
  counts: MeterCounts,
  outcome: CallOutcome,
  { policy, nowMs }: { readonly policy: BreakerPolicy; readonly nowMs: number },
): MeterCounts {
  const paused = withPause(counts, outcome, nowMs);
  const counted = withRemaining(paused, outcome, nowMs);
  if (!isDown(outcome)) return without(counted, 'breaker');
  return { ...counted, breaker: recordFailure(counted.breaker, policy, nowMs) };
}

/** Returns whether the service did not work: it was not reached, or failed by itself. */
function isDown(outcome: CallOutcome): boolean {
  if (outcome.kind !== 'failure') return false;
  const { kind, status } = outcome.failure;
  return kind === 'connection' || (kind === 'provider' && status >= 500);
}

/** Adds the pause that the service requested, if it ends later than the current one. */
function withPause(counts: MeterCounts, outcome: CallOutcome, nowMs: number): MeterCounts {
  // `Retry-After` of a successful response has another meaning.
  if (outcome.kind !== 'failure') return counts;
  const { waitMs, resetsAt } = outcome.signs;
  const isLimited = outcome.failure.kind === 'rateLimit';
  if (!isLimited && waitMs === undefined) return counts;
  const resetMs = resetsAt === undefined ? PAUSE_MS : resetsAt.getTime() - nowMs;
  const pausedUntilMs = nowMs + Math.max(0, waitMs ?? resetMs);
  const isLater = pausedUntilMs > Math.max(nowMs, counts.pausedUntilMs ?? 0);
  return isLater ? { ...counts, pausedUntilMs } : counts;
}

/** Records how many requests the service reports as left, if they are few. */
function withRemaining(
  counts: MeterCounts,
  { signs: { remaining, resetsAt } }: CallOutcome,
  nowMs: number,
): MeterCounts {
  const untilMs = resetsAt?.getTime();
  if (remaining === undefined || untilMs === undefined || untilMs <= nowMs) return counts;
  const { serviceRemaining: known } = counts;
  if (remaining > REMAINING_FEW) return known ? without(counts, 'serviceRemaining') : counts;
  // Responses arrive in another order than their requests were sent: within one window the least counts.
  const knownCalls = known && nowMs < known.untilMs ? known.calls : Infinity;
  const calls = Math.min(knownCalls, Math.max(0, remaining));
  return { ...counts, serviceRemaining: { calls, untilMs } };
}

function without(counts: MeterCounts, name: keyof MeterCounts): MeterCounts {
  const { [name]: _left, ...others } = counts;
  return others;
}
