import { z } from 'zod';

import { organizationId } from '../../src/contract/index.js';
import { organizationErrors } from '../../src/organizations/index.js';
import { defineFunction } from '../define.js';
import { member, role, showMember } from './organization.js';

const { LastOwner, MemberNotFound, OwnersOnly } = organizationErrors;

export const setOrganizationMemberRole = defineFunction({
  name: 'setOrganizationMemberRole',
  summary: 'Changes the role of a member. It takes effect with the next call.',
  access: { kind: 'permission', permission: 'members:write' },
  params: z.strictObject({ organizationId, userId: z.string().min(1).max(64), role }),
  result: z.strictObject({ member }),
  errors: { MemberNotFound, LastOwner, OwnersOnly },
  example: {
    params: { organizationId: 'mfx3q9T2hVb7', userId: 'u8Qe0ZbKdA', role: 'admin' },
    result: { member: { userId: 'u8Qe0ZbKdA', username: 'ada', role: 'admin' } },
  },

  async handle({ params, organization, services }) {
    return { member: showMember(await services.organizations.setMemberRole(organization, params)) };
  },
});
