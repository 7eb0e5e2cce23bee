import { z } from 'zod';

import { organizationId } from '../../src/contract/index.js';
import { eachByItself, idsParam, refusal } from '../batch.js';
import { defineFunction } from '../define.js';
import { connection, connectionExample, showConnection } from './connection.js';

export const disconnectConnections = defineFunction({
  name: 'disconnectConnections',
  summary:
    'Disconnects up to 20 connections at once, such as all of an end user who leaves. Each by itself, with the errors of disconnectConnection.',
  access: { kind: 'permission', permission: 'connections:write' },
  params: z.strictObject({ organizationId, connectionIds: idsParam('connections', 20) }),
  result: z.strictObject({
    results: z
      .array(z.union([z.strictObject({ connection }), z.strictObject({ error: refusal })]))
      .describe('One for each id, in the same order.'),
  }),
  errors: {},
  example: {
    params: { connectionIds: ['0mhc6xwzk3v9q2t8r4ynb1pde'] },
    result: { results: [{ connection: { ...connectionExample, state: 'disconnected' } }] },
  },

  async handle({ params, organization, services }) {
    const { admin } = services.connections;
    const results = await eachByItself(params.connectionIds, async (id) => ({
      connection: showConnection(await admin.disconnect(organization, id)),
    }));
    return { results };
  },
});
