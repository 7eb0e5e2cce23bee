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
    'For other services of the host’s: whether a key that somebody sent them works, and whose it is. Counts as a call.',
  access: { kind: 'master' },
  // It counts a call, which usage shows, and changes nothing else.
  audit: 'refusals',
  params: z.strictObject({
    key: z.string().min(1).max(200).describe('The key as it was sent.'),
    permission: scopeName
      .optional()
      .describe('What it must be allowed to do: a permission, or a scope of the host’s.'),
    address: z.string().max(64).optional().describe('The address that it came from.'),
    origin: z.string().max(500).optional().describe('What the request said in the header Origin.'),
  }),
  result: z.strictObject({
    organizationId: z.string(),
    apiKey,
    permissions: z
      .array(z.string())
      .describe('Its scopes, as far as its owner may do the same now.'),
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
