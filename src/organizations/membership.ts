import {
  GRANTS,
  parseRoleName,
  type Permission,
  PERMISSIONS,
  type Role,
  ROLES,
} from '../contract/index.js';

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
