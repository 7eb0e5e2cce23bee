import { z } from 'zod';

import { commonErrors, pageOf, pageParams } from '../../src/contract/index.js';
import { defineFunction } from '../define.js';
import { checkMay, oauthGrant, oauthGrantExample, showGrant } from './oauthGrant.js';

const { OrganizationNotFound, OrganizationRequired, PermissionDenied } = commonErrors;

export const getOAuthGrants = defineFunction({
  name: 'getOAuthGrants',
  summary:
    'Lists what the caller let OAuth apps do, newest first; with organizationId what all its members let them do in it, which needs oauthApps:read.',
  access: { kind: 'user' },
  reads: true,
  params: z.strictObject({
    organizationId: z.string().min(1).max(64).optional(),
    oauthAppId: z.string().min(1).max(64).optional(),
    ...pageParams,
  }),
  result: pageOf(oauthGrant),
  errors: { OrganizationNotFound, OrganizationRequired, PermissionDenied },
  example: { params: {}, result: { items: [oauthGrantExample] } },

  async handle({ params, actor, services, fail }) {
    const { organizationId, oauthAppId: appId } = params;
    const { grants } = services.oauth;
    if (organizationId === undefined && actor.kind !== 'user') throw fail.OrganizationRequired();
    if (organizationId !== undefined) {
      const permission = 'oauthApps:read';
      await checkMay(services, actor, { organizationId, permission });
    }
    const page =
      organizationId === undefined
        ? await grants.listOf({ userId: actor.kind === 'user' ? actor.userId : '', appId }, params)
        : await grants.list({ organizationId, appId }, params);
    return { ...page, items: page.items.map((view) => showGrant(view, services)) };
  },
});
