import { addMember } from '../cloud/team.js';
import {
  type Caller,
  type Json,
  master,
  startHub,
  type TestHub,
  type TestUser,
} from '../support/hub.js';
import { organizationCalls } from './setting.js';

const emailAdapter = {
  sendMail: () => Promise.resolve(),
  sendVerificationEmail: () => Promise.resolve(),
  sendPasswordResetEmail: () => Promise.resolve(),
};

let hub: TestHub;
beforeAll(async () => {
  const host = { emailAdapter, appName: 'spec', publicServerURL: 'http://localhost/parse' };
  hub = await startHub({ host: { ...host, verifyUserEmails: true } });
});
afterAll(async () => {
  await hub.stop();
});
const { outcomeOf, ownOrganization } = organizationCalls(() => hub);

/** Marks the e-mail address of a user as verified, as Parse Server does when they follow its link. */
async function signUpVerified(): Promise<TestUser> {
  const user = await hub.signUp();
  await hub.rest('PUT', `/users/${user.id}`, master, { emailVerified: true });
  return user;
}
let addresses = 0;
/** An owner's invitation to an address that no user has. */
async function invitationOfVictim() {
  const owner = await hub.signUp();
  const organizationId = await ownOrganization(owner);
  const email = `victim${String((addresses += 1))}@example.com`;
  const params = { organizationId, email, role: 'owner' as const };
  const { invitation } = await hub.as(owner).inviteOrganizationMember(params);
  return { email, invitationId: invitation.id };
}

describe('an invitation without its link', () => {
  it('is for the user with that verified address alone', async () => {
    const [owner, admin, invited, outsider] = await Promise.all([
      hub.signUp(),
      hub.signUp(),
      hub.signUp(),
      signUpVerified(),
    ]);
    const organizationId = await ownOrganization(owner);
    await addMember(hub, { organizationId, userId: admin.id, role: 'admin' });
    const email = `${invited.username}@Example.com`;
    const { invitation } = await hub
      .as(admin)
      .inviteOrganizationMember({ organizationId, email, role: 'viewer' });
    const accept = (as: Caller) =>
      outcomeOf('acceptOrganizationInvitation', { invitationId: invitation.id }, as);
    const received = async () => (await hub.as(invited).getOrganizationInvitations()).items;
    expect([await accept(invited), await received()]).toEqual([7106, []]);
    await hub.rest('PUT', `/users/${invited.id}`, master, { emailVerified: true });
    expect(await accept(outsider)).toBe(7106);
    expect(await received()).toEqual([invitation]);
    expect([await accept(invited), await received()]).toEqual(['ok', []]);
    const { items } = await hub.as(owner).getOrganizationInvitations({ organizationId });
    expect(items).toContainEqual({ ...invitation, status: 'accepted' });
  });

  const update = (user: TestUser, path: string, body: Json) => hub.rest('PUT', path, user, body);
  it.each<[string, (user: TestUser, email: string) => Promise<Json>]>([
    ['alone', (user, email) => update(user, `/users/${user.id}`, { email })],
    [
      'with an unknown provider',
      (user, email) => update(user, `/users/${user.id}`, { email, authData: { foo: null } }),
    ],
    [
      'with two providers, as a row of _User',
      (user, email) =>
        update(user, `/classes/_User/${user.id}`, {
          email,
          authData: { anonymous: null, foo: null },
        }),
    ],
    [
      'in a batch',
      (user, email) =>
        hub.rest('POST', '/batch', user, {
          requests: [
            {
              method: 'PUT',
              path: `/parse/users/${user.id}`,
              body: { email, authData: { facebook: null } },
            },
          ],
        }),
    ],
    [
      'by another method',
      (user, email) =>
        hub.rest('POST', `/users/${user.id}`, user, {
          _method: 'PUT',
          email,
          authData: { foo: null },
        }),
    ],
  ])(
    'is not for a user who takes its address, which is unverified again: %s',
    async (_how, take) => {
      const { email, invitationId } = await invitationOfVictim();
      const thief = await signUpVerified();
      expect((await take(thief, email)).status).toBe(200);
      const { body } = await hub.rest('GET', `/users/${thief.id}`, master);
      expect([body.email, body.emailVerified]).toEqual([email, false]);
      expect(await outcomeOf('acceptOrganizationInvitation', { invitationId }, thief)).toBe(7106);
      expect((await hub.as(thief).getOrganizationInvitations()).items).toEqual([]);
    },
  );

  // Parse Server then sends no message, and its process must go on.
  it('is not for a user who logs in with the address', async () => {
    const { email, invitationId } = await invitationOfVictim();
    const anonymous = { anonymous: { id: `id-${email}` } };
    const { body: made } = await hub.rest('POST', '/users', {}, { authData: anonymous });
    const verified = { email: `own.${email}`, emailVerified: true };
    await hub.rest('PUT', `/users/${made.objectId}`, master, verified);
    for (const authData of [anonymous, { ...anonymous, foo: null }]) {
      await hub.rest('POST', '/users', {}, { authData, email });
      const { body } = await hub.rest('GET', `/users/${made.objectId}`, master);
      expect(body.email === email && body.emailVerified === true).toBe(false);
    }
    const as = { sessionToken: made.sessionToken };
    expect(await outcomeOf('acceptOrganizationInvitation', { invitationId }, as)).not.toBe('ok');
  });
});
