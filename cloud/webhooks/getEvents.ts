import { z } from 'zod';

import { organizationId, pageOf, pageParams } from '../../src/contract/index.js';
import { defineFunction } from '../define.js';
import { event, eventExample, eventType, showEvent } from './event.js';

export const getEvents = defineFunction({
  name: 'getEvents',
  summary: "Lists an organization's events, newest first.",
  access: { kind: 'permission', permission: 'events:read' },
  reads: true,
  params: z.strictObject({
    organizationId,
    type: eventType.optional().describe('Only events of this type.'),
    ...pageParams,
  }),
  result: pageOf(event),
  errors: {},
  example: { params: { type: 'order.paid' }, result: { items: [eventExample] } },

  async handle({ params, organization, services }) {
    const page = await services.webhooks.history.listEvents(organization, params);
    return { ...page, items: page.items.map(showEvent) };
  },
});
