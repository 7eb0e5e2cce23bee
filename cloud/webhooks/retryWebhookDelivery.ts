import { z } from 'zod';

import { organizationId } from '../../src/contract/index.js';
import { webhookErrors } from '../../src/webhooks/index.js';
import { defineFunction } from '../define.js';
import { delivery, deliveryExample, showDelivery } from './delivery.js';

const { DeliveryNotFound, DeliveryPending, DeliveryChanged, WebhookNotFound, WebhookNotActive } =
  webhookErrors;

export const retryWebhookDelivery = defineFunction({
  name: 'retryWebhookDelivery',
  summary:
    'Attempts a delivery again at once and starts its retry schedule anew. The delivery may be dead, delivered, or waiting for a retry.',
  access: { kind: 'permission', permission: 'webhooks:write' },
  params: z.strictObject({ organizationId, deliveryId: z.string().min(1).max(64) }),
  result: z.strictObject({ delivery }),
  errors: { DeliveryNotFound, DeliveryPending, DeliveryChanged, WebhookNotFound, WebhookNotActive },
  example: {
    params: { deliveryId: deliveryExample.id },
    result: {
      delivery: {
        id: deliveryExample.id,
        eventId: deliveryExample.eventId,
        eventType: deliveryExample.eventType,
        webhookId: deliveryExample.webhookId,
        state: 'pending',
        attempts: 10,
        dueAt: '2026-11-24T08:00:00.000Z',
        createdAt: deliveryExample.createdAt,
      },
    },
  },

  async handle({ params, organization, services }) {
    return {
      delivery: showDelivery(
        await services.webhooks.history.retry(organization, params.deliveryId),
      ),
    };
  },
});
