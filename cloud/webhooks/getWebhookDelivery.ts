import { z } from 'zod';

import { organizationId } from '../../src/contract/index.js';
import { webhookErrors } from '../../src/webhooks/index.js';
import { defineFunction } from '../define.js';
import { attempt, delivery, deliveryExample, showAttempt, showDelivery } from './delivery.js';

const { DeliveryNotFound } = webhookErrors;

export const getWebhookDelivery = defineFunction({
  name: 'getWebhookDelivery',
  summary: 'Returns one delivery with its attempts and the response to each.',
  access: { kind: 'permission', permission: 'webhooks:read' },
  reads: true,
  params: z.strictObject({ organizationId, deliveryId: z.string().min(1).max(64) }),
  result: z.strictObject({ delivery, attempts: z.array(attempt) }),
  errors: { DeliveryNotFound },
  example: {
    params: { deliveryId: deliveryExample.id },
    result: {
      delivery: deliveryExample,
      attempts: [
        {
          number: 1,
          url: 'https://example.com/hooks',
          outcome: 'delivered',
          status: 200,
          responseHeaders: [['content-type', 'application/json']],
          responseBody: '{"ok":true}',
          startedAt: '2026-11-20T09:31:02.010Z',
          durationMs: 110,
        },
      ],
    },
  },

  async handle({ params, organization, services }) {
    const found = await services.webhooks.history.getDelivery(organization, params.deliveryId);
    return { delivery: showDelivery(found.delivery), attempts: found.attempts.map(showAttempt) };
  },
});
