import { z } from 'zod';

import { organizationId } from '../../src/contract/index.js';
import { oauthErrors } from '../../src/oauth/index.js';
import { defineFunction } from '../define.js';
import { oauthAppExample, oauthAppId } from './oauthApp.js';

const { OAuthAppNotFound } = oauthErrors;

export const deleteOAuthApp = defineFunction({
  name: 'deleteOAuthApp',
  summary: 'Deletes an OAuth app with all its grants and tokens.',
  access: { kind: 'permission', permission: 'oauthApps:write' },
  params: z.strictObject({ organizationId, oauthAppId }),
  result: z.strictObject({}),
  errors: { OAuthAppNotFound },
  example: { params: { oauthAppId: oauthAppExample.id }, result: {} },

  async handle({ params, organization, services }) {
    await services.oauth.apps.delete(organization, params.oauthAppId);
    return {};
  },
});
