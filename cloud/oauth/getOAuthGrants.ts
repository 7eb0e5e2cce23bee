import { z } from 'zod';

import { type Actor, pageOf, pageParams } from '../../src/contract/index.js';
import { defineFunction } from '../define.js';
import { checkMay, oauthGrant, oauthGrantExample, showGrant } from './oauthGrant.js';

export const getOAuthGrants = defineFunction({
  name: 'getOAuthGrants',
  summary:
    'Lists the grants that the caller gave to OAuth apps, newest first. With organizationId: the grants of all its members in it, which needs oauthApps:read.',
  access: { kind: 'user' },
  reads: true,
  params: z.strictObject({
    organizationId: z.string().min(1).max(64).optional(),
    oauthAppId: z.string().min(1).max(64).optional(),
    ...pageParams,
  }),
  result: pageOf(oauthGrant),
  errors: {},
  example: { params: {}, result: { items: [oauthGrantExample] } },

  async handle({ params, actor, services }) {
    const { organizationId, oauthAppId: appId } = params;
    const { grants } = services.oauth;
    if (organizationId !== undefined) {
      const permission = 'oauthApps:read';
      await checkMay(services, actor, { organizationId, permission });
    }
    const userId = organizationId === undefined ? personOf(actor) : undefined;
    const page = await grants.list({ organizationId, userId, appId }, params);
    return { ...page, items: page.items.map((view) => showGrant(view, services)) };
  },
});

/** The user whose grants are listed; `undefined` for the master key, which sees all grants. */
function personOf(actor: Actor): string | undefined {
  return actor.kind === 'user' ? actor.userId : undefined;
}
