import { z } from 'zod';

import { apiKeyErrors } from '../../src/apiKeys/index.js';
import { organizationId } from '../../src/contract/index.js';
import { defineFunction } from '../define.js';
import { apiKey, apiKeyExample, apiKeyId, endFrom, settingParams, showApiKey } from './apiKey.js';

const { ApiKeyChanged, ApiKeyNotFound, ApiKeyNotActive, ApiKeyOfAnother, ScopesNotHeld } =
  apiKeyErrors;

export const updateApiKey = defineFunction({
  name: 'updateApiKey',
  summary:
    'Changes the settings of an API key. Absent parameters stay as they are. Only its owner can allow it more, because it acts as the owner; others can restrict it, or rotate it.',
  access: { kind: 'permission', permission: 'apiKeys:write' },
  params: z.strictObject({
    organizationId,
    apiKeyId,
    name: settingParams.name.optional(),
    scopes: settingParams.scopes.optional(),
    expiresAt: settingParams.expiresAt.optional(),
    addresses: settingParams.addresses.optional(),
    origins: settingParams.origins.optional(),
    metadata: settingParams.metadata.optional(),
    limits: settingParams.limits.optional(),
  }),
  result: z.strictObject({ apiKey }),
  errors: { ApiKeyNotFound, ApiKeyNotActive, ApiKeyChanged, ApiKeyOfAnother, ScopesNotHeld },
  example: {
    params: { apiKeyId: apiKeyExample.id, addresses: ['192.0.2.0/24'] },
    result: { apiKey: apiKeyExample },
  },

  async handle({ params, actor, organization, services }) {
    const { organizationId: _organization, apiKeyId: id, expiresAt, ...given } = params;
    const caller = { actor, organization };
    const change = { ...given, ...endFrom(expiresAt) };
    const row = await services.apiKeys.admin.update(caller, id, change);
    return { apiKey: showApiKey(row, services.now()) };
  },
});
