import { z } from 'zod';

import { apiKeyErrors } from '../../src/apiKeys/index.js';
import { commonErrors } from '../../src/contract/index.js';
import { defineFunction } from '../define.js';
import { apiKey, apiKeyExample, KEY_EXAMPLE, scopeName, showApiKey } from './apiKey.js';

const { ApiKeyNotValid, PermissionDenied } = commonErrors;
const { ApiKeyAddressNotAllowed, ApiKeyEnvironmentNotTaken, ApiKeyLimitReached } = apiKeyErrors;
const { ApiKeyOriginNotAllowed } = apiKeyErrors;

export const verifyApiKey = defineFunction({
  name: 'verifyApiKey',
  summary:
    'Verifies an API key that another service of the host received, and returns its owner and scopes: for the previous secret of a rotated key, the member who issued that. Counts as a call.',
  access: { kind: 'master' },
  // It counts a call in the usage and changes nothing else.
  audit: 'refusals',
  params: z.strictObject({
    key: z.string().min(1).max(200).describe('The key as it was received.'),
    permission: scopeName
      .optional()
      .describe('A permission, or a scope of the host, that the key must have.'),
    address: z.string().max(64).optional().describe('The IP address that sent the key.'),
    origin: z.string().max(500).optional().describe('The Origin header of the request.'),
  }),
  result: z.strictObject({
    organizationId: z.string(),
    apiKey,
    permissions: z
      .array(z.string())
      .describe('The scopes of the key that its owner currently has too.'),
  }),
  errors: {
    ApiKeyNotValid,
    ApiKeyEnvironmentNotTaken,
    ApiKeyAddressNotAllowed,
    ApiKeyOriginNotAllowed,
    ApiKeyLimitReached,
    PermissionDenied,
  },
  example: {
    params: { key: KEY_EXAMPLE, permission: 'events:publish', address: '192.0.2.7' },
    result: {
      organizationId: 'mfx3q9T2hVb7',
      apiKey: apiKeyExample,
      permissions: ['events:publish'],
    },
  },

  async handle({ params: { permission, ...sent }, services }) {
    const request = { address: undefined, ...sent, functions: ['verifyApiKey'] };
    const { row, membership } = await services.apiKeys.callers.verify(request, permission);
    return {
      organizationId: row.organization,
      apiKey: showApiKey(row, services.now()),
      permissions: [...membership.permissions],
    };
  },
});
