import { z } from 'zod';

import { commonErrors } from '../../src/contract/index.js';
import { organizationErrors } from '../../src/organizations/index.js';
import { defineFunction } from '../define.js';
import { forUser, invitationReference, isOneReference, ONE_REFERENCE } from './organization.js';

const { InvitationNotValid, UserNotFound } = organizationErrors;
const { MasterKeyRequired } = commonErrors;

export const declineOrganizationInvitation = defineFunction({
  name: 'declineOrganizationInvitation',
  summary: 'Declines an invitation, which ends it.',
  access: { kind: 'user' },
  audit: { organizationOf: ({ organizationId: id }) => id },
  params: z
    .strictObject({ ...invitationReference, userId: forUser })
    .refine(isOneReference, ONE_REFERENCE),
  result: z.strictObject({ organizationId: z.string() }),
  errors: { InvitationNotValid, UserNotFound, MasterKeyRequired },
  example: { params: { invitationId: 'inv9q2T5hVb1' }, result: { organizationId: 'mfx3q9T2hVb7' } },

  async handle({ params: { userId: named, ...reference }, actor, services }) {
    const userId = await services.organizations.personOf(actor, named);
    return { organizationId: await services.invitations.decline(userId, reference) };
  },
});
