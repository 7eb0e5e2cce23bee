import { z } from 'zod';

import { organizationId } from '../../src/contract/index.js';
import { organizationErrors } from '../../src/organizations/index.js';
import { defineFunction } from '../define.js';
import { member, role, showMember } from './organization.js';

const { AlreadyMember, UserNotFound } = organizationErrors;

export const addOrganizationMember = defineFunction({
  name: 'addOrganizationMember',
  summary:
    'Adds an existing user to an organization as a member, without asking them. Users invite: see inviteOrganizationMember.',
  access: { kind: 'master', inOrganization: true },
  params: z
    .strictObject({
      organizationId,
      userId: z
        .string()
        .max(64)
        .optional()
        .describe('The id of the user. Pass exactly one of userId, username and email.'),
      username: z.string().max(200).optional().describe('The username of the user.'),
      email: z.string().max(320).optional().describe('The e-mail address of the user.'),
      role,
    })
    .refine(
      ({ userId, username, email }) =>
        [userId, username, email].filter((x) => x !== undefined).length === 1,
      {
        message: 'Pass exactly one of userId, username and email.',
      },
    ),
  result: z.strictObject({ member }),
  errors: { UserNotFound, AlreadyMember },
  example: {
    params: { organizationId: 'mfx3q9T2hVb7', email: 'ada@example.com', role: 'developer' },
    result: { member: { userId: 'u8Qe0ZbKdA', username: 'ada', role: 'developer' } },
  },

  async handle({ params, organization, services }) {
    return { member: showMember(await services.organizations.addMember(organization, params)) };
  },
});
