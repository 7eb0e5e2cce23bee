import { z } from 'zod';

import { connectionErrors } from '../../src/connections/index.js';
import { organizationId } from '../../src/contract/index.js';
import { defineFunction } from '../define.js';
import { connection, connectionExample, showConnection } from './connection.js';

const { OAuthStateNotValid, ConsentRefused, ServiceUnreachable, ConnectionChanged } =
  connectionErrors;

export const finishConnection = defineFunction({
  name: 'finishConnection',
  summary: 'Finishes a consent whose callback went to your own page instead of the hub’s.',
  access: { kind: 'permission', permission: 'connections:write' },
  cost: 'outgoing',
  params: z.strictObject({
    organizationId,
    state: z.string().min(1).max(4_096).describe('The state that the service sent back.'),
    code: z
      .string()
      .min(1)
      .max(4_096)
      .optional()
      .describe('The code that the service sent back; with OAuth 1 its oauth_verifier.'),
    error: z
      .string()
      .max(500)
      .optional()
      .describe('The error that the service sent instead of a code.'),
    errorDescription: z
      .string()
      .max(2_000)
      .optional()
      .describe('The error_description that came with it.'),
  }),
  result: z.strictObject({ connection }),
  errors: { OAuthStateNotValid, ConsentRefused, ServiceUnreachable, ConnectionChanged },
  example: {
    params: { state: 'eyJhbGciOi…', code: 'abc' },
    result: { connection: connectionExample },
  },

  async handle({ params, organization, services }) {
    const finished = await services.connections.connect.finish(params, {
      membership: organization,
    });
    return { connection: showConnection(finished.connection) };
  },
});
