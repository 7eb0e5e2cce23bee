import { z } from 'zod';

import { defineFunction } from '../define.js';
import { scopeDescription } from './oauthApp.js';

export const getOAuthScopes = defineFunction({
  name: 'getOAuthScopes',
  summary: 'Lists everything that OAuth apps can ask for, in the words that people are asked with.',
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
