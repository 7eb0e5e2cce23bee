import { z } from 'zod';

import { AppError } from '../../src/contract/index.js';
import { oauthErrors } from '../../src/oauth/index.js';
import { defineFunction } from '../define.js';
import { checkMay, oauthGrantExample, oauthGrantId } from './oauthGrant.js';

const { OAuthGrantNotFound } = oauthErrors;

export const revokeOAuthGrant = defineFunction({
  name: 'revokeOAuthGrant',
  summary:
    'Revokes a grant with all its tokens immediately. Users can revoke their own grants; with oauthApps:write any grant in the organization.',
  access: { kind: 'user' },
  audit: { organizationOf: ({ organizationId }) => organizationId },
  params: z.strictObject({ oauthGrantId }),
  result: z.strictObject({
    organizationId: z.string().optional().describe('The organization that the app acted in.'),
  }),
  errors: { OAuthGrantNotFound },
  example: {
    params: { oauthGrantId: oauthGrantExample.id },
    result: { organizationId: 'mfx3q9T2hVb7' },
  },

  async handle({ params, actor, services, fail }) {
    const { grants } = services.oauth;
    const grant = await grants.get(params.oauthGrantId);
    const { user, organization: organizationId } = grant;
    const isOwn = actor.kind === 'user' && actor.userId === user;
    if (!isOwn && actor.kind !== 'master') {
      if (organizationId === undefined) throw fail.OAuthGrantNotFound();
      const permission = 'oauthApps:write';
      try {
        await checkMay(services, actor, { organizationId, permission });
      } catch (error) {
        // A caller who may not revoke the grant does not learn that it exists.
        if (error instanceof AppError) throw fail.OAuthGrantNotFound();
        throw error;
      }
    }
    await grants.revoke(grant);
    return { ...(organizationId !== undefined && { organizationId }) };
  },
});
