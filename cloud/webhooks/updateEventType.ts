import { z } from 'zod';

import { organizationId } from '../../src/contract/index.js';
import { eventErrors } from '../../src/webhooks/index.js';
import { defineFunction } from '../define.js';
import {
  eventType,
  eventTypeExample,
  eventTypeParams,
  eventTypeResult,
  showEventType,
} from './event.js';

const { EventTypeNotFound, SchemaNotUsable, DataDoesNotMatch, EventTooLarge, EventTooDeep } =
  eventErrors;

export const updateEventType = defineFunction({
  name: 'updateEventType',
  summary: 'Changes an event type. Absent parameters stay as they are; null removes a value.',
  access: { kind: 'permission', permission: 'eventTypes:write' },
  params: z.strictObject({
    organizationId,
    name: eventType,
    description: eventTypeParams.description
      .nullable()
      .describe('Shown to people. null removes it.'),
    schema: eventTypeParams.schema
      .nullable()
      .describe('As for createEventType. null: events of any shape are accepted.'),
    example: eventTypeParams.example
      .nullable()
      .describe('As for createEventType. null removes it.'),
    archived: z.boolean().optional().describe('false restores an archived type.'),
  }),
  result: z.strictObject({ eventType: eventTypeResult }),
  errors: { EventTypeNotFound, SchemaNotUsable, DataDoesNotMatch, EventTooLarge, EventTooDeep },
  example: {
    params: { name: 'order.paid', description: 'An order was paid in full.' },
    result: { eventType: eventTypeExample },
  },

  async handle({
    params: { name, organizationId: _organization, ...change },
    organization,
    services,
  }) {
    return {
      eventType: showEventType(
        await services.webhooks.eventTypes.update(organization, name, change),
      ),
    };
  },
});
