import { z } from 'zod';

import { organizationId } from '../../src/contract/index.js';
import { organizationErrors } from '../../src/organizations/index.js';
import { defineFunction } from '../define.js';

const { InvitationNotFound, OwnersOnly } = organizationErrors;

export const revokeOrganizationInvitation = defineFunction({
  name: 'revokeOrganizationInvitation',
  summary: 'Revokes a pending invitation of an organization. Its link stops working.',
  access: { kind: 'permission', permission: 'members:write' },
  params: z.strictObject({ organizationId, invitationId: z.string().min(1).max(64) }),
  result: z.strictObject({}),
  errors: { InvitationNotFound, OwnersOnly },
  example: { params: { invitationId: 'inv9q2T5hVb1' }, result: {} },

  async handle({ params, organization, services }) {
    await services.invitations.revoke(organization, params.invitationId);
    return {};
  },
});
