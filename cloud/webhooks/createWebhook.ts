import { z } from 'zod';

import { organizationId } from '../../src/contract/index.js';
import { suppliedSecret, targetErrors, webhookErrors } from '../../src/webhooks/index.js';
import { defineFunction } from '../define.js';
import {
  legacySignatureHeaderParam,
  retryParam,
  secretResult,
  showWebhook,
  webhook,
  webhookExample,
  webhookParams,
} from './webhook.js';

const { TargetNotAllowed, TargetNotFound, TargetLookupFailed, HeaderNotAllowed } = targetErrors;
const { WebhookLimitReached, SecretNotUsable, SignatureHeaderNotAllowed } = webhookErrors;

export const createWebhook = defineFunction({
  name: 'createWebhook',
  summary: 'Creates a webhook and returns its signing secret, once.',
  access: { kind: 'permission', permission: 'webhooks:write' },
  params: z.strictObject({
    organizationId,
    ...webhookParams,
    retry: retryParam.optional(),
    legacySignatureHeader: legacySignatureHeaderParam.optional(),
    signature: z
      .enum(['v1', 'v1a'])
      .default('v1')
      .describe(
        'v1: HMAC-SHA256 with a shared secret; v1a: ed25519, the receiver knows only a public key.',
      ),
    secret: suppliedSecret
      .optional()
      .describe(
        'A secret of your own, when you move from another system. Default: a new secret is generated.',
      ),
  }),
  result: z.strictObject({ webhook, secret: secretResult }),
  errors: {
    TargetNotAllowed,
    TargetNotFound,
    TargetLookupFailed,
    HeaderNotAllowed,
    WebhookLimitReached,
    SecretNotUsable,
    SignatureHeaderNotAllowed,
  },
  example: {
    params: { name: 'Order service', url: 'https://example.com/hooks', events: ['order.*'] },
    result: { webhook: webhookExample, secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' },
  },

  async handle({ params, organization, services }) {
    const created = await services.webhooks.admin.create(organization, params);
    return { webhook: showWebhook(created.webhook), secret: created.secret };
  },
});
