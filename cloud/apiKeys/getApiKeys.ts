import { z } from 'zod';

import { organizationId, pageOf, pageParams } from '../../src/contract/index.js';
import { defineFunction } from '../define.js';
import { apiKey, apiKeyExample, environmentParam, showApiKey } from './apiKey.js';

export const getApiKeys = defineFunction({
  name: 'getApiKeys',
  summary: 'Lists an organization’s API keys, newest first.',
  access: { kind: 'permission', permission: 'apiKeys:read' },
  reads: true,
  params: z.strictObject({
    organizationId,
    status: z
      .enum(['active', 'revoked'])
      .optional()
      .describe('Only keys with this status. Expired keys count as active until they are revoked.'),
    environment: environmentParam.optional(),
    ownerId: z.string().min(1).max(64).optional(),
    ...pageParams,
  }),
  result: pageOf(apiKey),
  errors: {},
  example: { params: { status: 'active' }, result: { items: [apiKeyExample] } },

  async handle({ params, organization, services }) {
    const filter = { ...params, owner: params.ownerId };
    const page = await services.apiKeys.admin.list(organization, filter, params);
    return { ...page, items: page.items.map((row) => showApiKey(row, services.now())) };
  },
});
