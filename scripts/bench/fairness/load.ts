import { setTimeout as sleep } from 'node:timers/promises';

import type { FairnessScene } from './part.js';

/** A loud client that is refused tries again after this time. */
const LOUD_PAUSE_MS = 100;

/**
 * Runs `count` quiet operations, each at its time, and returns how long each took, in ascending order. The time counts from when
 * an operation was due: a process that stands still delays all operations that were due meanwhile, not only one.
 */
export async function quietMs(
  { quiet, quietEveryMs }: FairnessScene,
  count: number,
): Promise<number[]> {
  const startedMs = performance.now();
  const running = Array.from({ length: count }, async (_, nth) => {
    const dueMs = startedMs + nth * quietEveryMs;
    await sleep(dueMs - performance.now());
    await quiet();
    return performance.now() - dueMs;
  });
  return (await Promise.all(running)).sort((a, b) => a - b);
}

/** Keeps `loudAtOnce` operations running until `stop` is called, which waits for them. */
export function startLoud({ loud, loudAtOnce }: FairnessScene): { stop(): Promise<LoudCount> } {
  const state = { isStopped: false, done: 0, failed: 0 };
  const lane = async () => {
    while (!state.isStopped) {
      try {
        await loud();
        state.done += 1;
      } catch {
        state.failed += 1;
        await sleep(LOUD_PAUSE_MS);
      }
    }
  };
  const lanes = Array.from({ length: loudAtOnce }, lane);
  return {
    async stop() {
      state.isStopped = true;
      await Promise.all(lanes);
      return { done: state.done, failed: state.failed };
    },
  };
}

export interface LoudCount {
  readonly done: number;
  readonly failed: number;
}
