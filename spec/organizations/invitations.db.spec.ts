import { schemas } from '../../schemas/index.js';
import { addMember, startTeam, type Team } from '../cloud/team.js';
import {
  anonymous,
  type Json,
  master,
  shareHub,
  startHub,
  type TestHub,
  type TestUser,
} from '../support/hub.js';
import { rememberServer } from '../support/parseServerInside.js';
import { DAY_MS, organizationCalls, tokenOf } from './setting.js';

let hub: TestHub;
let team: Team;
beforeAll(async () => {
  hub = await shareHub();
  team = await startTeam(hub);
});
afterAll(() => hub.stop());
const { invite, membersOf, outcomeOf, ownOrganization } = organizationCalls(() => hub);
/** Marks the e-mail address of a user as verified, as Parse Server does when they follow its link. */
const verify = (user: TestUser) =>
  hub.rest('PUT', `/users/${user.id}`, master, { emailVerified: true });

describe('nobody becomes a member without their consent', () => {
  it('of users, not even an owner can add one: only the master key can', async () => {
    const { owner, outsider, organizationId } = team;
    const params = { organizationId, userId: outsider.id, role: 'viewer' };
    expect(await outcomeOf('addOrganizationMember', params, owner)).toBe(7008);
    expect(await outcomeOf('getWebhooks', { organizationId }, outsider)).toBe(7005);
  });

  it('and an invitation that was not accepted changes nothing for the invited user', async () => {
    const invited = await hub.signUp();
    await verify(invited);
    const own = await ownOrganization(invited);
    const email = `${invited.username}@example.com`;
    await invite(team.organizationId, team.owner, { email, role: 'owner' });
    expect(await outcomeOf('getWebhooks', { organizationId: team.organizationId }, invited)).toBe(
      7005,
    );
    const { eventId } = await hub.as(invited).publishEvent({ type: 'a.b', data: {} });
    expect((await hub.as(invited).getEvent({ organizationId: own, eventId })).event.type).toBe(
      'a.b',
    );
    for (const { name } of schemas) {
      const { body } = await hub.rest('GET', `/classes/${name}`, invited);
      const rows = (body.results ?? []).filter(
        (row: Json) => row.objectId !== own && row.organization?.objectId !== own,
      );
      expect([name, rows]).toEqual([name, []]);
    }
  });

  it('and what the host adds them to does not take over calls without organizationId', async () => {
    const user = await hub.signUp();
    const own = await ownOrganization(user);
    await addMember(hub, { organizationId: team.organizationId, userId: user.id, role: 'owner' });
    const { eventId } = await hub.as(user).publishEvent({ type: 'a.b', data: {} });
    expect((await hub.as(user).getEvent({ organizationId: own, eventId })).event.type).toBe('a.b');
    await hub.as(user).leaveOrganization({ organizationId: team.organizationId });
  });

  it.each([
    ['the one that they created, of one created and two added', 1, 2, 'ok'],
    ['the only one that they were added to', 0, 1, 'ok'],
    ['none of two that they were added to', 0, 2, 7004],
    ['none of two that they created', 2, 0, 7004],
  ])('without organizationId a call is for %s', async (_what, created, added, outcome) => {
    const [user, host] = [await hub.signUp(), await hub.signUp()];
    for (let nth = 0; nth < created; nth += 1) await ownOrganization(user);
    for (let nth = 0; nth < added; nth += 1) {
      const organizationId = await ownOrganization(host);
      await addMember(hub, { organizationId, userId: user.id, role: 'viewer' });
    }
    expect(await outcomeOf('getWebhooks', {}, user)).toBe(outcome);
  });

  it('and with several they choose their default themselves, which ends with the membership', async () => {
    const user = await hub.signUp();
    const [one, two] = [await ownOrganization(user), await ownOrganization(user)];
    const renamed = async () => {
      await hub.as(user).updateOrganization({ name: 'Chosen' });
      const { items } = await hub.as(user).getOrganizations();
      return items.filter(({ name }) => name === 'Chosen').map(({ id }) => id);
    };
    expect(await outcomeOf('getWebhooks', {}, user)).toBe(7004);
    await hub.as(user).setDefaultOrganization({ organizationId: two });
    expect(await renamed()).toEqual([two]);
    expect(
      await outcomeOf('setDefaultOrganization', { organizationId: team.organizationId }, user),
    ).toBe(7005);
    await addMember(hub, { organizationId: two, userId: team.owner.id, role: 'owner' });
    await hub.as(user).leaveOrganization({ organizationId: two });
    await addMember(hub, { organizationId: two, userId: user.id, role: 'owner' });
    const { organization } = await hub.as(user).updateOrganization({ name: 'Other' });
    expect(organization.id).toBe(one);
    await hub.as(user).setDefaultOrganization({ organizationId: two });
    await hub.as(user).setDefaultOrganization({ organizationId: null });
    expect((await hub.as(user).updateOrganization({ name: 'One' })).organization.id).toBe(one);
  });
});

