import { setTimeout as wait } from 'node:timers/promises';

import { createHubClient, type HubClient } from '../../client.js';
import { Parse } from '../start/parseSdk.js';
import type { DemoEvent } from './events.js';
import type { Row } from './table.js';
import type { UnreliableReceiver } from './unreliableReceiver.js';

/** Short waits, so that the demo ends soon. */
const RETRY = { schedule: [1, 1, 2] };
const PUBLISHERS = 4;
const DELIVERED_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 250;

export interface Run {
  readonly rows: Row[];
  readonly tookMs: number;
}

interface DemoWebhook {
  readonly id: string;
  readonly name: string;
  readonly path: string;
}

/**
 * Acts as a customer: signs up, creates an organization and a webhook for each kind of event, publishes the events, and polls
 * until each delivery is delivered or dead.
 */
export async function runDemo(
  events: readonly DemoEvent[],
  receiver: UnreliableReceiver,
): Promise<Run> {
  const beganAtMs = performance.now();
  const user = await Parse.User.signUp(`demo-${String(Date.now())}`, crypto.randomUUID(), {});
  const sessionToken = user.getSessionToken() ?? undefined;
  const hub = createHubClient(Parse, { sessionToken });
  const { organization } = await hub.createOrganization({ name: 'Demo' });
  const webhooks = await createWebhooks(hub, { organizationId: organization.id, events, receiver });
  const published = await publish(hub, { organizationId: organization.id, events });
  const rows = [];
  for (const webhook of webhooks) {
    const states = await waitForDeliveries(hub, {
      webhook,
      organizationId: organization.id,
      endMs: performance.now() + DELIVERED_WITHIN_MS,
    });
    rows.push({
      name: webhook.name,
      published: published.get(webhook.name) ?? 0,
      ...states,
      verified: receiver.tally.verified.get(webhook.path)?.size ?? 0,
      unverified: receiver.tally.unverified.get(webhook.path) ?? 0,
    });
  }
  return { rows, tookMs: performance.now() - beganAtMs };
}

const kindOf = (type: string) => type.split('.')[0] ?? type;

interface Publishing {
  readonly organizationId: string;
  readonly events: readonly DemoEvent[];
}

/** Creates one webhook for each kind, the part of a type before the first dot. Each has its own path and secret. */
async function createWebhooks(
  hub: HubClient,
  { organizationId, events, receiver }: Publishing & { readonly receiver: UnreliableReceiver },
): Promise<DemoWebhook[]> {
  const kinds = [...new Set(events.map(({ type }) => kindOf(type)))].sort();
  const webhooks: DemoWebhook[] = [];
  for (const name of kinds) {
    const path = `/${name}`;
    const { webhook, secret } = await hub.createWebhook({
      organizationId,
      name,
      url: `http://127.0.0.1:${String(receiver.port)}${path}`,
      events: [name, `${name}.*`],
      retry: RETRY,
    });
    receiver.secrets.set(path, secret);
    webhooks.push({ id: webhook.id, name, path });
  }
  return webhooks;
}

async function publish(
  hub: HubClient,
  { organizationId, events }: Publishing,
): Promise<Map<string, number>> {
  const published = new Map<string, number>();
  const left = [...events];
  const publisher = async () => {
    for (let event = left.shift(); event !== undefined; event = left.shift()) {
      const { deliveries } = await hub.publishEvent({
        organizationId,
        type: event.type,
        data: event.data,
      });
      const kind = kindOf(event.type);
      published.set(kind, (published.get(kind) ?? 0) + deliveries);
    }
  };
  await Promise.all(Array.from({ length: PUBLISHERS }, publisher));
  return published;
}

interface DeliveryCounts {
  readonly delivered: number;
  readonly retried: number;
  readonly dead: number;
  readonly pending: number;
}

interface Watching {
  readonly webhook: DemoWebhook;
  readonly organizationId: string;
  readonly endMs: number;
}

async function waitForDeliveries(hub: HubClient, watching: Watching): Promise<DeliveryCounts> {
  for (;;) {
    const states = await countDeliveries(hub, watching);
    if (states.pending === 0 || performance.now() > watching.endMs) return states;
    await wait(LOOK_EVERY_MS);
  }
}

async function countDeliveries(
  hub: HubClient,
  { webhook, organizationId }: Watching,
): Promise<DeliveryCounts> {
  const count = { delivered: 0, retried: 0, dead: 0, pending: 0 };
  let cursor: string | undefined;
  do {
    const page = await hub.getWebhookDeliveries({
      organizationId,
      webhookId: webhook.id,
      limit: 100,
      cursor,
    });
    for (const { state, attempts } of page.items) {
      count[state] += 1;
      if (attempts > 1) count.retried += 1;
    }
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return count;
}
