import { z } from 'zod';

import { accessControlErrors } from '../../src/accessControl/index.js';
import { connectionErrors } from '../../src/connections/index.js';
import { connectorErrors } from '../../src/connectors/index.js';
import { organizationId } from '../../src/contract/index.js';
import { defineFunction } from '../define.js';
import {
  connection,
  connectionExample,
  connectionParams,
  consentParams,
  showConnection,
} from './connection.js';

const { ConsentNotNeeded, ClientMissing, ReturnUrlNotAllowed, ServiceUnreachable } =
  connectionErrors;
const { AccessControlNotUsable } = accessControlErrors;
const { ConnectorNotFound, AuthMethodNotFound, FieldsNotUsable } = connectorErrors;

export const startConnection = defineFunction({
  name: 'startConnection',
  summary: 'Starts to connect a service by a user’s consent. Send the user to the returned url.',
  access: { kind: 'permission', permission: 'connections:write' },
  cost: 'outgoing',
  params: z.strictObject({ organizationId, ...connectionParams, ...consentParams }),
  result: z.strictObject({
    connection,
    url: z.string().describe('Where the user gives consent; valid once and for 15 minutes.'),
  }),
  errors: {
    ConsentNotNeeded,
    ClientMissing,
    ReturnUrlNotAllowed,
    ServiceUnreachable,
    AccessControlNotUsable,
    ConnectorNotFound,
    AuthMethodNotFound,
    FieldsNotUsable,
  },
  example: {
    params: {
      connector: 'slack',
      name: 'Our workspace',
      returnUrl: 'https://app.example.com/done',
    },
    result: {
      connection: { ...connectionExample, authMethod: 'oauth', state: 'waiting' },
      url: 'https://api.example.com/hub/oauth/start?state=eyJhbGciOi…',
    },
  },

  async handle({ params, organization, services }) {
    const started = await services.connections.connect.start(organization, params);
    return { connection: showConnection(started.connection), url: started.url };
  },
});
