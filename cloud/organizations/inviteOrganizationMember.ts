import { z } from 'zod';

import { organizationId } from '../../src/contract/index.js';
import { organizationErrors } from '../../src/organizations/index.js';
import { defineFunction } from '../define.js';
import { invitation, role, showInvitation } from './organization.js';

const { InvitationCountReached, InvitationMailsLimited, InvitationNotMailed, OwnersOnly } =
  organizationErrors;

export const inviteOrganizationMember = defineFunction({
  name: 'inviteOrganizationMember',
  summary:
    'Invites an e-mail address to an organization. The link is mailed if Parse Server has an e-mail adapter, and returned otherwise. Replaces a pending invitation of the same address.',
  access: { kind: 'permission', permission: 'members:write' },
  params: z.strictObject({
    organizationId,
    email: z.email().max(320).describe('Need not be the address of a user yet.'),
    role,
    expiresInDays: z
      .number()
      .int()
      .min(1)
      .max(30)
      .default(7)
      .describe('After how many days it can no longer be accepted.'),
  }),
  result: z.strictObject({
    invitation,
    link: z
      .url()
      .optional()
      .describe(
        'Only without an e-mail adapter. Any signed-in user who has it can accept, once. It is shown only here.',
      ),
  }),
  errors: { OwnersOnly, InvitationCountReached, InvitationMailsLimited, InvitationNotMailed },
  example: {
    params: { email: 'ada@example.com', role: 'developer' },
    result: {
      invitation: {
        id: 'inv9q2T5hVb1',
        organization: { id: 'mfx3q9T2hVb7', name: 'Acme' },
        email: 'ada@example.com',
        role: 'developer',
        status: 'pending',
        expiresAt: '2026-11-27T09:30:00.000Z',
        createdAt: '2026-11-20T09:30:00.000Z',
      },
    },
  },

  async handle({ params, actor, organization, services }) {
    const userId = actor.kind === 'user' ? actor.userId : undefined;
    const { link, ...view } = await services.invitations.invite(
      { ...organization, userId },
      params,
    );
    return { invitation: showInvitation(view), ...(link !== undefined && { link }) };
  },
});
