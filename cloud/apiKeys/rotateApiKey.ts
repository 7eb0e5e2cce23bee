import { z } from 'zod';

import { apiKeyErrors } from '../../src/apiKeys/index.js';
import { organizationId } from '../../src/contract/index.js';
import { defineFunction } from '../define.js';
import { apiKey, apiKeyExample, apiKeyId, KEY_EXAMPLE, showApiKey, shownKey } from './apiKey.js';

const { ApiKeyChanged, ApiKeyNotFound, ApiKeyNotActive } = apiKeyErrors;

export const rotateApiKey = defineFunction({
  name: 'rotateApiKey',
  summary:
    'Generates a new secret for an API key and shows it once. The caller becomes the owner: the new secret acts as them. The previous secret works during a grace period, as the member who issued it.',
  access: { kind: 'permission', permission: 'apiKeys:write' },
  params: z.strictObject({
    organizationId,
    apiKeyId,
    graceHours: z
      .number()
      .int()
      .min(0)
      .max(720)
      .default(24)
      .describe(
        'How many hours the previous secret still works, 0 to 720 (30 days). The next rotation ends it earlier.',
      ),
  }),
  result: z.strictObject({ apiKey, key: shownKey }),
  errors: { ApiKeyNotFound, ApiKeyNotActive, ApiKeyChanged },
  example: {
    params: { apiKeyId: apiKeyExample.id, graceHours: 24 },
    result: { apiKey: apiKeyExample, key: KEY_EXAMPLE },
  },

  async handle({ params: { apiKeyId: id, graceHours }, actor, organization, services }) {
    const caller = { actor, organization };
    const { row, key } = await services.apiKeys.admin.rotate(caller, id, graceHours);
    return { apiKey: showApiKey(row, services.now()), key };
  },
});