describe('an invitation', () => {
  it('gives the same answer for a user, a member and an unknown address, and no user', async () => {
    const { owner, outsider, viewer, organizationId } = team;
    const shapes = [];
    for (const email of [
      `${outsider.username}@example.com`,
      `${viewer.username}@example.com`,
      'unknown@example.com',
    ]) {
      const params = { organizationId, email, role: 'viewer' };
      const { body } = await hub.call('inviteOrganizationMember', params, owner);
      const { link, invitation } = body.result;
      expect(JSON.stringify(invitation)).not.toMatch(new RegExp(`${outsider.id}|${viewer.id}`));
      shapes.push({
        ...invitation,
        id: '',
        email: '',
        link: String(link).length,
        createdAt: '',
        expiresAt: '',
      });
    }
    expect(shapes[1]).toEqual(shapes[0]);
    expect(shapes[2]).toEqual(shapes[0]);
  });

  it('makes the user who has the link a member, once, of twenty calls at once', async () => {
    const organizationId = await ownOrganization(team.owner);
    const users = await Promise.all([hub.signUp(), hub.signUp()]);
    const { token } = await invite(organizationId, team.owner, { role: 'developer' });
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, nth) =>
        outcomeOf('acceptOrganizationInvitation', { token }, users[nth % 2] ?? anonymous),
      ),
    );
    expect(outcomes.filter((outcome) => outcome === 'ok')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 7106)).toHaveLength(19);
    const members = await membersOf(organizationId);
    expect(members.map(({ role }) => role)).toEqual(['owner', 'developer']);
    const joined = users.find(({ id }) => members.some(({ userId }) => userId === id));
    expect(await outcomeOf('getWebhooks', {}, joined ?? anonymous)).toBe('ok');
  });

  it.each<
    [
      string,
      (made: {
        token: string;
        invitationId: string;
        organizationId: string;
        by: TestUser;
        owner: TestUser;
      }) => Promise<unknown>,
    ]
  >([
    ['expired', async () => Promise.resolve(hub.clock.advance(7 * DAY_MS))],
    ['declined', ({ token }) => hub.as(team.outsider).declineOrganizationInvitation({ token })],
    [
      'revoked',
      ({ organizationId, invitationId, owner }) =>
        hub.as(owner).revokeOrganizationInvitation({ organizationId, invitationId }),
    ],
    [
      'of a member who was removed since',
      ({ organizationId, by, owner }) =>
        hub.as(owner).removeOrganizationMember({ organizationId, userId: by.id }),
    ],
    [
      'of a member who was removed and added since',
      async ({ organizationId, by, owner }) => {
        await hub.as(owner).removeOrganizationMember({ organizationId, userId: by.id });
        await addMember(hub, { organizationId, userId: by.id, role: 'owner' });
      },
    ],
    [
      'of a member who may no longer invite',
      ({ organizationId, by, owner }) =>
        hub
          .as(owner)
          .setOrganizationMemberRole({ organizationId, userId: by.id, role: 'developer' }),
    ],
    [
      'into a role that its member may no longer give',
      ({ organizationId, by, owner }) =>
        hub.as(owner).setOrganizationMemberRole({ organizationId, userId: by.id, role: 'admin' }),
    ],
    [
      'of a member who for a while could not invite',
      async ({ organizationId, by, owner }) => {
        const change = (role: 'developer' | 'owner') =>
          hub.as(owner).setOrganizationMemberRole({ organizationId, userId: by.id, role });
        await change('developer');
        await change('owner');
      },
    ],
    [
      'of a former owner who became one again',
      async ({ organizationId, by, owner }) => {
        await hub
          .as(by)
          .transferOrganizationOwnership({ organizationId, userId: owner.id, keepRole: 'admin' });
        const again = { organizationId, userId: by.id, role: 'owner' as const };
        await hub.as(owner).setOrganizationMemberRole(again);
      },
    ],
    [
      'of a deleted organization',
      ({ organizationId, owner }) =>
        hub.as(owner).deleteOrganization({ organizationId, confirmName: 'Own' }),
    ],
    [
      'replaced by another one to the same address',
      ({ organizationId, owner }) => invite(organizationId, owner, { email: 'twice@example.com' }),
    ],
  ])('is not valid when it is %s', async (_what, end) => {
    const [owner, by, invited] = [await hub.signUp(), await hub.signUp(), await hub.signUp()];
    const organizationId = await ownOrganization(owner);
    await addMember(hub, { organizationId, userId: by.id, role: 'owner' });
    const { token, invitation } = await invite(organizationId, by, {
      role: 'owner',
      email: 'twice@example.com',
    });
    await end({ token, invitationId: invitation.id, organizationId, by, owner });
    const wrong = await hub.call(
      'acceptOrganizationInvitation',
      { token: 'x'.repeat(43) },
      invited,
    );
    expect(await hub.call('acceptOrganizationInvitation', { token }, invited)).toEqual(wrong);
    expect(wrong.body.code).toBe(7106);
    expect(await outcomeOf('getOrganizationMembers', { organizationId }, invited)).toBe(7005);
  });

  it('needs its link where Parse Server does not verify addresses: it keeps the mark when the address changes', async () => {
    const [invited, thief] = [await hub.signUp(), await hub.signUp()];
    const email = `new.${invited.username}@example.com`;
    const { invitation, token } = await invite(team.organizationId, team.owner, { email });
    await verify(thief);
    await hub.rest('PUT', `/users/${thief.id}`, thief, { email });
    const { body } = await hub.rest('GET', `/users/${thief.id}`, master);
    expect([body.email, body.emailVerified]).toEqual([email, true]);
    const params = { invitationId: invitation.id };
    expect(await outcomeOf('acceptOrganizationInvitation', params, thief)).toBe(7106);
    expect((await hub.as(thief).getOrganizationInvitations()).items).toEqual([]);
    expect(await outcomeOf('acceptOrganizationInvitation', { token }, invited)).toBe('ok');
    await hub.as(invited).leaveOrganization({ organizationId: team.organizationId });
  });

  it('does not store its token', async () => {
    const { token } = await invite(team.organizationId, team.owner);
    for (const { name } of schemas) {
      const { body } = await hub.rest('GET', `/classes/${name}?limit=1000`, master);
      expect(JSON.stringify(body)).not.toContain(token);
    }
    expect(hub.logLines.join('')).not.toContain(token);
  });
});

