import { Pool } from 'undici';

import type { Services } from '../../src/app/services.js';
import { say } from '../start/say.js';
import { concurrently, measure, median } from './measure.js';
import { type Caller, signUp } from './signUp.js';
import type { Stage } from './stage.js';
import { printTable } from './table.js';

/** Calls per round for each concurrent call; more calls do not improve the result. */
const CALLS_EACH = 750;
const CALLS_MAX = 3_000;
const WARM_UP = 500;

export interface ExecuteResult {
  readonly what: string;
  readonly concurrency: number;
  readonly callsPerSecond: number;
  /** Relative to bare requests, measured just before. */
  readonly ratio: number;
  readonly p95Ms: number;
  /** The difference to the p95 of bare requests. */
  readonly p95OverheadMs: number;
  readonly cpuUs: number;
}

interface Sample {
  readonly perSecond: number;
  readonly cpuUs: number;
  readonly p95Ms: number;
}

/**
 * Measures calls through an integration with everything on (limits, quota, budget, breaker, cache that misses, both transforms,
 * bodies kept) and with nothing on. The ceiling is the same requests through one undici Pool.
 */
export async function execute(stage: Stage, rounds: number): Promise<ExecuteResult[]> {
  const caller = await signUp(stage);
  const { services } = stage.app;
  const { origin } = new URL(stage.sinkUrl);
  const pool = new Pool(origin, { connections: 128 });
  const integrations = {
    'everything on': await integrate(caller, EVERYTHING),
    'nothing on': await integrate(caller, {}),
  };
  const results: ExecuteResult[] = [];
  let requested = 0;
  for (const [what, integrationId] of Object.entries(integrations)) {
    for (const concurrency of [1, 4, 64]) {
      const samples: { ours: Sample; bare: Sample }[] = [];
      for (let round = 0; round <= rounds; round += 1) {
        const count = round === 0 ? WARM_UP : Math.min(CALLS_MAX, CALLS_EACH * concurrency);
        const bare = await sample({ count, concurrency }, (n) => bareCall(pool, n));
        // Each call has different input, so that the cache never has the response.
        const ours = await sample({ count, concurrency }, () =>
          call(services, { caller, integrationId, n: (requested += 1) }),
        );
        if (round > 0) samples.push({ ours, bare });
      }
      const of = (pick: (one: { ours: Sample; bare: Sample }) => number) =>
        median(samples.map(pick));
      results.push({
        what,
        concurrency,
        callsPerSecond: of(({ ours }) => ours.perSecond),
        ratio: of(({ ours, bare }) => ours.perSecond / bare.perSecond),
        p95Ms: of(({ ours }) => ours.p95Ms),
        p95OverheadMs: of(({ ours, bare }) => ours.p95Ms - bare.p95Ms),
        cpuUs: of(({ ours }) => ours.cpuUs),
      });
    }
  }
  await pool.close();
  say();
  printTable(
    ['calls', 'at once', 'a second', 'of bare ones', 'p95 ms', 'more than bare', 'CPU µs each'],
    results.map((result) => [
      ...[result.what, String(result.concurrency), result.callsPerSecond.toFixed(0)],
      ...[result.ratio.toFixed(3), result.p95Ms.toFixed(1), result.p95OverheadMs.toFixed(1)],
      result.cpuUs.toFixed(0),
    ]),
  );
  return results;
}

const EVERYTHING = {
  headers: { 'X-Bench': 'yes' },
  limits: {
    rules: [
      { strategy: 'slidingWindow', calls: 10_000_000, perSeconds: 60 },
      { strategy: 'tokenBucket', calls: 10_000_000, perSeconds: 60 },
    ],
  },
  quota: { calls: 10_000_000, per: 'month' },
  cache: { seconds: 60 },
  request: { kind: 'map', to: { n: { $from: '/number' } } },
  response: { kind: 'map', to: { fine: { $from: '/ok' } } },
  data: { keepBodies: 'all' },
};

async function integrate({ call: callHub }: Caller, settings: object): Promise<string> {
  const params = {
    connector: 'sink',
    authMethod: 'key',
    name: 'bench',
    credential: { token: 'bench-key' },
  };
  const { connection } = (await callHub('createConnection', params)) as {
    connection: { id: string };
  };
  const made = await callHub('createIntegration', {
    name: 'bench',
    connector: 'sink',
    connectionId: connection.id,
    ...settings,
  });
  return (made as { integration: { id: string } }).integration.id;
}

/** Does the same as the cloud function, without HTTP. */
async function call(
  services: Services,
  { caller, integrationId, n }: { caller: Caller; integrationId: string; n: number },
): Promise<void> {
  const membership = await services.tenancy.membershipOf(
    { kind: 'user', userId: caller.userId },
    caller.organizationId,
  );
  const integration = await services.integrations.get(membership, integrationId);
  const input = integration.settings.includes('"/number"') ? { number: n } : { n };
  await services.executions.execute({
    integration,
    membership,
    action: 'read',
    input,
    caller: `user:${caller.userId}`,
    requestId: 'req_bench',
  });
}

async function bareCall(pool: Pool, n: number): Promise<void> {
  const response = await pool.request({
    path: `/things/${String(n)}`,
    method: 'GET',
    headers: { accept: 'application/json', authorization: 'Bearer bench-key', 'x-bench': 'yes' },
  });
  await response.body.json();
}

async function sample(
  { count, concurrency }: { count: number; concurrency: number },
  one: (n: number) => Promise<void>,
): Promise<Sample> {
  const took: number[] = [];
  const measured = await measure(count, () =>
    concurrently(count, concurrency, async (n) => {
      const startedMs = performance.now();
      await one(n);
      took.push(performance.now() - startedMs);
    }),
  );
  took.sort((a, b) => a - b);
  return { ...measured, p95Ms: took[Math.floor(took.length * 0.95)] ?? NaN };
}
