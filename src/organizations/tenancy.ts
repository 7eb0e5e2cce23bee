import { type AccessList, rolesIn } from '../accessControl/index.js';
import {
  type Actor,
  type BearerActor,
  commonErrors,
  type Membership,
  parseRoleName,
  type Role,
  ROLES,
} from '../contract/index.js';
import {
  impliedOrganization,
  type OrganizationRole,
  permissionsOf,
  readersOf,
} from './membership.js';
import type { OrganizationStore } from './store.js';

/** A host with organizations of its own passes this instead of using the hub's. */
export interface OrganizationResolver {
  /** The host's Parse class; `organization` fields of the hub's classes point to it. */
  readonly className: string;
  /**
   * Returns every organization that a user belongs to, with the role that determines the user's permissions in the hub.
   */
  membershipsOf(userId: string): Promise<readonly { organizationId: string; role: Role }[]>;
  /** Returns whether there is such an organization; called when the master key names one. */
  exists(organizationId: string): Promise<boolean>;
  /** Returns the names of the Parse roles whose members may read the hub's rows of an organization through Parse. */
  readersOf(organizationId: string): readonly string[];
  /**
   * Returns the Parse roles whose members have one of these roles in the hub. Omitted: rows that not everyone in the
   * organization may see are not readable through Parse, only by the hub's functions.
   */
  readersWithRole?(organizationId: string, roles: readonly Role[]): readonly string[];
  /** Returns display names by id. Omitted: ids are shown. */
  namesOf?(organizationIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

/** Returns the permissions of a role; the master key has no role and has all of them. */
export type Grants = (role: Role | undefined) => ReadonlySet<string>;

/** Determines the organization of a call, and the caller's permissions there. */
export interface Tenancy {
  /** Returns the Parse roles that a user has only through other organizations. */
  rolesElsewhere(userId: string, organizationId: string): Promise<ReadonlySet<string>>;
  /**
   * Returns the organization that the caller acts in. Without an id it is the one of `impliedOrganization`. Throws
   * OrganizationRequired or OrganizationNotFound.
   */
  membershipOf(actor: Actor, organizationId: string | undefined): Promise<Membership>;
  /**
   * Chooses the organization in which the calls of a user act that name none; `undefined` ends the choice. Throws
   * OrganizationNotFound when the user is not a member.
   */
  setDefault(userId: string, organizationId: string | undefined): Promise<void>;
  /** Returns the Parse roles that may read a row through Parse: with an access list only those that it names. */
  readersOf(organizationId: string, accessList?: AccessList): readonly string[];
  /** Returns every organization of a user, with its name. */
  organizationsOf(userId: string): Promise<readonly NamedMembership[]>;
  nameOf(organizationId: string): Promise<string>;
  isMember(organizationId: string, userId: string): Promise<boolean>;
  /**
   * Returns the caller that executions name: `master`, `user:<id>`, `apiKey:<id>` or `oauthToken:<id>`. A program has no
   * permissions in it, because its credential is not at hand. Throws OrganizationNotFound for a user who left.
   */
  membershipOfCaller(caller: string, organizationId: string): Promise<Membership>;
}

interface NamedMembership {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
}

/** What users have chosen and consented to. */
export type Consents = Pick<OrganizationStore, 'addedTo' | 'defaultOf' | 'setDefault'>;

/** Creates the tenancy. `grantedTo` returns the permissions of a role; default: the permissions of the hub alone. */
export function tenancyOf(
  resolver: OrganizationResolver,
  consents: Consents,
  grantedTo: Grants = permissionsOf,
): Tenancy {
  const namesOf = async (ids: readonly string[]) =>
    resolver.namesOf?.(ids) ?? new Map<string, string>();
  const tenancy: Tenancy = {
    async isMember(organizationId, userId) {
      const memberships = await resolver.membershipsOf(userId);
      return memberships.some((each) => each.organizationId === organizationId);
    },
    async membershipOfCaller(caller, organizationId) {
      const actor = actorOf(caller, organizationId);
      return actor.kind === 'master' || actor.kind === 'user'
        ? tenancy.membershipOf(actor, organizationId)
        : { actor, organizationId, role: undefined, permissions: new Set() };
    },
    readersOf(organizationId, accessList) {
      if (accessList === undefined) return resolver.readersOf(organizationId);
      return resolver.readersWithRole?.(organizationId, readingRoles(accessList)) ?? [];
    },
    nameOf: async (id) => (await namesOf([id])).get(id) ?? id,
    async organizationsOf(userId) {
      const memberships = await resolver.membershipsOf(userId);
      const names = await namesOf(memberships.map(({ organizationId }) => organizationId));
      return memberships
        .map(({ organizationId: id, role }) => ({ id, role, name: names.get(id) ?? id }))
        .sort((one, other) => one.name.localeCompare(other.name, 'en'));
    },
    async membershipOf(actor, organizationId) {
      if (actor.kind === 'master')
        return masterMembership({ resolver, grantedTo }, actor, organizationId);
      if (actor.kind !== 'user')
        return bearerMembership({ resolver, grantedTo }, actor, organizationId);
      const memberships = await resolver.membershipsOf(actor.userId);
      const membership =
        organizationId === undefined
          ? await impliedOf(consents, actor.userId, memberships)
          : memberships.find((entry) => entry.organizationId === organizationId);
      if (!membership) throw commonErrors.OrganizationNotFound();
      return { ...membership, actor, permissions: grantedTo(membership.role) };
    },
    async setDefault(userId, organizationId) {
      if (organizationId !== undefined && !(await tenancy.isMember(organizationId, userId)))
        throw commonErrors.OrganizationNotFound();
      await consents.setDefault(userId, organizationId);
    },
    async rolesElsewhere(userId, organizationId) {
      const here = new Set(resolver.readersOf(organizationId));
      const memberships = await resolver.membershipsOf(userId);
      const others = memberships.filter((each) => each.organizationId !== organizationId);
      const roles = others.flatMap((each) => resolver.readersOf(each.organizationId));
      return new Set(roles.filter((role) => !here.has(role)));
    },
  };
  return tenancy;
}

/** Returns the actor that an execution names, without the credential of a program. */
function actorOf(caller: string, organizationId: string): Actor {
  const [kind = '', id = ''] = caller.split(/:(.*)/s);
  if (kind === 'master') return { kind, readOnly: false };
  if (kind === 'user') return { kind, userId: id };
  const credential = { organizationId, ownerId: '', scopes: [] };
  return kind === 'apiKey'
    ? { kind, apiKeyId: id, ...credential }
    : { kind: 'oauthToken', appId: id, ...credential };
}

/** Members listed by id are not among the readers: an ACL would outlive their membership. */
function readingRoles(accessList: readonly string[]): Role[] {
  const listed = rolesIn(accessList);
  return ROLES.filter((role) => MANAGERS.includes(role) || listed.includes(role));
}

/** The roles that always see an organization's integrations and connections. */
const MANAGERS: readonly Role[] = ['owner', 'admin'];

/** A user of one organization, as most are, needs no statement for it. */
async function impliedOf(
  { addedTo, defaultOf }: Consents,
  userId: string,
  memberships: readonly OrganizationRole[],
): Promise<OrganizationRole> {
  const [only, ...others] = memberships;
  if (!only) throw commonErrors.OrganizationRequired();
  if (others.length === 0) return only;
  const ids = memberships.map(({ organizationId }) => organizationId);
  const [chosen, added] = await Promise.all([defaultOf(userId), addedTo(userId, ids)]);
  const implied = impliedOrganization(memberships, { chosen, added });
  if (!implied) throw commonErrors.OrganizationRequired();
  return implied;
}

interface Rights {
  readonly resolver: OrganizationResolver;
  readonly grantedTo: Grants;
}

/** Returns the scopes of a key or token that its owner still has. A role that the owner loses is lost to both. */
async function bearerMembership(
  { resolver, grantedTo }: Rights,
  actor: BearerActor,
  requestedId: string | undefined,
): Promise<Membership> {
  const { kind, organizationId, ownerId, scopes } = actor;
  if (requestedId !== undefined && requestedId !== organizationId)
    throw commonErrors.OrganizationNotFound();
  const memberships = await resolver.membershipsOf(ownerId);
  const ownerMembership = memberships.find((entry) => entry.organizationId === organizationId);
  if (!ownerMembership) throw NOT_VALID[kind]();
  const granted = grantedTo(ownerMembership.role);
  const permissions = new Set(scopes.filter((scope) => granted.has(scope)));
  return { actor, organizationId, role: ownerMembership.role, permissions };
}

const NOT_VALID = {
  apiKey: commonErrors.ApiKeyNotValid,
  oauthToken: commonErrors.OAuthTokenNotValid,
};

async function masterMembership(
  { resolver, grantedTo }: Rights,
  actor: Actor,
  organizationId: string | undefined,
): Promise<Membership> {
  if (organizationId === undefined) throw commonErrors.OrganizationRequired();
  if (!(await resolver.exists(organizationId))) throw commonErrors.OrganizationNotFound();
  return { actor, organizationId, role: undefined, permissions: grantedTo(undefined) };
}

/** Returns the hub's own organizations, in the form of a host's. */
export function ownOrganizations(store: OrganizationStore): OrganizationResolver {
  return {
    className: 'Organization',
    readersOf,
    readersWithRole: (organizationId, roles) =>
      roles.map((role) => parseRoleName(organizationId, role)),
    membershipsOf: (userId): Promise<readonly OrganizationRole[]> => store.rolesOf(userId),
    exists: async (organizationId) => (await store.loadMany([organizationId])).length === 1,
    namesOf: async (ids) =>
      new Map((await store.loadMany(ids)).map(({ id, name }) => [id, name] as const)),
  };
}
