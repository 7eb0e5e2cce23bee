import { z } from 'zod';

import { ACCESS_REASONS } from '../../src/accessControl/index.js';
import { organizationId } from '../../src/contract/index.js';
import { integrationErrors } from '../../src/integrations/index.js';
import { defineFunction } from '../define.js';
import { integrationExample, integrationId } from './integration.js';

const { IntegrationNotFound } = integrationErrors;

export const checkAccessControl = defineFunction({
  name: 'checkAccessControl',
  summary:
    'Returns whether you, or another member, have a permission on an integration, and the reason.',
  access: { kind: 'permission', permission: 'integrations:read' },
  reads: true,
  params: z.strictObject({
    organizationId,
    integrationId,
    permission: z
      .enum(['integrations:read', 'integrations:write', 'integrations:execute'])
      .describe('The permission to check. integrations:execute includes the connection.'),
    userId: z
      .string()
      .min(1)
      .max(64)
      .optional()
      .describe('Another member, for callers with members:read. Default: the caller.'),
  }),
  result: z.strictObject({
    allowed: z.boolean(),
    reason: z
      .enum(ACCESS_REASONS)
      .describe(
        'Why. Allowed: masterKey, owner, admin (sees and changes it), organization (everyone may), or the entry that matches: role, member, apiKey, oauthApp. Not allowed: permissionMissing, notListed, connectionNotListed, notMember.',
      ),
  }),
  errors: { IntegrationNotFound },
  example: {
    params: { integrationId: integrationExample.id, permission: 'integrations:execute' },
    result: { allowed: true, reason: 'organization' },
  },

  async handle({ params, organization, services }) {
    const { integrationId: id, permission, userId } = params;
    return services.integrations.explainAccess(organization, id, { permission, userId });
  },
});
