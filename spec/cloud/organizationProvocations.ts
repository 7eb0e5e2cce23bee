import type { Client } from '../../cloud/manifest.js';
import { OrganizationInvitation } from '../../schemas/index.js';
import { PENDING_MAX } from '../../src/organizations/invitations/store.js';
import { type Caller, type Json, master, startHub, type TestHub } from '../support/hub.js';
import { rememberServer } from '../support/parseServerInside.js';
import type { Store } from '../support/store.js';
import { anotherOrganization, type Team } from './team.js';

interface Context {
  readonly hub: TestHub;
  readonly store: Store;
  readonly team: Team;
  responseOf(name: keyof Client, params: Record<string, unknown>, as?: Caller): Promise<Json>;
}

/** Calls that provoke each error of the functions of organizations and their members. */
export function organizationProvocations({ hub, store, team, responseOf }: Context) {
  const { owner, admin, developer, viewer, outsider } = team;
  const memberErrors = (name: keyof Client, change: Record<string, unknown>) => ({
    MemberNotFound: () => responseOf(name, { userId: 'nobodyAtAll', ...change }),
    LastOwner: () => responseOf(name, { userId: owner.id, ...change }),
    OwnersOnly: () => responseOf(name, { userId: owner.id, ...change }, admin),
  });
  const asUser = (name: keyof Client, params: Record<string, unknown>, as: Caller = owner) =>
    hub.call(name, params, as).then(({ body }) => body);
  /** The errors of a function that the master key calls for a user. */
  const forUser = (name: keyof Client, params: Record<string, unknown>) => ({
    UserNotFound: () => asUser(name, { ...params, userId: 'no' }, master),
    MasterKeyRequired: () => asUser(name, { ...params, userId: viewer.id }),
  });
  /** Returns the response to the last of some invitations of one address, where Parse Server has an e-mail adapter. */
  async function mailed(sendMail: () => Promise<void>, times: number): Promise<Json> {
    const nothing = () => Promise.resolve();
    const emailAdapter = {
      sendMail,
      sendVerificationEmail: nothing,
      sendPasswordResetEmail: nothing,
    };
    const useInCloudCode = rememberServer();
    const other = await startHub({ store, host: { emailAdapter } });
    const params = {
      organizationId: team.organizationId,
      ...invited,
      email: `${String(times)}@example.com`,
    };
    let body: Json;
    for (let nth = 0; nth < times; nth += 1)
      ({ body } = await other.call('inviteOrganizationMember', params, owner));
    await other.stop();
    useInCloudCode();
    return body;
  }
  const named = { organizationId: team.organizationId };
  const invited = { email: 'somebody@example.com', role: 'viewer' };
  const ownersInvitation = async (): Promise<string> => {
    const made = await responseOf('inviteOrganizationMember', { ...invited, role: 'owner' });
    return made.result.invitation.id;
  };
  return {
    createOrganization: {
      UserNotFound: () => responseOf('createOrganization', { name: 'A', ownerId: 'no' }, master),
      MasterKeyRequired: () => responseOf('createOrganization', { name: 'A', ownerId: viewer.id }),
    },
    getOrganizations: {},
    updateOrganization: {},
    addOrganizationMember: {
      UserNotFound: () =>
        responseOf('addOrganizationMember', { username: 'nobody-at-all', role: 'viewer' }, master),
      AlreadyMember: () =>
        responseOf('addOrganizationMember', { userId: viewer.id, role: 'viewer' }, master),
    },
    setOrganizationMemberRole: memberErrors('setOrganizationMemberRole', { role: 'viewer' }),
    removeOrganizationMember: {
      ...memberErrors('removeOrganizationMember', {}),
      PermissionDenied: () =>
        responseOf('removeOrganizationMember', { userId: viewer.id }, developer),
    },
    getOrganizationMembers: {},
    inviteOrganizationMember: {
      OwnersOnly: () =>
        responseOf('inviteOrganizationMember', { ...invited, role: 'owner' }, admin),
      async InvitationCountReached() {
        const organizationId = await anotherOrganization(hub, team);
        const createdAt = hub.clock.now();
        const rows = Array.from({ length: PENDING_MAX }, (_, nth) => ({
          id: `pending${String(nth)}`,
          organization: organizationId,
          email: `pending${String(nth)}@example.com`,
          role: 'viewer',
          tokenHash: `hash ${String(nth)}`,
          pepper: 'none',
          status: 'pending',
          expiresAt: new Date(createdAt.getTime() + 60_000),
          createdAt,
          readers: [],
        }));
        await hub.app.database.insertMany(OrganizationInvitation, rows);
        return responseOf('inviteOrganizationMember', { ...invited, organizationId });
      },
      InvitationMailsLimited: () => mailed(() => Promise.resolve(), 6),
      InvitationNotMailed: () => mailed(() => Promise.reject(new Error('refused')), 1),
    },
    getOrganizationInvitations: {
      ...forUser('getOrganizationInvitations', {}),
      OrganizationNotFound: () => asUser('getOrganizationInvitations', named, outsider),
    },
    revokeOrganizationInvitation: {
      InvitationNotFound: () => responseOf('revokeOrganizationInvitation', { invitationId: 'no' }),
      OwnersOnly: async () =>
        responseOf(
          'revokeOrganizationInvitation',
          { invitationId: await ownersInvitation() },
          admin,
        ),
    },
    acceptOrganizationInvitation: {
      ...forUser('acceptOrganizationInvitation', { token: 'no' }),
      InvitationNotValid: () => asUser('acceptOrganizationInvitation', { token: 'no' }),
    },
    declineOrganizationInvitation: {
      ...forUser('declineOrganizationInvitation', { token: 'no' }),
      InvitationNotValid: () => asUser('declineOrganizationInvitation', { invitationId: 'no' }),
    },
    leaveOrganization: {
      ...forUser('leaveOrganization', named),
      OrganizationNotFound: () => asUser('leaveOrganization', named, outsider),
      LastOwner: () => asUser('leaveOrganization', named),
    },
    transferOrganizationOwnership: {
      OwnerRequired: () =>
        responseOf('transferOrganizationOwnership', { userId: viewer.id }, admin),
      MemberNotFound: () => responseOf('transferOrganizationOwnership', { userId: outsider.id }),
      UserNotFound: () =>
        responseOf('transferOrganizationOwnership', { userId: viewer.id, ownerId: 'no' }, master),
      MasterKeyRequired: () =>
        responseOf('transferOrganizationOwnership', { userId: viewer.id, ownerId: viewer.id }),
    },
    deleteOrganization: {
      OrganizationNotFound: () => asUser('deleteOrganization', named, outsider),
      OwnerRequired: () => asUser('deleteOrganization', named, admin),
      NameNotConfirmed: () => asUser('deleteOrganization', { ...named, confirmName: 'acme' }),
    },
    setDefaultOrganization: {
      ...forUser('setDefaultOrganization', named),
      OrganizationNotFound: () => asUser('setDefaultOrganization', named, outsider),
    },
  };
}
