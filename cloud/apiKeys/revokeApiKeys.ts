import { z } from 'zod';

import { organizationId } from '../../src/contract/index.js';
import { defineFunction } from '../define.js';
import { apiKeyExample } from './apiKey.js';

export const revokeApiKeys = defineFunction({
  name: 'revokeApiKeys',
  summary:
    'Revokes all API keys of an organization or of one owner permanently, for example after an incident.',
  access: { kind: 'permission', permission: 'apiKeys:write' },
  params: z.strictObject({
    organizationId,
    ownerId: z
      .string()
      .min(1)
      .max(64)
      .optional()
      .describe(
        'The owner of the keys, a member or a former one. Default: all keys of the organization.',
      ),
  }),
  result: z.strictObject({
    apiKeyIds: z.array(z.string()).describe('The ids of the keys that were active until now.'),
  }),
  errors: {},
  example: {
    params: { ownerId: apiKeyExample.ownerId },
    result: { apiKeyIds: [apiKeyExample.id] },
  },

  async handle({ params: { ownerId }, organization, services }) {
    const { organizationId: id } = organization;
    const revoked = await services.apiKeys.admin.revokeAllOf(id, ownerId);
    return { apiKeyIds: revoked.map((row) => row.id) };
  },
});
