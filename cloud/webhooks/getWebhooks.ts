import { z } from 'zod';

import { organizationId, pageOf, pageParams } from '../../src/contract/index.js';
import { defineFunction } from '../define.js';
import { showWebhook, webhook, webhookExample } from './webhook.js';

export const getWebhooks = defineFunction({
  name: 'getWebhooks',
  summary: "Lists an organization's webhooks, newest first.",
  access: { kind: 'permission', permission: 'webhooks:read' },
  reads: true,
  params: z.strictObject({ organizationId, ...pageParams }),
  result: pageOf(webhook),
  errors: {},
  example: { params: { limit: 20 }, result: { items: [webhookExample] } },

  async handle({ params, organization, services }) {
    const page = await services.webhooks.admin.list(organization, params);
    return { ...page, items: page.items.map(showWebhook) };
  },
});
