import { z } from 'zod';

import { commonErrors } from '../../src/contract/index.js';
import { organizationErrors } from '../../src/organizations/index.js';
import { defineFunction } from '../define.js';
import { forUser } from './organization.js';

const { UserNotFound } = organizationErrors;
const { MasterKeyRequired, OrganizationNotFound } = commonErrors;

export const setDefaultOrganization = defineFunction({
  name: 'setDefaultOrganization',
  summary: 'Chooses the organization in which the caller acts when a call has no organizationId.',
  access: { kind: 'user' },
  params: z.strictObject({
    organizationId: z
      .string()
      .min(1)
      .max(64)
      .nullable()
      .describe('An organization that the caller belongs to; null ends the choice.'),
    userId: forUser,
  }),
  result: z.strictObject({}),
  errors: { OrganizationNotFound, UserNotFound, MasterKeyRequired },
  example: { params: { organizationId: 'mfx3q9T2hVb7' }, result: {} },

  async handle({ params: { organizationId, userId: named }, actor, services }) {
    const userId = await services.organizations.personOf(actor, named);
    await services.tenancy.setDefault(userId, organizationId ?? undefined);
    return {};
  },
});
