import { z } from 'zod';

import { displayName, ROLES } from '../../src/contract/index.js';
import type { Member, OrganizationView } from '../../src/organizations/index.js';

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
