/** Where Parse Server keeps which users a role has: https://docs.parseplatform.org/rest/guide/#roles */
export const ROLE = '_Role';
export const ROLE_USERS = '_Join:users:_Role';

/** A deleted user leaves their role memberships behind. */
export const USER = '_User';

/** A user of a role, and the role's name. */
export interface RoleMember {
  readonly user: string;
  readonly role: string;
}

export function byUser(members: readonly RoleMember[]): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string[]>();
  for (const { user, role } of members) {
    const known = names.get(user);
    if (known) known.push(role);
    else names.set(user, [role]);
  }
  return names;
}
