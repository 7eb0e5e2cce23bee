import { z } from 'zod';

import { apiKeyErrors } from '../../src/apiKeys/index.js';
import { organizationId } from '../../src/contract/index.js';
import { defineFunction } from '../define.js';
import { apiKey, apiKeyExample, apiKeyId, showApiKey } from './apiKey.js';

const { ApiKeyNotFound } = apiKeyErrors;

export const revokeApiKey = defineFunction({
  name: 'revokeApiKey',
  summary:
    'Revokes an API key permanently: immediately in this process, within one second in others. Its history stays.',
  access: { kind: 'permission', permission: 'apiKeys:write' },
  params: z.strictObject({ organizationId, apiKeyId }),
  result: z.strictObject({ apiKey }),
  errors: { ApiKeyNotFound },
  example: {
    params: { apiKeyId: apiKeyExample.id },
    result: {
      apiKey: { ...apiKeyExample, status: 'revoked', revokedAt: '2026-02-03T04:05:06.000Z' },
    },
  },

  async handle({ params, organization, services }) {
    const row = await services.apiKeys.admin.revoke(organization, params.apiKeyId);
    return { apiKey: showApiKey(row, services.now()) };
  },
});
