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

/** Organizations and who belongs to them. The Parse roles are the only record of membership. */
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
  /** Gives the user this role and no other; `undefined` takes all away. */
  setRole(organizationId: string, userId: string, role: Role | undefined): Promise<void>;
  /** Members by role, strongest first, then by user id, from behind `after`. */
  members(
    organizationId: string,
    options: { after?: Pick<Member, 'role' | 'id'> | undefined; limit: number },
  ): Promise<Member[]>;
  countOwners(organizationId: string): Promise<number>;
  findUser: Roles['findUser'];
  /** One change of an organization's members at a time, over all processes. */
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
      // The owner's role comes last, with the owner in it: a crash on the way leaves an organization that nobody sees.
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
      // Role by role: ids are compared by the database alone, whose order of text is often not ours.
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

/** No class of its own, as the Parse roles are the record; how a change of it is told of. */
const Membership = defineClass({
  name: 'Membership',
  summary: 'Who belongs to an organization, by the id of the user, and as what.',
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

/** What each call of a member asks first. */
function membershipReader(database: Database) {
  /** Calls under way at once share a statement, here and below. */
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
  /** Any client may make a Parse role of any free name: one that names no organization of ours gives nothing. */
  async function rolesOf(userId: string): Promise<OrganizationRole[]> {
    const named = organizationRoles(await namesOf(userId));
    const ids = await existing(named.map(({ organizationId }) => organizationId));
    return named.filter(({ organizationId }) => ids.includes(organizationId));
  }

  return { namesOf, rolesOf };
}
