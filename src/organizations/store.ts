import {
  AddedMember,
  DefaultOrganization,
  Organization,
  OrganizationInvitation,
} from '../../schemas/index.js';
import {
  type ClassSpec,
  commonErrors,
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
import { derivedId } from '../platform/ids.js';
import { exclusively } from '../platform/lanes/index.js';
import { type OrganizationRows, organizationRows } from '../platform/organizationRows.js';
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
  /** Omits missing and deleted ones, as everything here does that does not say otherwise. */
  loadMany(ids: readonly string[]): Promise<OrganizationRow[]>;
  /** Throws OrganizationNotFound. */
  get(id: string): Promise<OrganizationRow>;
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
  /** Records that a user becomes a member without their consent. Call it before `setRole`. */
  added(organizationId: string, userId: string): Promise<void>;
  /** Records that a user consents to a membership. Call it before `setRole`. */
  accepted(organizationId: string, userId: string): Promise<void>;
  /** Removes what is stored of a membership beside its role. Call it after the role is gone. */
  forgetMember(organizationId: string, userId: string): Promise<void>;
  /** Returns which of these organizations the user was added to without their consent. */
  addedTo(userId: string, organizationIds: readonly string[]): Promise<ReadonlySet<string>>;
  defaultOf(userId: string): Promise<string | undefined>;
  /** `undefined`: none. */
  setDefault(userId: string, organizationId: string | undefined): Promise<void>;
  /** What this domain stores of an organization beside its row and its roles. */
  readonly ofOrganization: OrganizationRows;
  /** Returns an organization also when it is deleted. */
  loadAny(id: string): Promise<OrganizationRow | undefined>;
  /** Marks an organization as deleted: from here on it has no members, for every function. */
  markDeleted(
    row: OrganizationRow,
    by: { readonly userId: string | undefined; readonly at: Date },
  ): Promise<void>;
  /** Removes all users from the Parse roles of an organization. */
  clearRoles(organizationId: string): Promise<void>;
  countMembers(organizationId: string): Promise<number>;
  /** Returns deleted organizations, the ones deleted first coming first. */
  deleted(
    when: { readonly before?: Date; readonly since?: Date },
    limit: number,
  ): Promise<OrganizationRow[]>;
  /** Removes the last of a deleted organization: its roles, and its row. */
  removeDeleted(row: OrganizationRow): Promise<void>;
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
    ...organizationReader({ rows, database }),
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
    ofOrganization: organizationRows(rows, { invitations: OrganizationInvitation }, [
      AddedMember,
      DefaultOrganization,
    ]),
    ...consents({ rows, database }),
    ...deletion({ rows, roles, database }),
    alone: (organizationId, work) =>
      exclusively(database, { kind: 'organization', key: organizationId }, work),
  };
}

function organizationReader({ rows, database }: { rows: Rows; database: Database }) {
  const loadMany = async (ids: readonly string[]) =>
    (await database.loadMany(Organization, ids)).filter(({ deletedAt }) => deletedAt === undefined);
  return {
    loadMany,
    async get(id: string) {
      const [organization] = await loadMany([id]);
      if (!organization) throw commonErrors.OrganizationNotFound();
      return organization;
    },
    page: (request: PageRequest, ids?: readonly string[]) =>
      rows.page(
        Organization,
        { deletedAt: { $exists: false }, ...(ids && { id: { $in: ids } }) },
        request,
      ),
  };
}

/** Which memberships a user has consented to, and which organization they have chosen as their default. */
function consents({ rows, database }: { rows: Rows; database: Database }) {
  const idOf = (organization: string, user: string) => derivedId(`added:${organization}:${user}`);
  const defaultId = (user: string) => derivedId(`defaultOrganization:${user}`);
  const newRow = async (organization: string, user: string) => ({
    organization,
    user,
    createdAt: await database.now(),
    readers: [],
  });
  const remove = (cls: ClassSpec, id: string, where = {}) => rows.remove(cls, { id, ...where });
  return {
    async added(organization: string, user: string) {
      const row = { id: idOf(organization, user), ...(await newRow(organization, user)) };
      await database.insertMany(AddedMember, [row]);
    },
    accepted: (organization: string, user: string) => remove(AddedMember, idOf(organization, user)),
    async forgetMember(organization: string, user: string) {
      await remove(AddedMember, idOf(organization, user));
      await remove(DefaultOrganization, defaultId(user), { organization });
    },
    async addedTo(user: string, organizations: readonly string[]) {
      const found = await database.loadMany(
        AddedMember,
        organizations.map((organization) => idOf(organization, user)),
      );
      return new Set(found.map(({ organization }) => organization));
    },
    async defaultOf(user: string) {
      return (await database.loadMany(DefaultOrganization, [defaultId(user)]))[0]?.organization;
    },
    async setDefault(user: string, organization: string | undefined) {
      const id = defaultId(user);
      if (organization === undefined) return remove(DefaultOrganization, id);
      const row = { id, ...(await newRow(organization, user)) };
      // Removed and chosen at the same moment: tries again.
      while (!(await database.insertMany(DefaultOrganization, [row])).has(id)) {
        const change = { id, was: {}, set: { organization } };
        if (await database.change(DefaultOrganization, change)) return;
      }
    },
  };
}

function deletion({ rows, roles, database }: { rows: Rows; roles: Roles; database: Database }) {
  const roleNames = (id: string) => ROLES.map((role) => parseRoleName(id, role));
  return {
    async loadAny(id: string) {
      return (await database.loadMany(Organization, [id]))[0];
    },
    async markDeleted(
      row: OrganizationRow,
      { userId, at }: { userId: string | undefined; at: Date },
    ) {
      const set = { deletedAt: at, ...(userId !== undefined && { deletedBy: userId }) };
      const change = { id: row.id, was: { deletedAt: undefined }, set };
      if (await database.change(Organization, change))
        noteChange(Organization, row, { ...row, ...set });
    },
    async clearRoles(id: string) {
      for (const name of roleNames(id)) await roles.clear(name);
    },
    async countMembers(id: string) {
      const counts = await Promise.all(roleNames(id).map((name) => roles.countUsers(name)));
      return counts.reduce((sum, count) => sum + count, 0);
    },
    deleted: ({ before, since }: { before?: Date; since?: Date }, limit: number) =>
      rows.find(
        Organization,
        { deletedAt: { ...(before && { $lt: before }), ...(since && { $gte: since }) } },
        { limit, sort: { deletedAt: 1 } },
      ),
    async removeDeleted({ id }: OrganizationRow) {
      // Last: while rows name these roles in their ACL, no one else may create roles of these names.
      for (const name of roleNames(id)) await roles.delete(name);
      await rows.remove(Organization, { id });
    },
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
      const kept = found.filter(({ deletedAt }) => deletedAt === undefined);
      const known = new Set(kept.map(({ id }) => id));
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
