import { parseRoleName, ROLES } from '../../src/contract/index.js';
import {
  type Caller,
  type Json,
  master,
  shareHub,
  type TestHub,
  type TestUser,
} from '../support/hub.js';
import { addMember, anotherOrganization, startTeam, type Team } from './team.js';

describe('organizations', () => {
  let hub: TestHub;
  let team: Team;
  beforeAll(async () => {
    hub = await shareHub();
    team = await startTeam(hub);
  });
  afterAll(() => hub.stop());

  const members = async (organizationId: string): Promise<Json[]> => {
    const { body } = await hub.call(
      'getOrganizationMembers',
      { organizationId, limit: 100 },
      master,
    );
    return body.result.items;
  };
  const rolesIn = async (organizationId: string) =>
    Object.fromEntries((await members(organizationId)).map(({ userId, role }) => [userId, role]));
  const add = (organizationId: string, { id }: TestUser, role: (typeof ROLES)[number]) =>
    addMember(hub, { organizationId, userId: id, role });
  /** Returns `ok` or the error code. */
  async function outcomeOf(name: string, params: object, as: Caller): Promise<'ok' | number> {
    const { status, body } = await hub.call(name, params, as);
    return status === 200 ? 'ok' : body.code;
  }

  describe('are created, listed and renamed', () => {
    it('by a signed-in user, who becomes the owner', async () => {
      const { outsider } = team;
      const { organization } = await hub
        .as(outsider)
        .createOrganization({ name: '  Acme Ünïted ' });
      expect(organization).toEqual({
        id: expect.stringMatching(/^[0-9a-z]{25}$/),
        name: 'Acme Ünïted',
        role: 'owner',
        createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
      });
      expect(await members(organization.id)).toEqual([
        { userId: outsider.id, username: outsider.username, role: 'owner' },
      ]);
      await hub
        .as(outsider)
        .updateOrganization({ organizationId: organization.id, name: 'Acme Ltd' });
      const { items } = await hub.as(outsider).getOrganizations();
      expect(items).toEqual([{ ...organization, name: 'Acme Ltd' }]);
    });

    it('with the master key for a named owner, and without a role for the master key', async () => {
      const { viewer } = team;
      const named = { name: 'By master', ownerId: viewer.id };
      const { body } = await hub.call('createOrganization', named, master);
      const { organization } = body.result;
      expect(organization).not.toHaveProperty('role');
      expect(await rolesIn(organization.id)).toEqual({ [viewer.id]: 'owner' });
      const unowned = await hub.call('createOrganization', { name: 'Unowned' }, master);
      expect(unowned.body.code).toBe(7101);
      const { body: all } = await hub.call('getOrganizations', { limit: 100 }, master);
      expect(all.result.items).toContainEqual(organization);
      expect(all.result.items.map(({ name }: Json) => name)).not.toContain('Unowned');
    });

    it.each([
      ['empty', ''],
      ['blank', '   '],
      ['longer than 100 characters', 'x'.repeat(101)],
    ])('not with a name that is %s', async (_what, name) => {
      expect(await outcomeOf('createOrganization', { name }, team.owner)).toBe(7001);
    });

    it('newest first, a page at a time, each of the user’s organizations once', async () => {
      const loner = await hub.signUp();
      const made: string[] = [];
      for (let i = 0; i < 5; i += 1) {
        made.push((await hub.as(loner).createOrganization({ name: `No. ${i}` })).organization.id);
        hub.clock.advance(1);
      }
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await hub
          .as(loner)
          .getOrganizations({ limit: 2, ...(cursor !== undefined && { cursor }) });
        expect(page.items.length).toBeLessThanOrEqual(2);
        seen.push(...page.items.map(({ id }) => id));
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      expect(seen).toEqual(made.reverse());
    });
  });

  describe('have members', () => {
    it.each([
      ['id', ({ id }: TestUser) => ({ userId: id })],
      ['name', ({ username }: TestUser) => ({ username })],
      ['e-mail address', ({ username }: TestUser) => ({ email: `${username}@example.com` })],
    ])('who are named by %s', async (_how, named) => {
      const organizationId = await anotherOrganization(hub, team);
      const { viewer } = team;
      const params = { organizationId, ...named(viewer), role: 'developer' };
      const { body } = await hub.call('addOrganizationMember', params, master);
      expect(body.result.member).toEqual({
        userId: viewer.id,
        username: viewer.username,
        role: 'developer',
      });
      expect(await rolesIn(organizationId)).toMatchObject({ [viewer.id]: 'developer' });
    });

    it.each([
      ['without a user', {}],
      ['with two names of a user', { userId: 'a', username: 'b' }],
      ['with a role that does not exist', { userId: 'a', role: 'root' }],
    ])('who are not added %s', async (_how, named) => {
      const { organizationId } = team;
      const params = { organizationId, role: 'viewer', ...named };
      expect(await outcomeOf('addOrganizationMember', params, master)).toBe(7001);
    });

    it('with one role at a time, in the Parse roles and nowhere else', async () => {
      const organizationId = await anotherOrganization(hub, team);
      const { id } = team.developer;
      await add(organizationId, team.developer, 'viewer');
      for (const role of [...ROLES, 'viewer'] as const) {
        const { member } = await hub
          .as(team.owner)
          .setOrganizationMemberRole({ organizationId, userId: id, role });
        expect(member.role).toBe(role);
        expect(await parseRolesOf(id, organizationId)).toEqual([
          parseRoleName(organizationId, role),
        ]);
      }
      await hub.as(team.owner).removeOrganizationMember({ organizationId, userId: id });
      expect(await parseRolesOf(id, organizationId)).toEqual([]);
      expect(await rolesIn(organizationId)).toEqual({ [team.owner.id]: 'owner' });
    });

    it('who see each other, the strongest first, a page at a time', async () => {
      const { organizationId, owner, admin, developer, viewer } = team;
      const ids = [owner, admin, developer, viewer].map(({ id }) => id);
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await hub.as(viewer).getOrganizationMembers({
          organizationId,
          limit: 3,
          ...(cursor !== undefined && { cursor }),
        });
        seen.push(...page.items.map(({ userId }) => userId));
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      expect(seen).toEqual(ids);
    });

    it('who do not take a cursor of another list', async () => {
      const { organizationId, owner } = team;
      await anotherOrganization(hub, team);
      const first = await hub.as(owner).getOrganizations({ limit: 1 });
      const ofMembers = await hub.as(owner).getOrganizationMembers({ organizationId, limit: 1 });
      const cursors = [first.nextCursor, ofMembers.nextCursor];
      expect(cursors).toEqual([expect.any(String), expect.any(String)]);
      const crossed = [
        outcomeOf('getOrganizationMembers', { organizationId, cursor: cursors[0] }, owner),
        outcomeOf('getOrganizations', { cursor: cursors[1] }, owner),
        outcomeOf('getWebhooks', { organizationId, cursor: cursors[0] }, owner),
      ];
      expect(await Promise.all(crossed)).toEqual([7007, 7007, 7007]);
    });

    it('whose new role holds from their next call', async () => {
      const { organizationId, owner, admin } = team;
      const { id: userId } = admin;
      const rename = () => outcomeOf('updateOrganization', { organizationId, name: 'Acme' }, admin);
      const see = () => outcomeOf('getWebhooks', { organizationId }, admin);
      const rows = async () =>
        (await hub.rest('GET', `/classes/Organization/${organizationId}`, admin)).status;
      expect([await rename(), await see(), await rows()]).toEqual(['ok', 'ok', 200]);
      await hub.as(owner).setOrganizationMemberRole({ organizationId, userId, role: 'viewer' });
      expect([await rename(), await see(), await rows()]).toEqual([7003, 'ok', 200]);
      await hub.as(owner).removeOrganizationMember({ organizationId, userId });
      expect([await rename(), await see(), await rows()]).toEqual([7005, 7005, 404]);
      await add(organizationId, admin, 'admin');
      expect([await rename(), await see(), await rows()]).toEqual(['ok', 'ok', 200]);
    });

    it('who may leave, whatever their role is', async () => {
      const organizationId = await anotherOrganization(hub, team);
      for (const user of [team.admin, team.developer, team.viewer]) {
        await add(organizationId, user, user === team.admin ? 'owner' : 'viewer');
        await hub.as(user).removeOrganizationMember({ organizationId, userId: user.id });
      }
      expect(await rolesIn(organizationId)).toEqual({ [team.owner.id]: 'owner' });
    });
  });

  describe('may be omitted', () => {
    it.each([
      [0, 7004],
      [1, 'ok'],
      [2, 7004],
    ])('by a member of %p', async (count, outcome) => {
      const user = await hub.signUp();
      for (let i = 0; i < count; i += 1) await hub.as(user).createOrganization({ name: 'One' });
      for (const name of ['getWebhooks', 'getOrganizationMembers', 'getEvents']) {
        expect(await outcomeOf(name, {}, user)).toBe(outcome);
      }
      expect(await outcomeOf('publishEvent', { type: 'a.b', data: {} }, user)).toBe(outcome);
    });

    it('never with the master key', async () => {
      const { body } = await hub.call('getWebhooks', {}, master);
      expect(body.code).toBe(7004);
    });
  });

  describe('have owners', () => {
    it('whom an admin cannot add, change or remove', async () => {
      const { organizationId, owner, admin, viewer } = team;
      const attempts = {
        invite: ['inviteOrganizationMember', { email: 'a@example.com', role: 'owner' }],
        promote: ['setOrganizationMemberRole', { userId: viewer.id, role: 'owner' }],
        promoteOneself: ['setOrganizationMemberRole', { userId: admin.id, role: 'owner' }],
        demote: ['setOrganizationMemberRole', { userId: owner.id, role: 'viewer' }],
        keep: ['setOrganizationMemberRole', { userId: owner.id, role: 'owner' }],
        remove: ['removeOrganizationMember', { userId: owner.id }],
      } as const;
      for (const [attempt, [name, params]] of Object.entries(attempts)) {
        const outcome = await outcomeOf(name, { organizationId, ...params }, admin);
        expect({ attempt, outcome }).toEqual({ attempt, outcome: 7105 });
      }
      expect(await rolesIn(organizationId)).toMatchObject({
        [owner.id]: 'owner',
        [admin.id]: 'admin',
        [viewer.id]: 'viewer',
      });
    });

    it('who manage each other', async () => {
      const organizationId = await anotherOrganization(hub, team);
      await add(organizationId, team.admin, 'owner');
      const { id: userId } = team.owner;
      const other = hub.as(team.admin);
      await other.setOrganizationMemberRole({ organizationId, userId, role: 'viewer' });
      await other.removeOrganizationMember({ organizationId, userId });
      expect(await rolesIn(organizationId)).toEqual({ [team.admin.id]: 'owner' });
    });

    it('the last of whom can neither leave nor step down, not even with the master key', async () => {
      const organizationId = await anotherOrganization(hub, team);
      const { id: userId } = team.owner;
      for (const as of [team.owner, master]) {
        for (const role of ['admin', 'viewer'] as const) {
          const params = { organizationId, userId, role };
          const { body } = await hub.call('setOrganizationMemberRole', params, as);
          expect(body.code).toBe(7104);
        }
        const params = { organizationId, userId };
        const { body } = await hub.call('removeOrganizationMember', params, as);
        expect(body.code).toBe(7104);
      }
      expect(await rolesIn(organizationId)).toEqual({ [userId]: 'owner' });
    });

    it.each([1, 2, 3, 4])(
      'one of whom stays when twenty changes at once would remove both, round %p',
      async (round) => {
        const organizationId = await anotherOrganization(hub, team);
        await add(organizationId, team.admin, 'owner');
        const [one, two] = [team.owner, team.admin];
        const changes = Array.from({ length: 20 }, (_, i) => {
          const [as, victim] = i % 2 === 0 ? [one, two] : [two, one];
          const { id: userId } = (i >> 1) % 2 === round % 2 ? victim : as;
          return i % 3 === 0
            ? outcomeOf('removeOrganizationMember', { organizationId, userId }, as)
            : outcomeOf(
                'setOrganizationMemberRole',
                { organizationId, userId, role: 'viewer' },
                as,
              );
        });
        const outcomes = await Promise.all(changes);
        // Done, or refused: the last owner, a caller who by then is no owner, admin or member, or a user who is no member.
        const allowed = ['ok', 7104, 7105, 7003, 7005, 7103];
        expect(outcomes.filter((outcome) => !allowed.includes(outcome))).toEqual([]);
        expect(outcomes).toContain('ok');
        expect(Object.values(await rolesIn(organizationId))).toContain('owner');
      },
    );
  });

  it('have one role per member after twenty changes at once', async () => {
    const organizationId = await anotherOrganization(hub, team);
    const { id: userId } = team.viewer;
    const added = await Promise.all(
      Array.from({ length: 20 }, (_, i) => {
        const role = ROLES[i % ROLES.length];
        return outcomeOf('addOrganizationMember', { organizationId, userId, role }, master);
      }),
    );
    expect(added.filter((outcome) => outcome === 'ok')).toHaveLength(1);
    expect(added.filter((outcome) => outcome === 7102)).toHaveLength(19);
    expect(await parseRolesOf(userId, organizationId)).toHaveLength(1);
    const changed = await Promise.all(
      Array.from({ length: 20 }, (_, i) => {
        const role = ROLES[i % ROLES.length];
        return outcomeOf('setOrganizationMemberRole', { organizationId, userId, role }, team.owner);
      }),
    );
    expect(new Set(changed)).toEqual(new Set(['ok']));
    expect(await parseRolesOf(userId, organizationId)).toHaveLength(1);
  });

  /** Returns the names of the Parse roles of an organization that a user has. */
  async function parseRolesOf(userId: string, organizationId: string): Promise<string[]> {
    const user = { __type: 'Pointer', className: '_User', objectId: userId };
    const where = encodeURIComponent(JSON.stringify({ users: user }));
    const { body } = await hub.rest('GET', `/classes/_Role?where=${where}&limit=1000`, master);
    return body.results
      .map(({ name }: Json) => name)
      .filter((name: string) => name.includes(organizationId));
  }
});
