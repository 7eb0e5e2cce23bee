import {
  type Actor,
  commonErrors,
  type Membership,
  type Page,
  type PageRequest,
  permissionDenied,
  type Role,
  ROLES,
} from '../contract/index.js';
import type { Clock } from '../platform/clock.js';
import { decodeCursor, encodeCursor } from '../platform/cursor.js';
import { newId } from '../platform/ids.js';
import { organizationErrors } from './errors.js';
import type { Member, OrganizationRow, OrganizationStore } from './store.js';

/** Identifies the user to add, by exactly one of these. */
interface UserReference {
  readonly userId?: string | undefined;
  readonly username?: string | undefined;
  readonly email?: string | undefined;
}

export interface OrganizationView {
  readonly organization: OrganizationRow;
  /** The caller's role; `undefined` for the master key. */
  readonly role: Role | undefined;
}

/** The hub's own organizations; absent when the host has its own. */
export interface Organizations {
  create(
    actor: Actor,
    organization: { name: string; ownerId?: string | undefined },
  ): Promise<OrganizationView>;
  list(actor: Actor, request: PageRequest): Promise<Page<OrganizationView>>;
  rename(membership: Membership, name: string): Promise<OrganizationView>;
  addMember(caller: Membership, member: UserReference & { role: Role }): Promise<Member>;
  setMemberRole(caller: Membership, change: { userId: string; role: Role }): Promise<Member>;
  removeMember(caller: Membership, actor: Actor, userId: string): Promise<void>;
  listMembers(caller: Membership, request: PageRequest): Promise<Page<Member>>;
}

const { AlreadyMember, LastOwner, MemberNotFound, OwnersOnly, UserNotFound } = organizationErrors;

export function createOrganizations(store: OrganizationStore, clock: Clock): Organizations {
  return {
    create: (actor, request) => createOrganization({ store, clock }, actor, request),
    list: async (actor, request) => {
      if (actor.kind === 'master') return listAll(store, request);
      if (actor.kind !== 'user') throw commonErrors.PersonRequired();
      return listOwn(store, actor.userId, request);
    },

    async rename({ organizationId, role }, name) {
      const organization = await getOrganization(store, organizationId);
      await store.rename(organization, name);
      return { organization: { ...organization, name }, role };
    },

    async addMember(caller, { role, ...reference }) {
      checkMayTouchOwner(caller, [role]);
      const user = await store.findUser(userQuery(reference));
      if (!user) throw UserNotFound();
      return store.alone(caller.organizationId, async () => {
        if (await store.roleOf(caller.organizationId, user.id)) throw AlreadyMember();
        await store.setRole(caller.organizationId, user.id, role);
        return { ...user, role };
      });
    },

    async setMemberRole(caller, { userId, role }) {
      return store.alone(caller.organizationId, async () => {
        const member = await getMember(store, caller.organizationId, userId);
        checkMayTouchOwner(caller, [member.role, role]);
        if (role !== 'owner') await checkNotLastOwner(store, caller.organizationId, member);
        await store.setRole(caller.organizationId, userId, role);
        return { ...member, role };
      });
    },

    async removeMember(caller, actor, userId) {
      const isOneself = actor.kind === 'user' && actor.userId === userId;
      if (!isOneself && !caller.permissions.has('members:write')) {
        throw permissionDenied(actor, 'members:write');
      }
      await store.alone(caller.organizationId, async () => {
        const member = await getMember(store, caller.organizationId, userId);
        if (!isOneself) checkMayTouchOwner(caller, [member.role]);
        await checkNotLastOwner(store, caller.organizationId, member);
        await store.setRole(caller.organizationId, userId, undefined);
      });
    },

    async listMembers({ organizationId }, { limit, cursor }) {
      const after = cursor === undefined ? undefined : memberCursor.decode(cursor);
      const found = await store.members(organizationId, { after, limit: limit + 1 });
      const items = found.slice(0, limit);
      const last = items.at(-1);
      return found.length > limit && last
        ? { items, nextCursor: memberCursor.encode(last) }
        : { items };
    },
  };
}

async function createOrganization(
  { store, clock }: { store: OrganizationStore; clock: Clock },
  actor: Actor,
  { name, ownerId }: { name: string; ownerId?: string | undefined },
): Promise<OrganizationView> {
  if (actor.kind !== 'user' && actor.kind !== 'master') throw commonErrors.PersonRequired();
  if (actor.kind === 'user' && ownerId !== undefined && ownerId !== actor.userId) {
    throw commonErrors.MasterKeyRequired();
  }
  const owner = actor.kind === 'user' ? actor.userId : ownerId;
  if (actor.kind === 'master' && (owner === undefined || !(await store.findUser({ id: owner })))) {
    throw UserNotFound();
  }
  const organization = await store.insert({
    id: newId(),
    name,
    createdAt: clock.now(),
    ownerId: owner,
  });
  return { organization, role: actor.kind === 'user' ? 'owner' : undefined };
}

async function listOwn(store: OrganizationStore, userId: string, request: PageRequest) {
  const memberships = await store.rolesOf(userId);
  const roleById = new Map(memberships.map(({ organizationId, role }) => [organizationId, role]));
  const page = await store.page(request, [...roleById.keys()]);
  return {
    ...page,
    items: page.items.map((organization) => ({
      organization,
      role: roleById.get(organization.id),
    })),
  };
}

async function listAll(store: OrganizationStore, request: PageRequest) {
  const page = await store.page(request);
  return { ...page, items: page.items.map((organization) => ({ organization, role: undefined })) };
}

async function getOrganization(store: OrganizationStore, id: string): Promise<OrganizationRow> {
  const [organization] = await store.loadMany([id]);
  if (!organization) throw commonErrors.OrganizationNotFound();
  return organization;
}

async function getMember(
  store: OrganizationStore,
  organizationId: string,
  userId: string,
): Promise<Member> {
  const role = await store.roleOf(organizationId, userId);
  const user = role && (await store.findUser({ id: userId }));
  if (!user) throw MemberNotFound();
  return { ...user, role };
}

/** Admins manage all members except owners; the master key manages all. */
function checkMayTouchOwner(caller: Membership, roles: readonly Role[]): void {
  if (roles.includes('owner') && caller.role !== undefined && caller.role !== 'owner')
    throw OwnersOnly();
}

async function checkNotLastOwner(
  store: OrganizationStore,
  organizationId: string,
  member: Member,
): Promise<void> {
  if (member.role === 'owner' && (await store.countOwners(organizationId)) <= 1) throw LastOwner();
}

function userQuery({ userId, username, email }: UserReference) {
  if (userId !== undefined) return { id: userId };
  return username !== undefined ? { username } : { email: email ?? '' };
}

const memberCursor = {
  encode: ({ role, id }: Member): string => encodeCursor('member', [role, id]),
  decode: (cursor: string): Pick<Member, 'role' | 'id'> =>
    decodeCursor('member', cursor, ([name, id]) => {
      const role = ROLES.find((each) => each === name);
      if (role === undefined || typeof id !== 'string') return undefined;
      return id !== '' && !id.includes('\0') ? { role, id } : undefined;
    }),
};
