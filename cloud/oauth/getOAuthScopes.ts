import { z } from 'zod';

import { defineFunction } from '../define.js';
import { scopeDescription } from './oauthApp.js';

export const getOAuthScopes = defineFunction({
  name: 'getOAuthScopes',
  summary:
    'Lists the scopes that OAuth apps can request, with the descriptions that the consent page shows.',
  access: { kind: 'user' },
  reads: true,
  params: z.strictObject({}),
  result: z.strictObject({ scopes: z.array(scopeDescription) }),
  errors: {},
  example: {
    params: {},
    result: {
      scopes: [
        { name: 'openid', description: 'Know who you are' },
        { name: 'webhooks:read', description: 'Read webhooks and their deliveries' },
      ],
    },
  },

  handle: ({ services }) => Promise.resolve({ scopes: [...services.oauth.scopes.all] }),
});
