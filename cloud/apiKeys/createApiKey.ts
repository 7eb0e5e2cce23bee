import { z } from 'zod';

import { apiKeyErrors } from '../../src/apiKeys/index.js';
import { commonErrors, organizationId } from '../../src/contract/index.js';
import { defineFunction } from '../define.js';
import {
  apiKey,
  apiKeyExample,
  endFrom,
  environmentParam,
  KEY_EXAMPLE,
  settingParams,
  showApiKey,
  shownKey,
} from './apiKey.js';

const { ApiKeyCountReached, OwnerNotFound, ScopesNotHeld } = apiKeyErrors;
const { MasterKeyRequired } = commonErrors;

export const createApiKey = defineFunction({
  name: 'createApiKey',
  summary:
    'Creates an API key, with which a program calls functions as the caller. The key is shown only this once.',
  access: { kind: 'permission', permission: 'apiKeys:write' },
  params: z.strictObject({
    organizationId,
    name: settingParams.name,
    scopes: settingParams.scopes,
    environment: environmentParam.default('live'),
    expiresAt: settingParams.expiresAt.optional(),
    addresses: settingParams.addresses.default([]),
    origins: settingParams.origins.default([]),
    metadata: settingParams.metadata.default({}),
    limits: settingParams.limits.default({ rules: [] }),
    ownerId: z.string().min(1).max(64).optional(),
  }),
  result: z.strictObject({ apiKey, key: shownKey }),
  errors: { ScopesNotHeld, OwnerNotFound, MasterKeyRequired, ApiKeyCountReached },
  example: {
    params: {
      name: 'Warehouse',
      scopes: ['events:publish'],
      expiresAt: '2027-01-02T03:04:05.000Z',
      addresses: ['192.0.2.0/24'],
    },
    result: { apiKey: apiKeyExample, key: KEY_EXAMPLE },
  },

  async handle({ params, actor, organization, services }) {
    const { organizationId: _organization, expiresAt, ...given } = params;
    const request = { ...given, expiresAt: undefined, ...endFrom(expiresAt) };
    const { row, key } = await services.apiKeys.admin.create({ actor, organization }, request);
    return { apiKey: showApiKey(row, services.now()), key };
  },
});
