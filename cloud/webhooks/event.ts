import { z } from 'zod';

import {
  EVENT_TYPE_LENGTH_MAX,
  type EventRow,
  eventTypeName,
  type EventTypeView,
  publishableType,
} from '../../src/webhooks/index.js';

export const eventType = eventTypeName.describe(
  `Dot-delimited, such as \`invoice.paid\`; letters, digits and underscores, at most ${EVENT_TYPE_LENGTH_MAX} characters.`,
);

/** An event type that callers may publish. */
export const ownEventType = publishableType.describe(
  `Dot-delimited, such as \`invoice.paid\`; letters, digits and underscores, at most ${EVENT_TYPE_LENGTH_MAX} characters. Types that begin with \`hub.\` are reserved.`,
);

const jsonObject = z.record(z.string(), z.unknown());

/**
 * A JSON object as the caller sent it. Parse Server has turned values with `__type` into objects of its SDK: this turns
 * dates into ISO text and pointers into pointers again.
 */
const givenObject = jsonObject.transform((given) => asGiven(given) as Record<string, unknown>);

function asGiven(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(asGiven);
  const { toPointer, toJSON } = value as { toPointer?: unknown; toJSON?: unknown };
  if (typeof toPointer === 'function') return toPointer.call(value) as unknown;
  if (typeof toJSON === 'function') return toJSON.call(value) as unknown;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, asGiven(member)]));
}

/** The parameters of publishEvent, and of each event of publishEvents. */
export const eventParams = {
  type: ownEventType,
  data: givenObject.describe(
    'What happened, as a JSON object. The body sent is { type, timestamp, data }.',
  ),
  idempotencyKey: z
    .string()
    .min(1)
    .max(200)
    .regex(/^[^\0]*$/, 'must not contain the character U+0000')
    .optional()
    .describe(
      'Makes repeating the call safe: the same key within 24 hours returns the first event.',
    ),
};

export const published = z.strictObject({
  eventId: z.string().describe('Receivers see it as `webhook-id`.'),
  deliveries: z.number().int().describe('The number of webhooks that receive it.'),
});

/** An event as functions return it. */
export const event = z.strictObject({
  id: z.string(),
  type: z.string(),
  body: z.string().describe('The exact bytes that are signed and sent.'),
  deliveries: z.number().int().describe('The number of webhooks that it was published to.'),
  idempotencyKey: z.string().optional(),
  createdAt: z.iso.datetime(),
});

export function showEvent(row: EventRow): z.input<typeof event> {
  return {
    id: row.id,
    type: row.type,
    body: row.body,
    deliveries: row.webhookIds.length,
    createdAt: row.createdAt.toISOString(),
    ...(row.idempotencyKey !== undefined && { idempotencyKey: row.idempotencyKey }),
  };
}

export const eventExample: z.input<typeof event> = {
  id: '0mhc6xwzk3v9q2t8r4ynb1pde',
  type: 'order.paid',
  body: '{"type":"order.paid","timestamp":"2026-11-20T09:31:02.000Z","data":{"orderId":"o_17"}}',
  deliveries: 1,
  createdAt: '2026-11-20T09:31:02.000Z',
};

/** The settings of an event type. */
export const eventTypeParams = {
  description: z.string().max(1000).optional().describe('Shown to people.'),
  schema: givenObject
    .optional()
    .describe(
      'JSON Schema (2020-12 or draft 7) of `data`. Events that do not match it are refused.',
    ),
  example: givenObject
    .optional()
    .describe('An example of `data`, which testWebhook sends. It must match the schema.'),
};

/** An event type as functions return it. */
export const eventTypeResult = z.strictObject({
  name: z.string(),
  description: z.string().optional(),
  schema: jsonObject.optional(),
  example: jsonObject.optional(),
  archived: z.boolean().describe('Events of an archived type are refused.'),
  createdAt: z.iso.datetime(),
});

export function showEventType(view: EventTypeView): z.input<typeof eventTypeResult> {
  const { name, description, schema, example, archived } = view;
  return {
    name,
    archived,
    createdAt: view.createdAt.toISOString(),
    ...(description !== undefined && { description }),
    ...(schema !== undefined && { schema: schema as Record<string, unknown> }),
    ...(example !== undefined && { example: example as Record<string, unknown> }),
  };
}

export const eventTypeExample: z.input<typeof eventTypeResult> = {
  name: 'order.paid',
  description: 'An order was paid in full.',
  schema: { type: 'object', required: ['orderId'], properties: { orderId: { type: 'string' } } },
  example: { orderId: 'o_17' },
  archived: false,
  createdAt: '2026-11-20T09:00:00.000Z',
};
