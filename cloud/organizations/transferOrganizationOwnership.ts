import { z } from 'zod';

import { commonErrors, organizationId } from '../../src/contract/index.js';
import { organizationErrors } from '../../src/organizations/index.js';
import { defineFunction } from '../define.js';
import { member, showMember } from './organization.js';

const { MemberNotFound, OwnerRequired, UserNotFound } = organizationErrors;
const { MasterKeyRequired } = commonErrors;

export const transferOrganizationOwnership = defineFunction({
  name: 'transferOrganizationOwnership',
  summary: 'Makes a member an owner instead of the caller, who gets another role.',
  access: { kind: 'permission', permission: 'members:write' },
  params: z.strictObject({
    organizationId,
    userId: z.string().min(1).max(64).describe('The member who becomes an owner.'),
    keepRole: z
      .enum(['admin', 'developer', 'viewer'])
      .default('admin')
      .describe('The role of the previous owner.'),
    ownerId: z
      .string()
      .max(64)
      .optional()
      .describe(
        'The owner to replace. Required with the master key; other callers can only pass their own id.',
      ),
  }),
  result: z.strictObject({ owner: member, previous: member }),
  errors: { OwnerRequired, MemberNotFound, UserNotFound, MasterKeyRequired },
  example: {
    params: { organizationId: 'mfx3q9T2hVb7', userId: 'u8Qe0ZbKdA' },
    result: {
      owner: { userId: 'u8Qe0ZbKdA', username: 'ada', role: 'owner' },
      previous: { userId: 'u3Fk1XcLmB', username: 'ben', role: 'admin' },
    },
  },

  async handle({ params, actor, organization, services }) {
    const changed = await services.organizations.transferOwnership(organization, actor, params);
    return { owner: showMember(changed.owner), previous: showMember(changed.previous) };
  },
});
