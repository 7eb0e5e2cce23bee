// Runs in a separate process, started by firstDelivery.ts: in the process of Parse Server the SDK would call the server directly,
// without HTTP, unlike a customer.
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';

import { createHubClient } from '../../client.js';
import { Parse } from './parseSdk.js';

export interface CustomerTask {
  readonly parseUrl: string;
  readonly appId: string;
  /** Only used to check whether the database is empty. */
  readonly masterKey: string;
  readonly prefix: string;
  readonly username: string;
  readonly password: string;
  readonly receiverUrl: string;
}

export type CustomerReport =
  | { readonly step: 'nothing to do' }
  | { readonly step: 'created'; readonly organizationId: string; readonly secret: string }
  | { readonly step: 'published'; readonly eventId: string }
  | {
      readonly step: 'delivered';
      readonly eventId: string;
      readonly attempts: number;
      readonly tookMs: number;
    }
  | { readonly step: 'failed'; readonly problem: string };

const DELIVERED_WITHIN_MS = 20_000;

const report = (step: CustomerReport) => process.send?.(step);

async function beCustomer(task: CustomerTask): Promise<void> {
  Parse.initialize(task.appId, undefined, task.masterKey);
  Parse.serverURL = task.parseUrl;
  if (await hasUsers()) {
    report({ step: 'nothing to do' });
    return;
  }
  const { username, password } = task;
  const user = await Parse.User.signUp(username, password, {});
  const sessionToken = user.getSessionToken() ?? undefined;
  const hub = createHubClient(Parse, { prefix: task.prefix, sessionToken });
  const { organization } = await hub.createOrganization({ name: 'Demo' });
  const organizationId = organization.id;
  const { secret } = await hub.createWebhook({
    organizationId,
    name: 'Demo receiver',
    url: task.receiverUrl,
    events: ['demo.*'],
  });
  report({ step: 'created', organizationId, secret });
  await once(process, 'message');

  const publishedAtMs = performance.now();
  const data = { text: 'Hello from your integration hub' };
  const { eventId } = await hub.publishEvent({ organizationId, type: 'demo.greeted', data });
  report({ step: 'published', eventId });
  while (performance.now() - publishedAtMs < DELIVERED_WITHIN_MS) {
    const { items } = await hub.getWebhookDeliveries({ organizationId, eventId });
    const [delivery] = items;
    if (delivery?.state === 'delivered') {
      const tookMs = Math.round(performance.now() - publishedAtMs);
      report({ step: 'delivered', eventId, attempts: delivery.attempts, tookMs });
      return;
    }
    await wait(25);
  }
  const seconds = String(DELIVERED_WITHIN_MS / 1000);
  report({
    step: 'failed',
    problem: `the event was published but not delivered within ${seconds} s`,
  });
}

async function hasUsers(): Promise<boolean> {
  return (await new Parse.Query(Parse.User).first({ useMasterKey: true })) !== undefined;
}

try {
  const [task] = (await once(process, 'message')) as [CustomerTask];
  await beCustomer(task);
} catch (error) {
  report({ step: 'failed', problem: error instanceof Error ? error.message : String(error) });
}
