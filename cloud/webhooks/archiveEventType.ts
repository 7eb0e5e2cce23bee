import { z } from 'zod';

import { organizationId } from '../../src/contract/index.js';
import { eventErrors } from '../../src/webhooks/index.js';
import { defineFunction } from '../define.js';
import { eventType, eventTypeExample, eventTypeResult, showEventType } from './event.js';

const { EventTypeNotFound } = eventErrors;

export const archiveEventType = defineFunction({
  name: 'archiveEventType',
  summary:
    'Archives an event type: its events are refused from now on. updateEventType restores it.',
  access: { kind: 'permission', permission: 'eventTypes:write' },
  params: z.strictObject({ organizationId, name: eventType }),
  result: z.strictObject({ eventType: eventTypeResult }),
  errors: { EventTypeNotFound },
  example: {
    params: { name: 'order.paid' },
    result: { eventType: { ...eventTypeExample, archived: true } },
  },

  async handle({ params, organization, services }) {
    const archived = await services.webhooks.eventTypes.update(organization, params.name, {
      archived: true,
    });
    return { eventType: showEventType(archived) };
  },
});
