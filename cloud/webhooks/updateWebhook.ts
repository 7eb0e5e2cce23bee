import { z } from 'zod';

import { organizationId } from '../../src/contract/index.js';
import { targetErrors, webhookErrors } from '../../src/webhooks/index.js';
import { defineFunction } from '../define.js';
import {
  legacySignatureHeaderParam,
  retryParam,
  showWebhook,
  webhook,
  webhookExample,
  webhookId,
  webhookParams,
} from './webhook.js';

const { TargetNotAllowed, TargetNotFound, TargetLookupFailed, HeaderNotAllowed } = targetErrors;
const { WebhookNotFound, WebhookChanged, SignatureHeaderNotAllowed } = webhookErrors;

export const updateWebhook = defineFunction({
  name: 'updateWebhook',
  summary:
    'Changes a webhook. Absent parameters stay as they are. Pending deliveries follow the change.',
  access: { kind: 'permission', permission: 'webhooks:write' },
  params: z.strictObject({
    organizationId,
    webhookId,
    ...webhookParams,
    name: webhookParams.name.optional(),
    url: webhookParams.url.optional(),
    events: webhookParams.events.optional(),
    retry: retryParam
      .nullable()
      .optional()
      .describe('As for createWebhook. null resets it to the default schedule.'),
    legacySignatureHeader: legacySignatureHeaderParam
      .nullable()
      .optional()
      .describe('As for createWebhook. null removes it.'),
  }),
  result: z.strictObject({ webhook }),
  errors: {
    WebhookNotFound,
    WebhookChanged,
    TargetNotAllowed,
    TargetNotFound,
    TargetLookupFailed,
    HeaderNotAllowed,
    SignatureHeaderNotAllowed,
  },
  example: {
    params: { webhookId: webhookExample.id, status: 'paused' },
    result: { webhook: { ...webhookExample, status: 'paused' } },
  },

  async handle({
    params: { webhookId: id, organizationId: _organization, ...change },
    organization,
    services,
  }) {
    return { webhook: showWebhook(await services.webhooks.admin.update(organization, id, change)) };
  },
});
