import { z } from 'zod';

import { organizationId } from '../../src/contract/index.js';
import { suppliedSecret, webhookErrors } from '../../src/webhooks/index.js';
import { defineFunction } from '../define.js';
import { secretResult, showWebhook, webhook, webhookExample, webhookId } from './webhook.js';

const { WebhookNotFound, WebhookChanged, SecretNotUsable } = webhookErrors;

export const rotateWebhookSecret = defineFunction({
  name: 'rotateWebhookSecret',
  summary:
    'Generates a new signing secret for a webhook and returns it, once. Until the overlap ends, both secrets sign.',
  access: { kind: 'permission', permission: 'webhooks:write' },
  params: z.strictObject({
    organizationId,
    webhookId,
    overlapHours: z
      .number()
      .min(0)
      .max(168)
      .optional()
      .describe('How many hours the previous secret still signs, 0 to 168. Default: 24.'),
    secret: suppliedSecret
      .optional()
      .describe('A secret of your own. Default: a new secret is generated.'),
  }),
  result: z.strictObject({ webhook, secret: secretResult }),
  errors: { WebhookNotFound, WebhookChanged, SecretNotUsable },
  example: {
    params: { webhookId: webhookExample.id },
    result: {
      webhook: { ...webhookExample, previousSecretUntil: '2026-11-21T09:30:00.000Z' },
      secret: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD',
    },
  },

  async handle({ params, organization, services }) {
    const rotated = await services.webhooks.admin.rotateSecret(
      organization,
      params.webhookId,
      params,
    );
    return { webhook: showWebhook(rotated.webhook), secret: rotated.secret };
  },
});
