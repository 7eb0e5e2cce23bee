import { z } from 'zod';

import { organizationId } from '../../src/contract/index.js';
import { eventErrors } from '../../src/webhooks/index.js';
import { defineFunction } from '../define.js';
import { delivery, deliveryExample, showDelivery } from './delivery.js';
import { event, eventExample, showEvent } from './event.js';

const { EventNotFound } = eventErrors;

export const getEvent = defineFunction({
  name: 'getEvent',
  summary: 'Returns one event with its deliveries.',
  access: { kind: 'permission', permission: 'events:read' },
  reads: true,
  params: z.strictObject({ organizationId, eventId: z.string().min(1).max(64) }),
  result: z.strictObject({ event, deliveries: z.array(delivery) }),
  errors: { EventNotFound },
  example: {
    params: { eventId: eventExample.id },
    result: { event: eventExample, deliveries: [deliveryExample] },
  },

  async handle({ params, organization, services }) {
    const found = await services.webhooks.history.getEvent(organization, params.eventId);
    return { event: showEvent(found.event), deliveries: found.deliveries.map(showDelivery) };
  },
});
