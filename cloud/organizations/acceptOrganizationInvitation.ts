import { z } from 'zod';

import { commonErrors } from '../../src/contract/index.js';
import { organizationErrors } from '../../src/organizations/index.js';
import { defineFunction } from '../define.js';
import {
  forUser,
  invitationReference,
  isOneReference,
  ONE_REFERENCE,
  organization,
  showOrganization,
} from './organization.js';

const { InvitationNotValid, UserNotFound } = organizationErrors;
const { MasterKeyRequired } = commonErrors;

export const acceptOrganizationInvitation = defineFunction({
  name: 'acceptOrganizationInvitation',
  summary:
    'Accepts an invitation, which makes the caller a member. A caller who is a member already keeps their role.',
  access: { kind: 'user' },
  audit: { organizationOf: ({ organization: { id } }) => id },
  params: z
    .strictObject({ ...invitationReference, userId: forUser })
    .refine(isOneReference, ONE_REFERENCE),
  result: z.strictObject({ organization }),
  errors: { InvitationNotValid, UserNotFound, MasterKeyRequired },
  example: {
    params: { invitationId: 'inv9q2T5hVb1' },
    result: {
      organization: {
        id: 'mfx3q9T2hVb7',
        name: 'Acme',
        role: 'developer',
        createdAt: '2026-11-20T09:30:00.000Z',
      },
    },
  },

  async handle({ params: { userId: named, ...reference }, actor, services }) {
    const userId = await services.organizations.personOf(actor, named);
    return {
      organization: showOrganization(await services.invitations.accept(userId, reference)),
    };
  },
});
