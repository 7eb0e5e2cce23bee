import { z } from 'zod';

import { displayName, ROLES } from '../../src/contract/index.js';
import type { InvitationView, Member, OrganizationView } from '../../src/organizations/index.js';

export const organizationName = displayName.describe('Shown to people.');
export const role = z.enum(ROLES).describe('owner, admin, developer or viewer.');

/** An organization as functions return it. */
export const organization = z.strictObject({
  id: z.string(),
  name: z.string(),
  role: role.optional().describe("The caller's role in it; absent for the master key."),
  createdAt: z.iso.datetime(),
});

export function showOrganization({ organization: row, role: held }: OrganizationView) {
  return {
    id: row.id,
    name: row.name,
    createdAt: row.createdAt.toISOString(),
    ...(held !== undefined && { role: held }),
  };
}

/** A member as functions return it. */
export const member = z.strictObject({ userId: z.string(), username: z.string(), role });

export function showMember({ id, username, role: held }: Member) {
  return { userId: id, username, role: held };
}

/** The user whom the master key acts for. */
export const forUser = z
  .string()
  .max(64)
  .optional()
  .describe(
    'The user whom this is for. Required with the master key; other callers can only pass their own id.',
  );

/** The parameters that name an invitation. */
export const invitationReference = {
  token: z
    .string()
    .max(200)
    .optional()
    .describe('The token of the link. Pass either token or invitationId.'),
  invitationId: z
    .string()
    .max(64)
    .optional()
    .describe('The id of an invitation to the verified e-mail address of the caller.'),
};

/** Returns whether exactly one of the two is there. */
export function isOneReference({
  token,
  invitationId,
}: {
  token?: string | undefined;
  invitationId?: string | undefined;
}): boolean {
  return (token === undefined) !== (invitationId === undefined);
}

export const ONE_REFERENCE = { message: 'Pass either token or invitationId.' };

/** An invitation as functions return it. */
export const invitation = z.strictObject({
  id: z.string(),
  organization: z.strictObject({ id: z.string(), name: z.string() }),
  email: z.string().describe('The invited address, in lower case.'),
  role,
  status: z.enum(['pending', 'accepted', 'declined', 'revoked']),
  expiresAt: z.iso.datetime(),
  createdAt: z.iso.datetime(),
});

export function showInvitation({ row, organization: { id, name } }: InvitationView) {
  return {
    id: row.id,
    organization: { id, name },
    email: row.email,
    role: row.role as z.infer<typeof role>,
    status: row.status as z.infer<typeof invitation>['status'],
    expiresAt: row.expiresAt.toISOString(),
    createdAt: row.createdAt.toISOString(),
  };
}
