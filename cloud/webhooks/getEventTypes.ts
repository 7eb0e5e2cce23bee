import { z } from 'zod';

import { organizationId, pageOf, pageParams } from '../../src/contract/index.js';
import { defineFunction } from '../define.js';
import { eventTypeExample, eventTypeResult, showEventType } from './event.js';

export const getEventTypes = defineFunction({
  name: 'getEventTypes',
  summary: "Lists an organization's event types, newest first.",
  access: { kind: 'permission', permission: 'eventTypes:read' },
  reads: true,
  params: z.strictObject({
    organizationId,
    archived: z
      .boolean()
      .optional()
      .describe('true: only archived ones; false: only the others. Default: both.'),
    ...pageParams,
  }),
  result: pageOf(eventTypeResult),
  errors: {},
  example: { params: { archived: false }, result: { items: [eventTypeExample] } },

  async handle({ params, organization, services }) {
    const page = await services.webhooks.eventTypes.list(organization, params);
    return { ...page, items: page.items.map(showEventType) };
  },
});
