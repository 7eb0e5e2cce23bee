import {
  GRANTS,
  type Membership,
  parseRoleName,
  type Permission,
  PERMISSIONS,
  type Role,
  ROLES,
} from '../contract/index.js';
import { organizationErrors } from './errors.js';

export interface OrganizationRole {
  readonly organizationId: string;
  readonly role: Role;
}

const ROLE_NAME = new RegExp(`^org_([A-Za-z0-9]+)_(${ROLES.join('|')})$`);

/** Returns the strongest role in each organization according to these Parse role names; other names are ignored. */
export function organizationRoles(parseRoleNames: readonly string[]): OrganizationRole[] {
  const strongest = new Map<string, Role>();
  for (const name of parseRoleNames) {
    const [, organizationId, role] = ROLE_NAME.exec(name) ?? [];
    if (organizationId === undefined || role === undefined) continue;
    const known = strongest.get(organizationId);
    if (known === undefined || isStronger(role as Role, known))
      strongest.set(organizationId, role as Role);
  }
  return [...strongest].map(([organizationId, role]) => ({ organizationId, role }));
}

/** Returns whether `role` comes before `other` in ROLES. */
export function isStronger(role: Role, other: Role): boolean {
  return ROLES.indexOf(role) < ROLES.indexOf(other);
}

/** Returns the permissions of a role; the master key, which has no role, has all of them. */
export function permissionsOf(role: Role | undefined): ReadonlySet<Permission> {
  return new Set(role === undefined ? PERMISSIONS : GRANTS[role]);
}

/** Returns the Parse roles that may read an organization's rows by their ACL. */
export function readersOf(organizationId: string): string[] {
  return ROLES.map((role) => parseRoleName(organizationId, role));
}

/** Throws OwnersOnly: admins manage all members except owners; the master key manages all. */
export function checkMayTouchOwner(caller: Membership, roles: readonly Role[]): void {
  if (roles.includes('owner') && caller.role !== undefined && caller.role !== 'owner')
    throw organizationErrors.OwnersOnly();
}

/**
 * Returns the organization of a call that names none: the default that the user has chosen, if they are still a member;
 * else the only one that they created or accepted; else, for a user who has none of these, the only one that the host
 * added them to.
 */
export function impliedOrganization(
  memberships: readonly OrganizationRole[],
  { chosen, added }: { readonly chosen: string | undefined; readonly added: ReadonlySet<string> },
): OrganizationRole | undefined {
  const byChoice = memberships.find(({ organizationId }) => organizationId === chosen);
  if (byChoice) return byChoice;
  const own = memberships.filter(({ organizationId }) => !added.has(organizationId));
  const [only, ...others] = own.length > 0 ? own : memberships;
  return others.length === 0 ? only : undefined;
}