it('an invitation is mailed where Parse Server has an e-mail adapter, and does not change the role of a member', async () => {
  const mails: Json[] = [];
  const emailAdapter = {
    sendMail: (mail: Json) => Promise.resolve(mails.push(mail)),
    sendVerificationEmail: () => Promise.resolve(),
    sendPasswordResetEmail: () => Promise.resolve(),
  };
  const useInCloudCode = rememberServer();
  const mailing = await startHub({ host: { emailAdapter } });
  const [owner, member] = [await mailing.signUp(), await mailing.signUp()];
  const { id: organizationId } = (
    await mailing.as(owner).createOrganization({ name: 'see http://evil.example' })
  ).organization;
  await addMember(mailing, { organizationId, userId: member.id, role: 'viewer' });
  const { body } = await mailing.call(
    'inviteOrganizationMember',
    { organizationId, email: 'New@Example.com', role: 'admin' },
    owner,
  );
  expect(Object.keys(body.result)).toEqual(['invitation']);
  expect(mails).toMatchObject([
    { to: 'new@example.com', subject: 'Invitation to join an organization' },
  ]);
  expect(mails[0].text).not.toContain('evil');
  const [link] = /http\S+/.exec(mails[0].text) ?? [];
  expect(link).toMatch(new RegExp(`^${mailing.url}/hub/invitations\\?invitation=[\\w-]{43}$`));
  const { organization } = await mailing
    .as(member)
    .acceptOrganizationInvitation({ token: tokenOf(link) });
  expect(organization.role).toBe('viewer');
  await mailing.stop();
  useInCloudCode();
});

describe('the page of an invitation', () => {
  const page = async (link: string, form?: Record<string, string>) => {
    const url = new URL(link);
    const post = { method: 'POST', body: new URLSearchParams(form) };
    const response = form ? await fetch(`${url.origin}${url.pathname}`, post) : await fetch(url);
    return { status: response.status, headers: response.headers, text: await response.text() };
  };

  it('shows the organization, escaped, and takes an answer only with a password', async () => {
    const [owner, invited] = [await hub.signUp(), await hub.signUp()];
    const organizationId = await ownOrganization(owner, '<script>alert(1)</script>');
    const { link = '', token } = await invite(organizationId, owner);
    const shown = await page(link);
    expect([shown.status, shown.text]).toEqual([200, expect.stringContaining('&lt;script&gt;')]);
    expect(shown.text).not.toContain('<script');
    expect(shown.headers.get('content-security-policy')).toMatch(/frame-ancestors 'none'/);
    const form = { token, name: invited.username, answer: 'accept' };
    expect((await page(link, { ...form, password: 'wrong' })).status).toBe(400);
    expect(await membersOf(organizationId)).toHaveLength(1);
    expect((await page(link, { ...form, password: 'a-long-Passphrase-1' })).status).toBe(200);
    expect(await outcomeOf('getWebhooks', { organizationId }, invited)).toBe('ok');
    const again = await page(link, { ...form, password: 'a-long-Passphrase-1' });
    expect(again).toMatchObject({
      status: 404,
      text: expect.stringContaining('expired or was used'),
    });
    expect((await page(link)).status).toBe(404);
  });

  it('declines, and waits after failed attempts as the log-in page does', async () => {
    const [owner, invited] = [await hub.signUp(), await hub.signUp()];
    const organizationId = await ownOrganization(owner);
    const { link = '', token } = await invite(organizationId, owner);
    const form = { token, name: invited.username, answer: 'decline', password: 'wrong' };
    const statuses: number[] = [];
    for (let nth = 0; nth < 7; nth += 1) statuses.push((await page(link, form)).status);
    expect([statuses[0], statuses.at(-1)]).toEqual([400, 429]);
    hub.clock.advance(DAY_MS);
    const declined = await page(link, { ...form, password: 'a-long-Passphrase-1' });
    expect([declined.status, (await page(link)).status]).toEqual([200, 404]);
    expect(await membersOf(organizationId)).toHaveLength(1);
  });
});
