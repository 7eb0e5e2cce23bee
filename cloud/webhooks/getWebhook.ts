import { z } from 'zod';

import { organizationId } from '../../src/contract/index.js';
import { webhookErrors } from '../../src/webhooks/index.js';
import { defineFunction } from '../define.js';
import { showWebhook, webhook, webhookExample, webhookId } from './webhook.js';

const { WebhookNotFound } = webhookErrors;

export const getWebhook = defineFunction({
  name: 'getWebhook',
  summary: 'Returns one webhook.',
  access: { kind: 'permission', permission: 'webhooks:read' },
  reads: true,
  params: z.strictObject({ organizationId, webhookId }),
  result: z.strictObject({ webhook }),
  errors: { WebhookNotFound },
  example: { params: { webhookId: webhookExample.id }, result: { webhook: webhookExample } },

  async handle({ params, organization, services }) {
    return {
      webhook: showWebhook(await services.webhooks.admin.get(organization, params.webhookId)),
    };
  },
});
