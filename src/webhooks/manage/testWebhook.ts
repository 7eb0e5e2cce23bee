import type { Membership } from '../../contract/index.js';
import { deliveryId } from '../delivery/delivery.js';
import { webhookErrors } from '../errors.js';
import type { Publish } from '../publish/publish.js';
import type { WebhookStore } from '../store.js';
import type { WebhookAdmin } from './webhooks.js';

/** The event type of a test, by default. */
const TEST_EVENT_TYPE = 'webhook.test';

/** Publishes the example of an event type, or a greeting if it has none, to one webhook, whatever its patterns are. */
export type TestWebhook = (
  membership: Membership,
  webhookId: string,
  type?: string,
) => Promise<{ eventId: string; deliveryId: string }>;

export function createTestWebhook({
  store,
  admin,
  publish,
}: {
  store: WebhookStore;
  admin: WebhookAdmin;
  publish: Publish;
}): TestWebhook {
  return async function testWebhook(membership, webhookId, type = TEST_EVENT_TYPE) {
    const webhook = await admin.get(membership, webhookId);
    if (webhook.status !== 'active')
      throw webhookErrors.WebhookNotActive({ status: webhook.status });
    const { organizationId } = membership;
    const eventType = await store.findEventType(organizationId, type);
    const data =
      eventType?.example === undefined
        ? { message: `This is a test of the webhook ${webhook.name}.` }
        : (JSON.parse(eventType.example) as Record<string, unknown>);
    const { eventId } = await publish({ organizationId, type, data, onlyWebhookId: webhookId });
    return { eventId, deliveryId: deliveryId(eventId, webhookId) };
  };
}
