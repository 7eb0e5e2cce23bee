import { z } from 'zod';

import { organizationId, pageOf, pageParams } from '../../src/contract/index.js';
import { defineFunction } from '../define.js';
import { oauthApp, oauthAppExample, showOAuthApp } from './oauthApp.js';

export const getOAuthApps = defineFunction({
  name: 'getOAuthApps',
  summary: 'Lists an organization’s OAuth apps, newest first.',
  access: { kind: 'permission', permission: 'oauthApps:read' },
  reads: true,
  params: z.strictObject({ organizationId, ...pageParams }),
  result: pageOf(oauthApp),
  errors: {},
  example: { params: {}, result: { items: [oauthAppExample] } },

  async handle({ params, organization, services }) {
    const page = await services.oauth.apps.list(organization, params);
    return { ...page, items: page.items.map((row) => showOAuthApp(row, services.now())) };
  },
});
