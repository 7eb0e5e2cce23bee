import { z } from 'zod';

import { AppError, organizationId } from '../../src/contract/index.js';
import { defineFunction } from '../define.js';
import { eventExample, eventParams, published } from './event.js';

const refused = z.strictObject({
  error: z.strictObject({ code: z.number().int(), message: z.string() }),
});

export const publishEvents = defineFunction({
  name: 'publishEvents',
  summary:
    'Publishes up to 100 events. Each is taken or refused by itself, with the errors of publishEvent.',
  access: { kind: 'permission', permission: 'events:publish' },
  params: z.strictObject({
    organizationId,
    events: z
      .array(z.strictObject(eventParams))
      .min(1)
      .max(100)
      .describe('1 to 100 events, each with what publishEvent takes.'),
  }),
  result: z.strictObject({
    results: z
      .array(z.union([published, refused]))
      .describe('One for each event, in the same order.'),
  }),
  errors: {},
  example: {
    params: { events: [{ type: 'order.paid', data: { orderId: 'o_17' } }] },
    result: { results: [{ eventId: eventExample.id, deliveries: 1 }] },
  },

  async handle({ params, organization, services }) {
    const { organizationId: ours } = organization;
    const results = await Promise.all(
      params.events.map(async (event) => {
        try {
          return await services.webhooks.publish({ ...event, organizationId: ours });
        } catch (error) {
          // What we failed at fails the whole call; with idempotency keys it can be repeated safely.
          if (!(error instanceof AppError) || error.spec.status >= 500) throw error;
          return { error: { code: error.spec.code, message: error.message } };
        }
      }),
    );
    return { results };
  },
});
