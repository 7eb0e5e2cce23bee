import type { Meters, MeterState } from '../../platform/limits/index.js';
import { type LimitedCall, limitsOf, type LimitStage, type Metered } from './limitsOf.js';
import { countCall, type MeterCounts, type Refusal, uncountCall } from './meter.js';

/** Whether a call may be made now. */
export type Admission =
  | {
      readonly admitted: true;
      /** Writes made through the integration so far; counted at stage `call` only. */
      readonly writes: number;
    }
  | { readonly admitted: false; readonly refusal: Refusal };

/**
 * Decides whether a call may be made now, for all processes together, and counts it: at stage `call` the integration's rules
 * and quota, at stage `request` the service's budgets, its pauses and the circuit breaker. A call that one limit refuses is
 * counted in none.
 */
export async function admit(
  meters: Meters,
  call: LimitedCall,
  stage: LimitStage,
): Promise<Admission> {
  const counted: Metered[] = [];
  let writes = 0;
  for (const metered of limitsOf(call, stage)) {
    const decision = await count(meters, metered);
    if (!decision.admitted) {
      for (const each of counted) await uncount(meters, each);
      return decision;
    }
    writes += decision.writes;
    counted.push(metered);
  }
  return { admitted: true, writes };
}

/** Undoes `admit` for a call that is not made after all. */
export async function release(meters: Meters, call: LimitedCall, stage: LimitStage): Promise<void> {
  for (const metered of limitsOf(call, stage)) await uncount(meters, metered);
}

function count(meters: Meters, { key, limits }: Metered): Promise<Admission> {
  return meters.decide(key, (state, nowMs) => {
    const decision = countCall(state, limits, nowMs);
    const { writes = 0 } = state as MeterCounts;
    return {
      state: decision.counts as MeterState,
      keepUntilMs: decision.keepUntilMs,
      result: decision.admitted
        ? { admitted: true, writes }
        : { admitted: false, refusal: decision.refusal },
    };
  });
}

function uncount(meters: Meters, { key, limits }: Metered): Promise<void> {
  return meters.decide(key, (state, nowMs) => ({
    state: uncountCall(state, limits, nowMs) as MeterState,
    result: undefined,
  }));
}
