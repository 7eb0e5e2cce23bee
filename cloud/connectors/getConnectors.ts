import { z } from 'zod';

import { CATEGORIES, organizationId } from '../../src/contract/index.js';
import { defineFunction } from '../define.js';
import { connectorExample, connectorSummary, showConnector } from './connector.js';

export const getConnectors = defineFunction({
  name: 'getConnectors',
  summary: 'Lists the services that can be connected, by name.',
  access: { kind: 'permission', permission: 'connections:read' },
  reads: true,
  params: z.strictObject({
    organizationId,
    category: z.enum(CATEGORIES).optional().describe('Only those of this kind.'),
    search: z.string().max(100).optional().describe('Part of a name or description, in any case.'),
  }),
  result: z.strictObject({ connectors: z.array(connectorSummary) }),
  errors: {},
  example: { params: { category: 'communication' }, result: { connectors: [connectorExample] } },

  async handle({ params: { category, search = '' }, services }) {
    const wanted = search.toLowerCase();
    const connectors = services.connectors
      .list()
      .filter((connector) => category === undefined || connector.category === category)
      .filter(({ name, description }) => `${name} ${description}`.toLowerCase().includes(wanted));
    return { connectors: connectors.map(showConnector) };
  },
});
