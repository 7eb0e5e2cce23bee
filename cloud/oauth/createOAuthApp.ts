import { z } from 'zod';

import { commonErrors, organizationId } from '../../src/contract/index.js';
import { oauthErrors } from '../../src/oauth/index.js';
import { defineFunction } from '../define.js';
import {
  authMethodParam,
  DEFAULTS,
  oauthApp,
  oauthAppExample,
  SECRET_EXAMPLE,
  settingParams,
  shownSecret,
  showOAuthApp,
} from './oauthApp.js';

const { OAuthAppCountReached, OAuthAppOwnerNotFound, OAuthAppUnfit, OAuthScopeUnknown } =
  oauthErrors;
const { MasterKeyRequired } = commonErrors;

export const createOAuthApp = defineFunction({
  name: 'createOAuthApp',
  summary:
    'Registers an OAuth app: a third-party program that users can allow to act for them. Returns the client secret, once.',
  access: { kind: 'permission', permission: 'oauthApps:write' },
  params: z.strictObject({
    organizationId,
    name: settingParams.name,
    authMethod: authMethodParam.default('client_secret'),
    applicationType: settingParams.applicationType.optional(),
    redirectUris: settingParams.redirectUris.default([]),
    privateUseSchemes: settingParams.privateUseSchemes.optional(),
    postLogoutRedirectUris: settingParams.postLogoutRedirectUris.optional(),
    grants: settingParams.grants.default(['authorizationCode', 'refreshToken']),
    scopes: settingParams.scopes,
    jwks: settingParams.jwks.optional(),
    tokenFormat: settingParams.tokenFormat.default(DEFAULTS.tokenFormat),
    accessTokenSeconds: settingParams.accessTokenSeconds.default(DEFAULTS.accessTokenSeconds),
    refreshTokenDays: settingParams.refreshTokenDays.default(DEFAULTS.refreshTokenDays),
    grantDays: settingParams.grantDays.default(DEFAULTS.grantDays),
    rotatesRefreshTokens: settingParams.rotatesRefreshTokens.default(DEFAULTS.rotatesRefreshTokens),
    refreshGraceSeconds: settingParams.refreshGraceSeconds.default(DEFAULTS.refreshGraceSeconds),
    branding: settingParams.branding.default({}),
    isVerified: settingParams.isVerified.optional(),
    ownerId: z.string().min(1).max(64).optional(),
  }),
  result: z.strictObject({ oauthApp, clientSecret: shownSecret.optional() }),
  errors: {
    OAuthAppUnfit,
    OAuthScopeUnknown,
    OAuthAppOwnerNotFound,
    OAuthAppCountReached,
    MasterKeyRequired,
  },
  example: {
    params: {
      name: 'Warehouse',
      redirectUris: ['https://warehouse.example.com/callback'],
      scopes: ['openid', 'webhooks:read'],
    },
    result: { oauthApp: oauthAppExample, clientSecret: SECRET_EXAMPLE },
  },

  async handle({ params, actor, organization, services }) {
    const { organizationId: _organization, ...request } = params;
    const { row, secret } = await services.oauth.apps.create({ actor, organization }, request);
    return {
      oauthApp: showOAuthApp(row, services.now()),
      ...(secret !== undefined && { clientSecret: secret }),
    };
  },
});
