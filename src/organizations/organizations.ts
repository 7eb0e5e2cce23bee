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
import type { Invitations } from './invitations/invitations.js';
import { checkMayTouchOwner } from './membership.js';
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
  /** Adds a user without their consent; for the master key. */
  addMember(caller: Membership, member: UserReference & { role: Role }): Promise<Member>;
  setMemberRole(caller: Membership, change: { userId: string; role: Role }): Promise<Member>;
  /** Ends a membership, with the keys, apps, grants and invitations of the member. */
  removeMember(caller: Membership, actor: Actor, userId: string): Promise<void>;
  /** Ends the caller's own membership in the same way. Throws OrganizationNotFound or LastOwner. */
  leave(
    actor: Actor,
    request: { organizationId: string; userId?: string | undefined },
  ): Promise<void>;
  /** Makes a member an owner and gives the previous owner another role, in one step. */
  transferOwnership(
    caller: Membership,
    actor: Actor,
    transfer: { userId: string; ownerId?: string | undefined; keepRole: Exclude<Role, 'owner'> },
  ): Promise<{ readonly owner: Member; readonly previous: Member }>;
  listMembers(caller: Membership, request: PageRequest): Promise<Page<Member>>;
  /** Returns the user that a call is for. Throws PersonRequired, MasterKeyRequired or UserNotFound. */
  personOf(actor: Actor, userId: string | undefined): Promise<string>;
}

export interface OrganizationsDeps {
  readonly store: OrganizationStore;
  readonly clock: Clock;
  readonly invitations: Pick<Invitations, 'revokeOf'>;
  /** Revokes what acts for a member: API keys, tokens of their apps, grants. */
  endCredentials(organizationId: string, userId: string): Promise<void>;
}

const { AlreadyMember, LastOwner, MemberNotFound, OwnerRequired, UserNotFound } =
  organizationErrors;

export function createOrganizations(deps: OrganizationsDeps): Organizations {
  const { store } = deps;
  return {
    create: (actor, request) => createOrganization(deps, actor, request),
    list: async (actor, request) => {
      if (actor.kind === 'master') return listAll(store, request);
      if (actor.kind !== 'user') throw commonErrors.PersonRequired();
      return listOwn(store, actor.userId, request);
    },

    async rename({ organizationId, role }, name) {
      const organization = await store.get(organizationId);
      await store.rename(organization, name);
      return { organization: { ...organization, name }, role };
    },

    ...memberRoles(deps),
    async removeMember(caller, actor, userId) {
      const isOneself = actor.kind === 'user' && actor.userId === userId;
      if (!isOneself && !caller.permissions.has('members:write')) {
        throw permissionDenied(actor, 'members:write');
      }
      await endMembership(deps, {
        caller: isOneself ? undefined : caller,
        organizationId: caller.organizationId,
        userId,
      });
    },

    async leave(actor, { organizationId, userId: named }) {
      const userId = await personOf(store, actor, named);
      // Outsiders do not keep the members of an organization waiting.
      if (!(await store.roleOf(organizationId, userId))) throw commonErrors.OrganizationNotFound();
      await endMembership(deps, { caller: undefined, organizationId, userId });
    },

    transferOwnership: (caller, actor, transfer) =>
      transferOwnership(deps, { caller, actor, transfer }),

    async listMembers({ organizationId }, { limit, cursor }) {
      const after = cursor === undefined ? undefined : memberCursor.decode(cursor);
      const found = await store.members(organizationId, { after, limit: limit + 1 });
      const items = found.slice(0, limit);
      const last = items.at(-1);
      return found.length > limit && last
        ? { items, nextCursor: memberCursor.encode(last) }
        : { items };
    },
    personOf: (actor, userId) => personOf(store, actor, userId),
  };
}

