import { z } from 'zod';

import { displayName } from '../../src/contract/index.js';
import { eventPattern, retrySetting, type WebhookRow } from '../../src/webhooks/index.js';

export const webhookId = z.string().min(1).max(64);

/** The settings of a webhook, shared by createWebhook and updateWebhook. */
export const webhookParams = {
  name: displayName.describe('Shown to people.'),
  url: z
    .string()
    .max(2048)
    .describe('Where events are posted: https, and an address that is publicly routable.'),
  events: z
    .array(eventPattern)
    .min(1)
    .max(100)
    .describe(
      'Event types to send: exact (`order.paid`), every type below a prefix (`order.*`), or `*` for all.',
    ),
  status: z
    .enum(['active', 'paused', 'disabled'])
    .optional()
    .describe(
      'active; paused: deliveries wait; disabled: new events are not sent, and pending deliveries become dead.',
    ),
  headers: z
    .record(z.string().max(200), z.string().max(4096))
    .optional()
    .describe('Extra headers of every request, at most 20. Their values are never shown again.')
    .refine(
      (headers) => headers === undefined || Object.keys(headers).length <= 20,
      'A webhook has at most 20 extra headers: remove some from headers.',
    ),
  timeoutSeconds: z
    .number()
    .int()
    .min(1)
    .max(30)
    .optional()
    .describe('The maximum duration of an attempt in seconds. Default: 15.'),
};

export const retryParam = retrySetting.describe(
  'When to attempt a failed delivery again: { schedule: [seconds before each further attempt] } or { attempts, backoff, initialSeconds }. The default is that of Standard Webhooks: 5 s, 5 m, 30 m, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h. Waits vary by ±20 %.',
);

export const legacySignatureHeaderParam = z
  .string()
  .max(200)
  .describe(
    'For receivers that do not follow Standard Webhooks: the name of one more header, such as X-Webhook-Signature, with the hex HMAC-SHA256 of the body, keyed with the whole secret as it was shown. It holds one signature, so a rotation changes it at once, without overlap.',
  );

/** A webhook as functions return it. */
export const webhook = z.strictObject({
  id: z.string(),
  name: z.string(),
  url: z.string(),
  status: z.enum(['active', 'paused', 'disabled']),
  disabledReason: z.string().optional(),
  events: z.array(z.string()),
  headerNames: z
    .array(z.string())
    .describe('Names of its extra headers; the values are never shown.'),
  retry: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('The retry setting as it was set; absent with the default schedule.'),
  retryWaitsSeconds: z
    .array(z.number())
    .describe('The wait before each further attempt, before jitter.'),
  timeoutSeconds: z.number(),
  signature: z.enum(['v1', 'v1a']).describe('v1: HMAC-SHA256; v1a: ed25519.'),
  legacySignatureHeader: z.string().optional(),
  secretChangedAt: z.iso.datetime(),
  previousSecretUntil: z.iso
    .datetime()
    .optional()
    .describe('Until when the previous secret also signs.'),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});

export function showWebhook(row: WebhookRow): z.input<typeof webhook> {
  const { disabledReason, retry, legacySignatureHeader } = row;
  const previousSecretUntil = row.secrets[1]?.expiresAt;
  return {
    id: row.id,
    name: row.name,
    url: row.url,
    status: row.status as z.input<typeof webhook>['status'],
    events: [...row.events],
    headerNames: [...row.headerNames],
    retryWaitsSeconds: [...row.retryWaitsSeconds],
    timeoutSeconds: row.timeoutSeconds,
    signature: row.asymmetric ? 'v1a' : 'v1',
    secretChangedAt: row.secretChangedAt.toISOString(),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    ...(disabledReason !== undefined && { disabledReason }),
    ...(retry !== undefined && { retry }),
    ...(legacySignatureHeader !== undefined && { legacySignatureHeader }),
    ...(previousSecretUntil !== undefined && { previousSecretUntil }),
  };
}

export const secretResult = z
  .string()
  .describe(
    'The secret (`whsec_…`), or for v1a the public key (`whpk_…`), with which the receiver verifies signatures. It is shown only here.',
  );

export const webhookExample: z.input<typeof webhook> = {
  id: '0mhc6xwzk3v9q2t8r4ynb1pdf',
  name: 'Order service',
  url: 'https://example.com/hooks',
  status: 'active',
  events: ['order.*'],
  headerNames: [],
  retryWaitsSeconds: [5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400],
  timeoutSeconds: 15,
  signature: 'v1',
  secretChangedAt: '2026-11-20T09:30:00.000Z',
  createdAt: '2026-11-20T09:30:00.000Z',
  updatedAt: '2026-11-20T09:30:00.000Z',
};
