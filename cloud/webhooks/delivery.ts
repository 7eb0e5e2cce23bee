import { z } from 'zod';

import type { AttemptRow, DeliveryRow } from '../../src/webhooks/index.js';

export const deliveryState = z.enum(['pending', 'delivered', 'dead']);

/** A delivery as functions return it. */
export const delivery = z.strictObject({
  id: z.string(),
  eventId: z.string(),
  eventType: z.string(),
  webhookId: z.string(),
  state: deliveryState.describe('pending: another attempt follows; delivered; dead: given up.'),
  attempts: z.number().int().describe('Attempts made so far.'),
  dueAt: z.iso.datetime().optional().describe('When the next attempt is due.'),
  finishedAt: z.iso.datetime().optional().describe('When it was delivered or given up.'),
  deadReason: z
    .enum(['exhausted', 'gone', 'disabled', 'deleted', 'expired'])
    .optional()
    .describe(
      'Why it was given up. exhausted: every attempt failed; gone: the receiver responded with 410; disabled, deleted: its webhook was disabled or deleted; expired: the retention has deleted its event.',
    ),
  createdAt: z.iso.datetime(),
});

export function showDelivery(row: DeliveryRow): z.input<typeof delivery> {
  return {
    id: row.id,
    eventId: row.event,
    eventType: row.eventType,
    webhookId: row.webhook,
    state: row.state as z.input<typeof deliveryState>,
    attempts: row.attempts,
    createdAt: row.createdAt.toISOString(),
    ...(row.dueAt && { dueAt: row.dueAt.toISOString() }),
    ...(row.finishedAt && { finishedAt: row.finishedAt.toISOString() }),
    ...(row.deadReason !== undefined && {
      deadReason: row.deadReason as NonNullable<z.input<typeof delivery>['deadReason']>,
    }),
  };
}

/** An attempt as functions return it. */
export const attempt = z.strictObject({
  number: z.number().int().describe('1 for the first attempt.'),
  url: z.string(),
  outcome: z.enum(['delivered', 'retry', 'dead']),
  status: z
    .number()
    .int()
    .optional()
    .describe('HTTP status of the response; absent when there was none.'),
  problem: z.string().optional().describe('Why there was no response, as a sentence.'),
  responseHeaders: z
    .array(z.tuple([z.string(), z.string()]))
    .optional()
    .describe('The names and values, as received.'),
  responseBody: z.string().optional().describe('The first 16 KiB, as text.'),
  startedAt: z.iso.datetime(),
  durationMs: z.number(),
});

export function showAttempt(row: AttemptRow): z.input<typeof attempt> {
  return {
    number: row.number,
    url: row.url,
    outcome: row.outcome as z.input<typeof attempt>['outcome'],
    startedAt: row.startedAt.toISOString(),
    durationMs: row.durationMs,
    ...(row.status !== undefined && { status: row.status }),
    ...(row.problem !== undefined && { problem: row.problem }),
    ...(row.responseHeaders && {
      responseHeaders: row.responseHeaders.pairs.map(([name, value]): [string, string] => [
        name,
        value,
      ]),
    }),
    ...(row.responseBody !== undefined && { responseBody: row.responseBody }),
  };
}

export const deliveryExample: z.input<typeof delivery> = {
  id: '0mhc6xwzk3v9Qb7RkX2mTzV5nL8wYd1c',
  eventId: '0mhc6xwzk3v9q2t8r4ynb1pde',
  eventType: 'order.paid',
  webhookId: '0mhc6xwzk3v9q2t8r4ynb1pdf',
  state: 'delivered',
  attempts: 1,
  finishedAt: '2026-11-20T09:31:02.120Z',
  createdAt: '2026-11-20T09:31:02.000Z',
};
