import { createHmac, randomBytes } from 'node:crypto';

import { Pool } from 'undici';

import { PERMISSIONS } from '../../src/contract/index.js';
import { say } from '../start/say.js';
import { concurrently, measure, type Measured, median } from './measure.js';
import type { Stage } from './stage.js';
import { printTable } from './table.js';

const DELIVERIES = 20_000;
const WARM_UP = 4_000;
const WEBHOOKS = [1, 100, 1_000];
/** Below the limit of an organization. */
const WEBHOOKS_PER_ORGANIZATION = 250;
const CEILING_CONNECTIONS = 64;
const DATA = { id: 1, name: 'x'.repeat(500) };

export interface DeliverResult {
  readonly webhooks: number;
  readonly perSecond: number;
  /** Relative to the ceiling measured just before. */
  readonly ratio: number;
  readonly cpuUs: number;
  readonly ceilingPerSecond: number;
  readonly ceilingCpuUs: number;
}

/**
 * Measures deliveries per second of one hub process; all events are published beforehand. The ceiling is the same number of
 * signed requests without storage.
 */
export async function deliver(stage: Stage, rounds: number): Promise<DeliverResult[]> {
  const results: DeliverResult[] = [];
  const post = ceilingPost(stage.sinkUrl);
  await concurrently(WARM_UP, CEILING_CONNECTIONS, post);
  for (const count of WEBHOOKS) {
    const webhooks = await createWebhooks(stage, count);
    await publishTo(stage, webhooks, WARM_UP);
    await stage.app.drain();
    const measured: { ceiling: Measured; delivered: Measured }[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      await publishTo(stage, webhooks, DELIVERIES);
      const ceiling = await measure(DELIVERIES, () =>
        concurrently(DELIVERIES, CEILING_CONNECTIONS, post),
      );
      const delivered = await measure(DELIVERIES, () => stage.app.drain());
      measured.push({ ceiling, delivered });
    }
    results.push(summary(count, measured));
  }
  say();
  printTable(
    ['webhooks', 'deliveries/s', 'of the ceiling', 'CPU µs each', 'ceiling/s', 'its CPU µs'],
    results.map((result) => [
      String(result.webhooks),
      result.perSecond.toFixed(0),
      result.ratio.toFixed(2),
      result.cpuUs.toFixed(0),
      result.ceilingPerSecond.toFixed(0),
      result.ceilingCpuUs.toFixed(0),
    ]),
  );
  return results;
}

function summary(
  webhooks: number,
  measured: readonly { readonly ceiling: Measured; readonly delivered: Measured }[],
): DeliverResult {
  const middle = (of: (each: (typeof measured)[number]) => number) => median(measured.map(of));
  return {
    webhooks,
    perSecond: middle(({ delivered }) => delivered.perSecond),
    ratio: middle(({ delivered, ceiling }) => delivered.perSecond / ceiling.perSecond),
    cpuUs: middle(({ delivered }) => delivered.cpuUs),
    ceilingPerSecond: middle(({ ceiling }) => ceiling.perSecond),
    ceilingCpuUs: middle(({ ceiling }) => ceiling.cpuUs),
  };
}

/** Returns a function that sends one signed request and reads the response. */
function ceilingPost(url: string): (nth: number) => Promise<void> {
  const pool = new Pool(new URL(url).origin, { connections: CEILING_CONNECTIONS });
  const key = randomBytes(32);
  const body = JSON.stringify({
    type: 'load.0',
    timestamp: new Date().toISOString(),
    data: DATA,
  });
  return async (nth) => {
    const id = `msg_${String(nth)}`;
    const timestamp = String(Math.floor(Date.now() / 1000));
    const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`);
    const response = await pool.request({
      path: '/',
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': timestamp,
        'webhook-signature': `v1,${signature.digest('base64')}`,
      },
      body,
    });
    await response.body.text();
  };
}

/** A webhook's organization, and the event type to which only this webhook subscribes. */
interface Listening {
  readonly organizationId: string;
  readonly type: string;
}

async function createWebhooks({ app, sinkUrl }: Stage, count: number): Promise<Listening[]> {
  const { admin } = app.services.webhooks;
  const listening = Array.from({ length: count }, (_, nth) => ({
    organizationId: `of${String(count)}nr${String(Math.floor(nth / WEBHOOKS_PER_ORGANIZATION))}`,
    type: `load.${String(nth)}`,
  }));
  await concurrently(count, 8, async (nth) => {
    const { organizationId, type } = listening[nth - 1] ?? fail();
    await admin.create(
      {
        actor: { kind: 'master', readOnly: false },
        organizationId,
        role: undefined,
        permissions: new Set(PERMISSIONS),
      },
      { name: type, url: sinkUrl, events: [type], signature: 'v1' },
    );
  });
  return listening;
}

/** Publishes `count` events, for each webhook in turn. */
async function publishTo({ app }: Stage, to: readonly Listening[], count: number): Promise<void> {
  await concurrently(count, 1_000, async (nth) => {
    const { organizationId, type } = to[nth % to.length] ?? fail();
    const { deliveries } = await app.services.webhooks.publish({
      organizationId,
      type,
      data: DATA,
    });
    if (deliveries !== 1)
      throw new Error(`An event of ${type} has ${String(deliveries)} deliveries, not 1.`);
  });
}

function fail(): never {
  throw new Error('There must be at least one webhook.');
}
