import { z } from 'zod';

import { apiKeyErrors } from '../../src/apiKeys/index.js';
import { organizationId } from '../../src/contract/index.js';
import { defineFunction } from '../define.js';
import { apiKey, apiKeyExample, apiKeyId, KEY_EXAMPLE, showApiKey, shownKey } from './apiKey.js';

const { ApiKeyChanged, ApiKeyNotFound, ApiKeyNotActive } = apiKeyErrors;

export const rotateApiKey = defineFunction({
  name: 'rotateApiKey',
  summary:
    'Gives an API key another secret, shown this once, and the caller for its owner. The one before works on for a while.',
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
        'How long the secret of before works besides, 0 to 720 (30 days). Rotating again ends it.',
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
