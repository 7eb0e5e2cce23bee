import { z } from 'zod';

import { connectionErrors } from '../../src/connections/index.js';
import { connectorErrors } from '../../src/connectors/index.js';
import { organizationId } from '../../src/contract/index.js';
import { defineFunction } from '../define.js';
import { connection, connectionParams, credentialParam, showConnection } from './connection.js';

const { ConsentNeeded, CredentialRefused, ServiceUnreachable } = connectionErrors;
const { ConnectorNotFound, AuthMethodNotFound, FieldsNotUsable } = connectorErrors;
const { connector, authMethod, fields } = connectionParams;

export const validateCredentials = defineFunction({
  name: 'validateCredentials',
  summary: 'Tests a credential at the service and returns its account, without storing anything.',
  access: { kind: 'permission', permission: 'connections:write' },
  cost: 'outgoing',
  params: z.strictObject({
    organizationId,
    connector,
    authMethod,
    fields,
    credential: credentialParam,
  }),
  result: z.strictObject({
    identity: connection.shape.identity,
    grantedScopes: connection.shape.grantedScopes,
  }),
  errors: {
    ConsentNeeded,
    CredentialRefused,
    ServiceUnreachable,
    ConnectorNotFound,
    AuthMethodNotFound,
    FieldsNotUsable,
  },
  example: {
    params: { connector: 'slack', authMethod: 'botToken', credential: { token: 'xoxb-1' } },
    result: { identity: { id: 'W12345678', name: 'grace' }, grantedScopes: ['chat:write'] },
  },

  async handle({ params, organization, services }) {
    const row = await services.connections.admin.validate(organization, params);
    const { identity, grantedScopes } = showConnection(row);
    return { identity, grantedScopes };
  },
});
