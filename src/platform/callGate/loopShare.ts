import { performance } from 'node:perf_hooks';

/** Four of 64. */
const SHARE_MIN = 1 / 16;
const SAMPLE_MS = 100;
/** Above it what is in flight delays everything else. */
const BUSY = 0.9;
/** Below it there is room for more. */
const CALM = 0.7;
const GROWTH = 1.25;

/**
 * Returns the part of its slots that a group has while others are active: it shrinks while the event loop, which all share, is
 * busy, and grows while it waits for the database or for other services. `utilization` returns the busy part of the time
 * since it was last called, between 0 and 1.
 */
export function createLoopShare(
  nowMs: () => number,
  utilization: () => number = loopUtilization(),
): () => number {
  let share = SHARE_MIN;
  let sampledAtMs = nowMs();
  return () => {
    if (nowMs() - sampledAtMs < SAMPLE_MS) return share;
    sampledAtMs = nowMs();
    const busy = utilization();
    if (busy > BUSY) share = Math.max(SHARE_MIN, share / 2);
    else if (busy < CALM) share = Math.min(1, share * GROWTH);
    return share;
  };
}

function loopUtilization(): () => number {
  let last = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, last);
    last = now;
    return utilization;
  };
}
