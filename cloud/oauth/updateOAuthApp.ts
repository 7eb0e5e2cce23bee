import { z } from 'zod';

import { commonErrors, organizationId } from '../../src/contract/index.js';
import { oauthErrors } from '../../src/oauth/index.js';
import { defineFunction } from '../define.js';
import { oauthApp, oauthAppExample, oauthAppId, settingParams, showOAuthApp } from './oauthApp.js';

const { OAuthAppChanged, OAuthAppNotFound, OAuthAppUnfit, OAuthScopeUnknown } = oauthErrors;
const { MasterKeyRequired } = commonErrors;

export const updateOAuthApp = defineFunction({
  name: 'updateOAuthApp',
  summary:
    'Changes an OAuth app. Absent parameters stay as they are; authMethod cannot be changed. New keys act as the caller: see credentials. Disabling an app revokes all its tokens for good.',
  access: { kind: 'permission', permission: 'oauthApps:write' },
  params: z.strictObject({
    organizationId,
    oauthAppId,
    name: settingParams.name.optional(),
    applicationType: settingParams.applicationType.optional(),
    redirectUris: settingParams.redirectUris.optional(),
    privateUseSchemes: settingParams.privateUseSchemes.optional(),
    postLogoutRedirectUris: settingParams.postLogoutRedirectUris.optional(),
    grants: settingParams.grants.optional(),
    scopes: settingParams.scopes.optional(),
    jwks: settingParams.jwks.optional(),
    tokenFormat: settingParams.tokenFormat.optional(),
    accessTokenSeconds: settingParams.accessTokenSeconds.optional(),
    refreshTokenDays: settingParams.refreshTokenDays.optional(),
    grantDays: settingParams.grantDays.optional(),
    rotatesRefreshTokens: settingParams.rotatesRefreshTokens.optional(),
    refreshGraceSeconds: settingParams.refreshGraceSeconds.optional(),
    branding: settingParams.branding.optional(),
    isVerified: settingParams.isVerified.optional(),
    isEnabled: z.boolean().optional().describe('Whether the app can be used.'),
  }),
  result: z.strictObject({ oauthApp }),
  errors: {
    OAuthAppNotFound,
    OAuthAppUnfit,
    OAuthScopeUnknown,
    OAuthAppChanged,
    MasterKeyRequired,
  },
  example: {
    params: { oauthAppId: oauthAppExample.id, scopes: ['openid', 'webhooks:read'] },
    result: { oauthApp: oauthAppExample },
  },

  async handle({ params, actor, organization, services }) {
    const { organizationId: _organization, oauthAppId: id, ...change } = params;
    const row = await services.oauth.apps.update({ actor, organization }, id, change);
    return { oauthApp: showOAuthApp(row, services.now()) };
  },
});
