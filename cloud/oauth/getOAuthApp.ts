import { z } from 'zod';

import { organizationId } from '../../src/contract/index.js';
import { oauthErrors } from '../../src/oauth/index.js';
import { defineFunction } from '../define.js';
import { oauthApp, oauthAppExample, oauthAppId, showOAuthApp } from './oauthApp.js';

const { OAuthAppNotFound } = oauthErrors;

export const getOAuthApp = defineFunction({
  name: 'getOAuthApp',
  summary: 'Returns an OAuth app, without its secret.',
  access: { kind: 'permission', permission: 'oauthApps:read' },
  reads: true,
  params: z.strictObject({ organizationId, oauthAppId }),
  result: z.strictObject({ oauthApp }),
  errors: { OAuthAppNotFound },
  example: {
    params: { oauthAppId: oauthAppExample.id },
    result: { oauthApp: oauthAppExample },
  },

  async handle({ params, organization, services }) {
    const row = await services.oauth.apps.get(organization, params.oauthAppId);
    return { oauthApp: showOAuthApp(row, services.now()) };
  },
});
