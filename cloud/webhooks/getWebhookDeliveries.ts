import { z } from 'zod';

import { organizationId, pageOf, pageParams } from '../../src/contract/index.js';
import { defineFunction } from '../define.js';
import { delivery, deliveryExample, deliveryState, showDelivery } from './delivery.js';
import { webhookId } from './webhook.js';

export const getWebhookDeliveries = defineFunction({
  name: 'getWebhookDeliveries',
  summary: 'Lists deliveries, newest first.',
  access: { kind: 'permission', permission: 'webhooks:read' },
  reads: true,
  params: z.strictObject({
    organizationId,
    webhookId: webhookId.optional().describe('Only those to this webhook.'),
    eventId: z.string().min(1).max(64).optional().describe('Only those of this event.'),
    state: deliveryState.optional().describe('Only those in this state.'),
    ...pageParams,
  }),
  result: pageOf(delivery),
  errors: {},
  example: { params: { state: 'delivered' }, result: { items: [deliveryExample] } },

  async handle({ params, organization, services }) {
    const page = await services.webhooks.history.listDeliveries(organization, params, params);
    return { ...page, items: page.items.map(showDelivery) };
  },
});
