import { z } from 'zod';

import { organizationId } from '../../src/contract/index.js';
import { eachByItself, refusal } from '../batch.js';
import { defineFunction } from '../define.js';
import { eventExample, eventParams, published } from './event.js';

export const publishEvents = defineFunction({
  name: 'publishEvents',
  summary:
    'Publishes up to 100 events. Each is accepted or refused by itself, with the errors of publishEvent.',
  access: { kind: 'permission', permission: 'events:publish' },
  // The event itself is the record; an audit entry for each would more than halve the throughput.
  audit: 'refusals',
  params: z.strictObject({
    organizationId,
    events: z
      .array(z.strictObject(eventParams))
      .min(1)
      .max(100)
      .describe('1 to 100 events, each with the parameters of publishEvent.'),
  }),
  result: z.strictObject({
    results: z
      .array(z.union([published, z.strictObject({ error: refusal })]))
      .describe('One result for each event, in the same order.'),
  }),
  errors: {},
  example: {
    params: { events: [{ type: 'order.paid', data: { orderId: 'o_17' } }] },
    result: { results: [{ eventId: eventExample.id, deliveries: 1 }] },
  },

  async handle({ params, organization, services }) {
    const { organizationId: ours } = organization;
    const results = await eachByItself(params.events, (event) =>
      services.webhooks.publish({ ...event, organizationId: ours }),
    );
    return { results };
  },
});
