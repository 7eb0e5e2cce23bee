import { z } from 'zod';

import { connectionErrors } from '../../src/connections/index.js';
import { connectorErrors } from '../../src/connectors/index.js';
import { organizationId } from '../../src/contract/index.js';
import { defineFunction } from '../define.js';
import {
  connection,
  connectionExample,
  connectionId,
  consentParams,
  credentialParam,
  showConnection,
} from './connection.js';

const {
  ConnectionNotFound,
  ConnectionChanged,
  ConsentNeeded,
  ConsentNotNeeded,
  ClientMissing,
  ReturnUrlNotAllowed,
  CredentialRefused,
  ServiceUnreachable,
} = connectionErrors;
const { ConnectorNotFound, FieldsNotUsable } = connectorErrors;

export const reconnectConnection = defineFunction({
  name: 'reconnectConnection',
  summary:
    'Reconnects a connection with another credential, or returns a URL where a user gives consent.',
  access: { kind: 'permission', permission: 'connections:write' },
  cost: 'outgoing',
  params: z.strictObject({
    organizationId,
    connectionId,
    credential: credentialParam.optional(),
    ...consentParams,
  }),
  result: z.strictObject({
    connection,
    url: z.string().optional().describe('Where the user gives consent; absent with a credential.'),
  }),
  errors: {
    ConnectionNotFound,
    ConnectionChanged,
    ConnectorNotFound,
    ConsentNeeded,
    ConsentNotNeeded,
    ClientMissing,
    ReturnUrlNotAllowed,
    CredentialRefused,
    ServiceUnreachable,
    FieldsNotUsable,
  },
  example: {
    params: { connectionId: '0mhc6xwzk3v9q2t8r4ynb1pde', credential: { token: 'xoxb-2' } },
    result: { connection: connectionExample },
  },

  async handle({ params, organization, services }) {
    const { admin, connect } = services.connections;
    const row = await admin.get(organization, params.connectionId);
    if (params.credential) {
      return { connection: showConnection(await admin.replaceCredential(row, params.credential)) };
    }
    const started = await connect.restart(row, params);
    return { connection: showConnection(started.connection), url: started.url };
  },
});
