import { z } from 'zod';

import { organizationId } from '../../src/contract/index.js';
import { eventErrors } from '../../src/webhooks/index.js';
import { defineFunction } from '../define.js';
import { eventExample, eventParams, published } from './event.js';

const { EventTooLarge, EventTooDeep, IdempotencyKeyReused, EventTypeArchived, DataDoesNotMatch } =
  eventErrors;

export const publishEvent = defineFunction({
  name: 'publishEvent',
  summary:
    'Publishes an event. When it returns, the event and its deliveries are stored and will not be lost.',
  access: { kind: 'permission', permission: 'events:publish' },
  // The event itself is the record; an audit entry for each would more than halve the throughput.
  audit: 'refusals',
  params: z.strictObject({ organizationId, ...eventParams }),
  result: published,
  errors: {
    EventTooLarge,
    EventTooDeep,
    IdempotencyKeyReused,
    EventTypeArchived,
    DataDoesNotMatch,
  },
  example: {
    params: { type: 'order.paid', data: { orderId: 'o_17' }, idempotencyKey: 'order-17-paid' },
    result: { eventId: eventExample.id, deliveries: 1 },
  },

  async handle({ params, organization, services }) {
    return services.webhooks.publish({ ...params, organizationId: organization.organizationId });
  },
});
