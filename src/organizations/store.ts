import { Organization } from '../../schemas/index.js';
import {
  defineClass,
  ORGANIZATION_CLASS,
  type Page,
  type PageRequest,
  parseRoleName,
  pointer,
  type Role,
  ROLES,
  type RowOf,
  text,
} from '../contract/index.js';
import { batchCalls } from '../platform/batch.js';
import type { Database } from '../platform/database/index.js';
import { exclusively } from '../platform/lanes/index.js';
import type { Roles, RoleUser, Rows } from '../platform/parse/index.js';
import { noteChange } from '../platform/rowChanges.js';
import { type OrganizationRole, organizationRoles, readersOf } from './membership.js';

export type OrganizationRow = RowOf<typeof Organization>;

export interface Member extends RoleUser {
  readonly role: Role;
}

/** Organizations and their members. The Parse roles are the only record of membership. */
export interface OrganizationStore {
  insert(organization: {
    id: string;
    name: string;
    createdAt: Date;
    ownerId: string | undefined;
  }): Promise<OrganizationRow>;
  loadMany(ids: readonly string[]): Promise<OrganizationRow[]>;
  /** All organizations, or those with these ids. */
  page(request: PageRequest, ids?: readonly string[]): Promise<Page<OrganizationRow>>;
  rename(organization: OrganizationRow, name: string): Promise<boolean>;
  rolesOf(userId: string): Promise<OrganizationRole[]>;
  roleOf(organizationId: string, userId: string): Promise<Role | undefined>;
  /** Gives the user this role and no other; `undefined` removes all. */
  setRole(organizationId: string, userId: string, role: Role | undefined): Promise<void>;
  /** Returns members by role, strongest first, then by user id, after `after`. */
  members(
    organizationId: string,
    options: { after?: Pick<Member, 'role' | 'id'> | undefined; limit: number },
  ): Promise<Member[]>;
  countOwners(organizationId: string): Promise<number>;
  findUser: Roles['findUser'];
  /** Runs one change of an organization's members at a time, across all processes. */
  alone<Result>(organizationId: string, work: () => Promise<Result>): Promise<Result>;
}

export function organizationStore({
  rows,
  roles,
  database,
}: {
  rows: Rows;
  roles: Roles;
  database: Database;
}): OrganizationStore {
  const { namesOf, rolesOf } = membershipReader(database);
  return {
    async insert({ id, name, createdAt, ownerId }) {
      await database.insertMany(Organization, [{ id, name, createdAt, readers: readersOf(id) }]);
      // The owner's role comes last, with the owner in it: a crash before that leaves an organization that no user can
      // see.
      for (const role of [...ROLES].reverse()) {
        await roles.create(
          parseRoleName(id, role),
          role === 'owner' && ownerId !== undefined ? [ownerId] : [],
        );
      }
      noteChange(Organization, undefined, { id, name, createdAt });
      return { id, name, createdAt, updatedAt: createdAt };
    },
    loadMany: (ids) => database.loadMany(Organization, ids),
    page: (request, ids) => rows.page(Organization, ids ? { id: { $in: ids } } : {}, request),
    async rename(organization, name) {
      const { id } = organization;
      const isChanged = await database.change(Organization, { id, was: {}, set: { name } });
      if (isChanged) noteChange(Organization, organization, { ...organization, name });
      return isChanged;
    },
    rolesOf,
    async roleOf(organizationId, userId) {
      return (await rolesOf(userId)).find((entry) => entry.organizationId === organizationId)?.role;
    },
    setRole: roleSetter(roles, namesOf),
    async members(organizationId, { after, limit }) {
      const found: Member[] = [];
      // Role by role: ids are compared by the database alone, whose order of text often differs from JavaScript's.
      for (const role of ROLES.slice(after ? ROLES.indexOf(after.role) : 0)) {
        const afterId = after?.role === role ? after.id : undefined;
        const room = limit - found.length;
        if (room === 0) break;
        const users = await roles.usersOf(parseRoleName(organizationId, role), {
          afterId,
          limit: room,
        });
        found.push(...users.map((user) => ({ ...user, role })));
      }
      return found;
    },
    countOwners: (organizationId) => roles.countUsers(parseRoleName(organizationId, 'owner')),
    findUser: (by) => roles.findUser(by),
    alone: (organizationId, work) =>
      exclusively(database, { kind: 'organization', key: organizationId }, work),
  };
}

/**
 * A class without rows, because the Parse roles are the record; the audit log records changes of memberships as its
 * rows.
 */
const Membership = defineClass({
  name: 'Membership',
  summary: 'The members of an organization, by user id, with their roles.',
  fields: { organization: pointer(ORGANIZATION_CLASS)(), role: text() },
  audited: ['role'],
  read: 'masterKey',
});

function roleSetter(
  roles: Roles,
  namesOf: (userId: string) => Promise<readonly string[]>,
): OrganizationStore['setRole'] {
  return async (organizationId, userId, wanted) => {
    const had = await namesOf(userId);
    // The new role first: a crash between the two leaves the stronger of both, never a member without a role.
    if (wanted !== undefined) await roles.add(parseRoleName(organizationId, wanted), userId);
    for (const role of ROLES) {
      const name = parseRoleName(organizationId, role);
      if (role !== wanted && had.includes(name)) await roles.remove(name, userId);
    }
    const before = ROLES.find((role) => had.includes(parseRoleName(organizationId, role)));
    const as = (role: Role | undefined) =>
      role && { id: userId, organization: organizationId, role };
    noteChange(Membership, as(before), as(wanted));
  };
}

/** Returns a function that loads the roles of a user, which each call of a member needs first. */
function membershipReader(database: Database) {
  /** Concurrent calls share a statement, here and below. */
  const namesOf = batchCalls(
    async (userIds: readonly string[]) => {
      const names = await database.roleNames([...new Set(userIds)]);
      return userIds.map((id) => names.get(id) ?? []);
    },
    { max: 200, flights: 2 },
  );
  const existing = batchCalls(
    async (wanted: readonly (readonly string[])[]) => {
      const found = await database.loadMany(Organization, [...new Set(wanted.flat())]);
      const known = new Set(found.map(({ id }) => id));
      return wanted.map((ids) => ids.filter((id) => known.has(id)));
    },
    { max: 100, flights: 2 },
  );
  /**
   * Loads the roles of a user. Any client may create a Parse role with a free name: one whose name is not of an
   * organization of the hub gives nothing.
   */
  async function rolesOf(userId: string): Promise<OrganizationRole[]> {
    const named = organizationRoles(await namesOf(userId));
    const ids = await existing(named.map(({ organizationId }) => organizationId));
    return named.filter(({ organizationId }) => ids.includes(organizationId));
  }

  return { namesOf, rolesOf };
}
