import { z } from 'zod';

import { organizationId } from '../../src/contract/index.js';
import { eachByItself } from '../batch.js';
import { defineFunction } from '../define.js';
import {
  connectionExample,
  connectionIds,
  connectionResults,
  showConnection,
} from './connection.js';

export const testConnections = defineFunction({
  name: 'testConnections',
  summary:
    'Tests up to 20 connections at once. Each is tested or refused by itself, with the errors of testConnection.',
  access: { kind: 'permission', permission: 'connections:write' },
  cost: 'outgoing',
  params: z.strictObject({ organizationId, connectionIds }),
  result: z.strictObject({ results: connectionResults }),
  errors: {},
  example: {
    params: { connectionIds: ['0mhc6xwzk3v9q2t8r4ynb1pde'] },
    result: { results: [{ connection: connectionExample }] },
  },

  async handle({ params, organization, services }) {
    const { admin } = services.connections;
    const results = await eachByItself(params.connectionIds, async (id) => ({
      connection: showConnection(await admin.test(organization, id)),
    }));
    return { results };
  },
});
