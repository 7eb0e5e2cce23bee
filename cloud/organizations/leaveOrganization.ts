import { z } from 'zod';

import { commonErrors } from '../../src/contract/index.js';
import { organizationErrors } from '../../src/organizations/index.js';
import { defineFunction } from '../define.js';
import { forUser } from './organization.js';

const { LastOwner, UserNotFound } = organizationErrors;
const { MasterKeyRequired, OrganizationNotFound } = commonErrors;

export const leaveOrganization = defineFunction({
  name: 'leaveOrganization',
  summary:
    "Ends the caller's membership, with their API keys, grants and invitations there. The last owner cannot leave.",
  access: { kind: 'user' },
  audit: { organizationOf: ({ organizationId: id }) => id },
  params: z.strictObject({ organizationId: z.string().min(1).max(64), userId: forUser }),
  result: z.strictObject({ organizationId: z.string() }),
  errors: { OrganizationNotFound, LastOwner, UserNotFound, MasterKeyRequired },
  example: {
    params: { organizationId: 'mfx3q9T2hVb7' },
    result: { organizationId: 'mfx3q9T2hVb7' },
  },

  async handle({ params, actor, services }) {
    await services.organizations.leave(actor, params);
    return { organizationId: params.organizationId };
  },
});
