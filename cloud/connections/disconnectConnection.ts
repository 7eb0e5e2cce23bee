import { z } from 'zod';

import { connectionErrors } from '../../src/connections/index.js';
import { organizationId } from '../../src/contract/index.js';
import { defineFunction } from '../define.js';
import { connection, connectionExample, connectionId, showConnection } from './connection.js';

const { ConnectionNotFound, ConnectionChanged } = connectionErrors;

export const disconnectConnection = defineFunction({
  name: 'disconnectConnection',
  summary:
    'Deletes the credential of a connection and revokes it at the service if possible. The connection stays and can be reconnected.',
  access: { kind: 'permission', permission: 'connections:write' },
  cost: 'outgoing',
  params: z.strictObject({ organizationId, connectionId }),
  result: z.strictObject({ connection }),
  errors: { ConnectionNotFound, ConnectionChanged },
  example: {
    params: { connectionId: '0mhc6xwzk3v9q2t8r4ynb1pde' },
    result: { connection: { ...connectionExample, state: 'disconnected' } },
  },

  async handle({ params, organization, services }) {
    const { connections } = services;
    const row = await connections.admin.disconnect(organization, params.connectionId);
    return { connection: showConnection(row) };
  },
});
