import { z } from 'zod';

import { organizationId } from '../../src/contract/index.js';
import { webhookErrors } from '../../src/webhooks/index.js';
import { defineFunction } from '../define.js';
import { webhookExample, webhookId } from './webhook.js';

const { WebhookNotFound } = webhookErrors;

export const deleteWebhook = defineFunction({
  name: 'deleteWebhook',
  summary:
    'Deletes a webhook and its secret. Its pending deliveries become dead; its history stays.',
  access: { kind: 'permission', permission: 'webhooks:write' },
  params: z.strictObject({ organizationId, webhookId }),
  result: z.strictObject({}),
  errors: { WebhookNotFound },
  example: { params: { webhookId: webhookExample.id }, result: {} },

  async handle({ params, organization, services }) {
    await services.webhooks.admin.remove(organization, params.webhookId);
    return {};
  },
});
