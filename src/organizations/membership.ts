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

/** The strongest role in each organization that these Parse role names give; other names are not ours. */
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

/** Whether `role` comes before `other` in ROLES. */
export function isStronger(role: Role, other: Role): boolean {
  return ROLES.indexOf(role) < ROLES.indexOf(other);
}

/** What a role may do; the master key, which has none, may do everything. */
export function permissionsOf(role: Role | undefined): ReadonlySet<Permission> {
  return new Set(role === undefined ? PERMISSIONS : GRANTS[role]);
}

/** The Parse roles that the ACL of an organization's rows lets read. */
export function readersOf(organizationId: string): string[] {
  return ROLES.map((role) => parseRoleName(organizationId, role));
}
