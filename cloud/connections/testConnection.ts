import { z } from 'zod';

import { connectionErrors } from '../../src/connections/index.js';
import { connectorErrors } from '../../src/connectors/index.js';
import { organizationId } from '../../src/contract/index.js';
import { defineFunction } from '../define.js';
import { connection, connectionExample, connectionId, showConnection } from './connection.js';

const { ConnectionNotFound, ConnectionNotUsable } = connectionErrors;
const { ConnectorNotFound } = connectorErrors;

export const testConnection = defineFunction({
  name: 'testConnection',
  summary:
    'Tests at the service whether the credential works and which account it belongs to, and stores the result.',
  access: { kind: 'permission', permission: 'connections:write' },
  cost: 'outgoing',
  params: z.strictObject({ organizationId, connectionId }),
  result: z.strictObject({ connection }),
  errors: { ConnectorNotFound, ConnectionNotFound, ConnectionNotUsable },
  example: {
    params: { connectionId: '0mhc6xwzk3v9q2t8r4ynb1pde' },
    result: { connection: connectionExample },
  },

  async handle({ params, organization, services }) {
    const tested = await services.connections.admin.test(organization, params.connectionId);
    return { connection: showConnection(tested) };
  },
});
