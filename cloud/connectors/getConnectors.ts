import { z } from 'zod';

import { CATEGORIES, organizationId, pageOf, pageParams } from '../../src/contract/index.js';
import { defineFunction } from '../define.js';
import { connectorExample, connectorSummary, showConnector } from './connector.js';

export const getConnectors = defineFunction({
  name: 'getConnectors',
  summary: 'Lists the services that can be connected, by name.',
  access: { kind: 'permission', permission: 'connections:read' },
  reads: true,
  params: z.strictObject({
    organizationId,
    category: z.enum(CATEGORIES).optional().describe('Only services of this category.'),
    search: z
      .string()
      .max(100)
      .optional()
      .describe('Part of a name or description; upper and lower case are the same.'),
    ...pageParams,
  }),
  result: pageOf(connectorSummary),
  errors: {},
  example: { params: { category: 'communication' }, result: { items: [connectorExample] } },

  handle({ params: { category, search, ...request }, services }) {
    const page = services.connectors.page({ category, search }, request);
    return Promise.resolve({ ...page, items: page.items.map(showConnector) });
  },
});
