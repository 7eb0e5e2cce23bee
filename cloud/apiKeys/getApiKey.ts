import { z } from 'zod';

import { apiKeyErrors } from '../../src/apiKeys/index.js';
import { organizationId } from '../../src/contract/index.js';
import { defineFunction } from '../define.js';
import { apiKey, apiKeyExample, apiKeyId, showApiKey } from './apiKey.js';

const { ApiKeyNotFound } = apiKeyErrors;

export const getApiKey = defineFunction({
  name: 'getApiKey',
  summary: 'Returns an API key, without the key itself.',
  access: { kind: 'permission', permission: 'apiKeys:read' },
  reads: true,
  params: z.strictObject({ organizationId, apiKeyId }),
  result: z.strictObject({ apiKey }),
  errors: { ApiKeyNotFound },
  example: { params: { apiKeyId: apiKeyExample.id }, result: { apiKey: apiKeyExample } },

  async handle({ params, organization, services }) {
    const row = await services.apiKeys.admin.get(organization, params.apiKeyId);
    return { apiKey: showApiKey(row, services.now()) };
  },
});
