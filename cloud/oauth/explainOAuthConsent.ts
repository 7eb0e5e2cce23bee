import { z } from 'zod';

import { organizationId } from '../../src/contract/index.js';
import { isPermission, oauthErrors, readBranding } from '../../src/oauth/index.js';
import { defineFunction } from '../define.js';
import {
  oauthAppExample,
  oauthAppId,
  scopeDescription,
  scopeName,
  settingParams,
} from './oauthApp.js';

const { OAuthAppNotFound, OAuthScopeUnknown } = oauthErrors;

export const explainOAuthConsent = defineFunction({
  name: 'explainOAuthConsent',
  summary: 'Returns what the consent page of an OAuth app displays for the given scopes.',
  access: { kind: 'permission', permission: 'oauthApps:read' },
  reads: true,
  params: z.strictObject({
    organizationId,
    oauthAppId,
    scopes: z
      .array(scopeName)
      .min(1)
      .max(200)
      .optional()
      .describe('The scopes that the app requests. Default: all that it may request.'),
  }),
  result: z.strictObject({
    appName: z.string(),
    organizationName: z.string().describe('The organization that owns the app.'),
    isVerified: z.boolean().describe('Whether the page shows the app as verified.'),
    branding: settingParams.branding,
    scopes: z.array(scopeDescription),
    choosesOrganization: z
      .boolean()
      .describe('Whether users choose an organization for the app to act in.'),
    grantDays: z.number().describe('How many days a grant lasts.'),
  }),
  errors: { OAuthAppNotFound, OAuthScopeUnknown },
  example: {
    params: { oauthAppId: oauthAppExample.id },
    result: {
      appName: 'Warehouse',
      organizationName: 'Acme',
      isVerified: false,
      branding: oauthAppExample.branding,
      scopes: [{ name: 'webhooks:read', description: 'Read webhooks and their deliveries' }],
      choosesOrganization: true,
      grantDays: 365,
    },
  },

  async handle({ params, organization, services, fail }) {
    const { oauth, tenancy } = services;
    const row = await oauth.apps.get(organization, params.oauthAppId);
    const requested = params.scopes ?? row.scopes;
    const unknown = requested.filter((scope) => !row.scopes.includes(scope));
    if (unknown.length > 0) throw fail.OAuthScopeUnknown({ scopes: unknown.join(', ') });
    return {
      appName: row.name,
      organizationName: await tenancy.nameOf(row.organization),
      isVerified: row.isVerified === true,
      branding: readBranding(row.branding),
      scopes: [...oauth.scopes.describe(requested)],
      choosesOrganization: requested.some(isPermission),
      grantDays: row.grantDays,
    };
  },
});