/** Adds members and changes their roles. */
function memberRoles({
  store,
  invitations,
}: OrganizationsDeps): Pick<Organizations, 'addMember' | 'setMemberRole'> {
  return {
    async addMember(caller, { role, ...reference }) {
      checkMayTouchOwner(caller, [role]);
      const user = await store.findUser(userQuery(reference));
      if (!user) throw UserNotFound();
      return alone(store, caller.organizationId, async () => {
        if (await store.roleOf(caller.organizationId, user.id)) throw AlreadyMember();
        await store.added(caller.organizationId, user.id);
        await store.setRole(caller.organizationId, user.id, role);
        return { ...user, role };
      });
    },

    async setMemberRole(caller, { userId, role }) {
      const { organizationId } = caller;
      return alone(store, organizationId, async () => {
        const member = await getMember(store, organizationId, userId);
        checkMayTouchOwner(caller, [member.role, role]);
        if (role !== 'owner') await checkNotLastOwner(store, organizationId, member);
        await store.setRole(organizationId, userId, role);
        await invitations.revokeOf(organizationId, userId, role);
        return { ...member, role };
      });
    },
  };
}

/** Runs a change of the members of an organization that still exists once its turn has come. */
function alone<Result>(
  store: OrganizationStore,
  organizationId: string,
  work: () => Promise<Result>,
): Promise<Result> {
  return store.alone(organizationId, async () => {
    await store.get(organizationId);
    return work();
  });
}

/** Ends a membership. `caller`: the member who removes them; `undefined`: they leave. */
async function endMembership(
  { store, invitations, endCredentials }: OrganizationsDeps,
  {
    caller,
    organizationId,
    userId,
  }: { caller: Membership | undefined; organizationId: string; userId: string },
): Promise<void> {
  await alone(store, organizationId, async () => {
    const held = await store.roleOf(organizationId, userId);
    if (!caller && !held) throw commonErrors.OrganizationNotFound();
    const member = await getMember(store, organizationId, userId);
    if (caller) checkMayTouchOwner(caller, [member.role]);
    await checkNotLastOwner(store, organizationId, member);
    await store.setRole(organizationId, userId, undefined);
    await store.forgetMember(organizationId, userId);
  });
  // The member's keys, apps, grants and invitations end here, and stay ended if the member is added again.
  await invitations.revokeOf(organizationId, userId, undefined);
  await endCredentials(organizationId, userId);
}

async function transferOwnership(
  { store, invitations }: OrganizationsDeps,
  {
    caller: { organizationId },
    actor,
    transfer,
  }: {
    caller: Membership;
    actor: Actor;
    transfer: Parameters<Organizations['transferOwnership']>[2];
  },
): Promise<{ owner: Member; previous: Member }> {
  const { userId, keepRole } = transfer;
  const ownerId = await personOf(store, actor, transfer.ownerId);
  const checkOwner = async () => {
    if ((await store.roleOf(organizationId, ownerId)) !== 'owner') throw OwnerRequired();
  };
  await checkOwner();
  return alone(store, organizationId, async () => {
    await checkOwner();
    const [previous, member] = await Promise.all([
      getMember(store, organizationId, ownerId),
      getMember(store, organizationId, userId),
    ]);
    // To oneself: nothing changes.
    if (ownerId === userId) return { owner: member, previous };
    // The new owner first: a crash between the two leaves two owners, never none.
    await store.setRole(organizationId, userId, 'owner');
    await store.setRole(organizationId, ownerId, keepRole);
    await invitations.revokeOf(organizationId, ownerId, keepRole);
    return { owner: { ...member, role: 'owner' }, previous: { ...previous, role: keepRole } };
  });
}

async function personOf(
  store: OrganizationStore,
  actor: Actor,
  userId: string | undefined,
): Promise<string> {
  if (actor.kind === 'user') {
    if (userId !== undefined && userId !== actor.userId) throw commonErrors.MasterKeyRequired();
    return actor.userId;
  }
  if (actor.kind !== 'master') throw commonErrors.PersonRequired();
  if (userId === undefined || !(await store.findUser({ id: userId }))) throw UserNotFound();
  return userId;
}

async function createOrganization(
  { store, clock }: OrganizationsDeps,
  actor: Actor,
  { name, ownerId: named }: { name: string; ownerId?: string | undefined },
): Promise<OrganizationView> {
  const ownerId = await personOf(store, actor, named);
  const id = newId();
  // The master key makes a user an owner without asking them.
  if (actor.kind === 'master') await store.added(id, ownerId);
  const organization = await store.insert({ id, name, createdAt: clock.now(), ownerId });
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
