import { z } from 'zod';

import { commonErrors, organizationId } from '../../src/contract/index.js';
import { organizationErrors } from '../../src/organizations/index.js';
import { defineFunction } from '../define.js';

const { LastOwner, MemberNotFound, OwnersOnly } = organizationErrors;
const { PermissionDenied } = commonErrors;

export const removeOrganizationMember = defineFunction({
  name: 'removeOrganizationMember',
  summary:
    'Removes a member from an organization, with their API keys, grants and invitations there. Members can remove themselves, except the last owner.',
  access: { kind: 'permission', permission: 'members:read' },
  params: z.strictObject({ organizationId, userId: z.string().min(1).max(64) }),
  result: z.strictObject({}),
  errors: { MemberNotFound, LastOwner, OwnersOnly, PermissionDenied },
  example: { params: { organizationId: 'mfx3q9T2hVb7', userId: 'u8Qe0ZbKdA' }, result: {} },

  async handle({ params, actor, organization, services }) {
    await services.organizations.removeMember(organization, actor, params.userId);
    return {};
  },
});
