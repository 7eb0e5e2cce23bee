// Makes the calls of a loud organization, in a process of its own, until the parent process says `stop`.
import { setTimeout as sleep } from 'node:timers/promises';

import { Pool } from 'undici';

import { type LoudLoad, NTH } from './part.js';

export interface LoudCount {
  readonly done: number;
  readonly failed: number;
}

export interface LoudOrder extends LoudLoad {
  readonly parseUrl: string;
}

/** A client that is refused tries again after this time. */
const PAUSE_MS = 100;

let isStopped = false;

async function run({ parseUrl, headers, calls, atOnce }: LoudOrder): Promise<LoudCount> {
  const { origin, pathname } = new URL(parseUrl);
  const pool = new Pool(origin, { connections: atOnce });
  let [nth, done, failed] = [0, 0, 0];
  const bodies = calls.map(({ params }) => JSON.stringify(params));
  const lane = async () => {
    while (!isStopped) {
      nth += 1;
      const which = nth % calls.length;
      const response = await pool.request({
        path: `${pathname}/functions/${calls[which]?.name ?? ''}`,
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: (bodies[which] ?? '').replaceAll(NTH, String(nth)),
      });
      await response.body.dump();
      if (response.statusCode === 200) done += 1;
      else {
        failed += 1;
        await sleep(PAUSE_MS);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  await pool.close();
  return { done, failed };
}

process.on('message', (message: LoudOrder | 'stop') => {
  if (message === 'stop') isStopped = true;
  else
    run(message).then(
      (count) => process.send?.(count),
      (error: unknown) => process.send?.({ problem: String(error) }),
    );
});
process.once('disconnect', () => process.exit(0));
process.send?.('ready');
