import { z } from 'zod';

import { organizationId } from '../../src/contract/index.js';
import { eventErrors, webhookErrors } from '../../src/webhooks/index.js';
import { defineFunction } from '../define.js';
import { deliveryExample } from './delivery.js';
import { eventType } from './event.js';
import { webhookExample, webhookId } from './webhook.js';

const { WebhookNotFound, WebhookNotActive } = webhookErrors;
const { DataDoesNotMatch, EventTypeArchived } = eventErrors;

export const testWebhook = defineFunction({
  name: 'testWebhook',
  summary:
    'Sends a test event to one webhook, regardless of its event types: the example of the event type, or a greeting. Follow it with getWebhookDelivery.',
  access: { kind: 'permission', permission: 'webhooks:write' },
  params: z.strictObject({
    organizationId,
    webhookId,
    type: eventType
      .optional()
      .describe('The event type whose example is sent. Default: `webhook.test`.'),
  }),
  result: z.strictObject({ eventId: z.string(), deliveryId: z.string() }),
  errors: { WebhookNotFound, WebhookNotActive, DataDoesNotMatch, EventTypeArchived },
  example: {
    params: { webhookId: webhookExample.id },
    result: { eventId: deliveryExample.eventId, deliveryId: deliveryExample.id },
  },

  async handle({ params, organization, services }) {
    return services.webhooks.test(organization, params.webhookId, params.type);
  },
});
