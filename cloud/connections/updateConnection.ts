import { z } from 'zod';

import { accessControl, accessControlErrors } from '../../src/accessControl/index.js';
import { connectionErrors } from '../../src/connections/index.js';
import { organizationId } from '../../src/contract/index.js';
import { defineFunction } from '../define.js';
import {
  connection,
  connectionExample,
  connectionId,
  connectionParams,
  showConnection,
} from './connection.js';

const { ConnectionNotFound, ConnectionChanged } = connectionErrors;
const { AccessControlNotUsable } = accessControlErrors;

export const updateConnection = defineFunction({
  name: 'updateConnection',
  summary: 'Changes the name of a connection and who may use it. Its credential stays.',
  access: { kind: 'permission', permission: 'connections:write' },
  params: z.strictObject({
    organizationId,
    connectionId,
    name: connectionParams.name.optional(),
    accessControl: accessControl.optional(),
  }),
  result: z.strictObject({ connection }),
  errors: { ConnectionNotFound, ConnectionChanged, AccessControlNotUsable },
  example: {
    params: {
      connectionId: connectionExample.id,
      accessControl: { kind: 'listed', roles: ['admin'] },
    },
    result: {
      connection: { ...connectionExample, accessControl: { kind: 'listed', roles: ['admin'] } },
    },
  },

  async handle({ params, organization, services }) {
    const { connectionId: id, name, accessControl: access } = params;
    const update = { name, accessControl: access };
    const row = await services.connections.admin.update(organization, id, update);
    return { connection: showConnection(row) };
  },
});
