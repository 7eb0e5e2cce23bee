// Calls a cloud function over HTTP. The parent process sets the number of calls and the concurrency.
import { Pool } from 'undici';

import { concurrently } from './measure.js';

export interface Calls {
  readonly parseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly name: string;
  readonly params: unknown;
  readonly count: number;
  readonly concurrency: number;
}

export interface CallsDone {
  readonly perSecond: number;
}

async function run({ parseUrl, headers, name, params, count, concurrency }: Calls) {
  const { origin, pathname } = new URL(parseUrl);
  const pool = new Pool(origin, { connections: concurrency });
  const body = JSON.stringify(params);
  const startedAtMs = performance.now();
  await concurrently(count, concurrency, async () => {
    const response = await pool.request({
      path: `${pathname}/functions/${name}`,
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
    const text = await response.body.text();
    if (response.statusCode !== 200) throw new Error(`${name} responded ${text}`);
  });
  const perSecond = count / ((performance.now() - startedAtMs) / 1000);
  await pool.close();
  return { perSecond };
}

process.on('message', (calls: Calls) => {
  run(calls).then(
    (done: CallsDone) => process.send?.(done),
    (error: unknown) => process.send?.({ problem: String(error) }),
  );
});
process.once('disconnect', () => process.exit(0));
process.send?.('ready');
