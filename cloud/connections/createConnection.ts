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
  credentialParam,
  showConnection,
} from './connection.js';

const { ConsentNeeded, CredentialRefused, ServiceUnreachable } = connectionErrors;
const { AccessControlNotUsable } = accessControlErrors;
const { ConnectorNotFound, AuthMethodNotFound, FieldsNotUsable } = connectorErrors;

export const createConnection = defineFunction({
  name: 'createConnection',
  summary: 'Connects a service with an existing credential: an API key, a token or a password.',
  access: { kind: 'permission', permission: 'connections:write' },
  cost: 'outgoing',
  params: z.strictObject({ organizationId, ...connectionParams, credential: credentialParam }),
  result: z.strictObject({ connection }),
  errors: {
    ConsentNeeded,
    CredentialRefused,
    ServiceUnreachable,
    AccessControlNotUsable,
    ConnectorNotFound,
    AuthMethodNotFound,
    FieldsNotUsable,
  },
  example: {
    params: {
      connector: 'slack',
      authMethod: 'botToken',
      name: 'Our workspace',
      credential: { token: 'xoxb-1' },
    },
    result: { connection: connectionExample },
  },

  async handle({ params, organization, services }) {
    const made = await services.connections.admin.create(organization, params);
    return { connection: showConnection(made) };
  },
});
