import { z } from 'zod';

import { commonErrors, pageOf, pageParams, permissionDenied } from '../../src/contract/index.js';
import { organizationErrors } from '../../src/organizations/index.js';
import { defineFunction } from '../define.js';
import { forUser, invitation, showInvitation } from './organization.js';

const { UserNotFound } = organizationErrors;
const { MasterKeyRequired, OrganizationNotFound } = commonErrors;

export const getOrganizationInvitations = defineFunction({
  name: 'getOrganizationInvitations',
  summary:
    'Lists the pending invitations to the verified e-mail address of the caller; with organizationId, all that this organization has sent, which needs members:read. Newest first.',
  access: { kind: 'user' },
  reads: true,
  params: z.strictObject({
    organizationId: z
      .string()
      .min(1)
      .max(64)
      .optional()
      .describe('The organization whose invitations are listed.'),
    userId: forUser,
    ...pageParams,
  }),
  result: pageOf(invitation),
  errors: { OrganizationNotFound, UserNotFound, MasterKeyRequired },
  example: {
    params: {},
    result: {
      items: [
        {
          id: 'inv9q2T5hVb1',
          organization: { id: 'mfx3q9T2hVb7', name: 'Acme' },
          email: 'ada@example.com',
          role: 'developer',
          status: 'pending',
          expiresAt: '2026-11-27T09:30:00.000Z',
          createdAt: '2026-11-20T09:30:00.000Z',
        },
      ],
    },
  },

  async handle({ params: { organizationId, userId: named, ...request }, actor, services }) {
    const { invitations, organizations, tenancy } = services;
    if (organizationId !== undefined) {
      const { permissions } = await tenancy.membershipOf(actor, organizationId);
      if (!permissions.has('members:read')) throw permissionDenied(actor, 'members:read');
      const page = await invitations.listSent(organizationId, request);
      return { ...page, items: page.items.map(showInvitation) };
    }
    const userId = await organizations.personOf(actor, named);
    const page = await invitations.listReceived(userId, request);
    return { ...page, items: page.items.map(showInvitation) };
  },
});
