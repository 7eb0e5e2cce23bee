import { z } from 'zod';

import { organizationId } from '../../src/contract/index.js';
import { eventErrors } from '../../src/webhooks/index.js';
import { defineFunction } from '../define.js';
import {
  eventTypeExample,
  eventTypeParams,
  eventTypeResult,
  ownEventType,
  showEventType,
} from './event.js';

const { EventTypeExists, SchemaNotUsable, DataDoesNotMatch, EventTooLarge, EventTooDeep } =
  eventErrors;

export const createEventType = defineFunction({
  name: 'createEventType',
  summary:
    'Creates an event type, optionally with a JSON Schema that its events must match and with an example.',
  access: { kind: 'permission', permission: 'eventTypes:write' },
  params: z.strictObject({ organizationId, name: ownEventType, ...eventTypeParams }),
  result: z.strictObject({ eventType: eventTypeResult }),
  errors: { EventTypeExists, SchemaNotUsable, DataDoesNotMatch, EventTooLarge, EventTooDeep },
  example: {
    params: {
      name: 'order.paid',
      description: 'An order was paid in full.',
      schema: {
        type: 'object',
        required: ['orderId'],
        properties: { orderId: { type: 'string' } },
      },
      example: { orderId: 'o_17' },
    },
    result: { eventType: eventTypeExample },
  },

  async handle({ params, organization, services }) {
    return {
      eventType: showEventType(await services.webhooks.eventTypes.create(organization, params)),
    };
  },
});
