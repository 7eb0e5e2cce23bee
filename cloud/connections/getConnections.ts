import { z } from 'zod';

import { organizationId, pageOf, pageParams } from '../../src/contract/index.js';
import { defineFunction } from '../define.js';
import { connection, connectionExample, showConnection } from './connection.js';

export const getConnections = defineFunction({
  name: 'getConnections',
  summary: 'Lists an organization’s connections, newest first.',
  access: { kind: 'permission', permission: 'connections:read' },
  reads: true,
  params: z.strictObject({
    organizationId,
    connector: z.string().min(1).max(64).optional().describe('Only those of this connector.'),
    endUser: z.string().min(1).max(100).optional().describe('Only those of this end user.'),
    ...pageParams,
  }),
  result: pageOf(connection),
  errors: {},
  example: { params: { connector: 'slack' }, result: { items: [connectionExample] } },

  async handle({ params, organization, services }) {
    const page = await services.connections.admin.list(organization, params, params);
    return { ...page, items: page.items.map(showConnection) };
  },
});
