import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

import { end, forkFile } from '../processes.js';
import type { LoudCount, LoudOrder } from './loudClient.js';
import type { FairnessScene } from './part.js';

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

/** Starts the loud organization in a process of its own; `stop` waits for the calls that it has made. */
export async function startLoud(
  { loud }: FairnessScene,
  parseUrl: string,
): Promise<{ stop(): Promise<LoudCount> }> {
  const child = forkFile('./fairness/loudClient.ts');
  await once(child, 'message');
  const order: LoudOrder = { ...loud, parseUrl };
  child.send(order);
  return {
    async stop() {
      child.send('stop');
      const [count] = (await once(child, 'message')) as [LoudCount | { readonly problem: string }];
      await end(child);
      if ('problem' in count) throw new Error(count.problem);
      return count;
    },
  };
}
