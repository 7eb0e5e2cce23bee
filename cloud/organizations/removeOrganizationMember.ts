import { z } from 'zod';

import { commonErrors, organizationId } from '../../src/contract/index.js';
import { organizationErrors } from '../../src/organizations/index.js';
import { defineFunction } from '../define.js';

const { LastOwner, MemberNotFound, OwnersOnly } = organizationErrors;
const { PermissionDenied } = commonErrors;

export const removeOrganizationMember = defineFunction({
  name: 'removeOrganizationMember',
  summary:
    'Removes a member from an organization. Members can remove themselves, except the last owner.',
  access: { kind: 'permission', permission: 'members:read' },
  params: z.strictObject({ organizationId, userId: z.string().min(1).max(64) }),
  result: z.strictObject({}),
  errors: { MemberNotFound, LastOwner, OwnersOnly, PermissionDenied },
  example: { params: { organizationId: 'mfx3q9T2hVb7', userId: 'u8Qe0ZbKdA' }, result: {} },

  async handle({ params, actor, organization, services }) {
    await services.organizations.removeMember(organization, actor, params.userId);
    // The member's keys, apps and grants end here, and stay ended if the member is added again.
    const { organizationId: id } = organization;
    await services.apiKeys.admin.revokeAllOf(id, params.userId);
    await services.oauth.apps.revokeIssued(id, params.userId);
    await services.oauth.grants.revokeAllOf(id, params.userId);
    return {};
  },
});
