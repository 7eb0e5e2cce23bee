import { Organization, schemas } from '../../schemas/index.js';
import { addMember, startTeam, type Team } from '../cloud/team.js';
import { type Json, master, shareHub, type TestHub } from '../support/hub.js';
import { startReceiver } from '../support/receiver.js';
import { rounds } from '../support/rounds.js';
import { DAY_MS, organizationCalls } from './setting.js';

let hub: TestHub;
let team: Team;
beforeAll(async () => {
  hub = await shareHub();
  team = await startTeam(hub);
});
afterAll(() => hub.stop());
const { invite, membersOf, outcomeOf, ownOrganization } = organizationCalls(() => hub);

describe('ownership', () => {
  it('moves in one step, and credentials of the former owner keep only what their new role has', async () => {
    const [owner, next] = [await hub.signUp(), await hub.signUp()];
    const organizationId = await ownOrganization(owner);
    const transfer = { organizationId, userId: next.id, keepRole: 'viewer' as const };
    expect(await outcomeOf('transferOrganizationOwnership', transfer, owner)).toBe(7103);
    await addMember(hub, { organizationId, userId: next.id, role: 'viewer' });
    const scopes = ['organizations:write', 'webhooks:read'] as const;
    const { key } = await hub
      .as(owner)
      .createApiKey({ organizationId, name: 'k', scopes: [...scopes] });
    const withKey = { headers: { 'x-api-key': key } };
    expect(await outcomeOf('updateOrganization', { name: 'By key' }, withKey)).toBe('ok');
    await hub.as(owner).transferOrganizationOwnership(transfer);
    expect((await membersOf(organizationId)).map(({ userId, role }) => [userId, role])).toEqual([
      [next.id, 'owner'],
      [owner.id, 'viewer'],
    ]);
    expect(await outcomeOf('updateOrganization', { name: 'By key' }, withKey)).toBe(7003);
    expect(await outcomeOf('getWebhooks', {}, withKey)).toBe('ok');
    expect(await outcomeOf('transferOrganizationOwnership', transfer, owner)).toBe(7003);
  });

  it('stays with somebody when twenty transfers, removals and departures come at once', async () => {
    const [one, two] = [await hub.signUp(), await hub.signUp()];
    const organizationId = await ownOrganization(one);
    await addMember(hub, { organizationId, userId: two.id, role: 'admin' });
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, nth) => {
        const [as, to] = nth % 2 === 0 ? [one, two] : [two, one];
        if (nth % 3 === 0) return outcomeOf('leaveOrganization', { organizationId }, as);
        if (nth % 3 === 1)
          return outcomeOf('transferOrganizationOwnership', { organizationId, userId: to.id }, as);
        return outcomeOf('removeOrganizationMember', { organizationId, userId: to.id }, as);
      }),
    );
    const allowed = ['ok', 7003, 7005, 7103, 7104, 7105, 7111];
    expect(outcomes.filter((outcome) => !allowed.includes(outcome))).toEqual([]);
    expect((await membersOf(organizationId)).map(({ role }) => role)).toContain('owner');
  });
});

it('a member who leaves takes their keys with them', async () => {
  const [owner, member] = [await hub.signUp(), await hub.signUp()];
  const organizationId = await ownOrganization(owner);
  await addMember(hub, { organizationId, userId: member.id, role: 'admin' });
  const { key } = await hub
    .as(member)
    .createApiKey({ organizationId, name: 'k', scopes: ['webhooks:read'] });
  const withKey = { headers: { 'x-api-key': key } };
  expect(await outcomeOf('getWebhooks', {}, withKey)).toBe('ok');
  expect(await outcomeOf('leaveOrganization', { organizationId }, owner)).toBe(7104);
  await hub.as(member).leaveOrganization({ organizationId });
  expect(await outcomeOf('getWebhooks', {}, withKey)).toBe(7009);
  await addMember(hub, { organizationId, userId: member.id, role: 'admin' });
  expect(await outcomeOf('getWebhooks', {}, withKey)).toBe(7009);
});

describe('deleteOrganization', () => {
  async function populated() {
    const owner = await hub.signUp();
    const receiver = await startReceiver();
    const organizationId = await ownOrganization(owner, 'Doomed');
    await hub.as(owner).createWebhook({ name: 'w', url: receiver.url, events: ['a.*'] });
    await hub.as(owner).publishEvent({ type: 'a.b', data: {} });
    await invite(organizationId, owner);
    const { key } = await hub.as(owner).createApiKey({ name: 'k', scopes: ['webhooks:read'] });
    return { owner, receiver, organizationId, key };
  }
  const rowsOf = async (organizationId: string): Promise<Json> => {
    const entries = schemas
      .filter(({ fields }) => 'organization' in fields)
      .map(async ({ name }) => {
        const where = encodeURIComponent(
          JSON.stringify({
            organization: {
              __type: 'Pointer',
              className: 'Organization',
              objectId: organizationId,
            },
          }),
        );
        const { body } = await hub.rest(
          'GET',
          `/classes/${name}?count=1&limit=0&where=${where}`,
          master,
        );
        return [name, body.count] as const;
      });
    return Object.fromEntries(
      (await Promise.all(entries)).filter(
        ([name, count]) => count > 0 && !name.startsWith('Audit'),
      ),
    );
  };

  it('shows what would end, and then ends it for everybody, and nothing of another organization', async () => {
    const { owner, receiver, organizationId, key } = await populated();
    const kept = await populated();
    const before = await rowsOf(kept.organizationId);
    const { ends, isComplete } = await hub
      .as(owner)
      .deleteOrganization({ organizationId, dryRun: true });
    expect(isComplete).toBe(false);
    expect(ends).toMatchObject({
      members: 1,
      invitations: 1,
      webhooks: 1,
      deliveries: 1,
      events: 1,
      apiKeys: 1,
    });
    expect(await rowsOf(organizationId)).toMatchObject({ Webhook: 1, WebhookDelivery: 1 });
    const confirmed = { organizationId, confirmName: 'Doomed' };
    expect(await hub.as(owner).deleteOrganization(confirmed)).toEqual({ ends, isComplete: true });

    await hub.drain();
    expect(receiver.requests).toHaveLength(0);
    const withKey = { headers: { 'x-api-key': key } };
    expect(await outcomeOf('getWebhooks', {}, withKey)).toBe(7009);
    expect(await outcomeOf('getWebhooks', { organizationId }, owner)).toBe(7005);
    expect(await outcomeOf('getWebhooks', { organizationId }, master)).toBe(7005);
    expect((await hub.as(owner).getOrganizations()).items).toEqual([]);
    expect(await rowsOf(organizationId)).toEqual({});
    expect((await hub.rest('GET', `/classes/Organization/${organizationId}`, owner)).status).toBe(
      404,
    );
    // Its delivery was attempted.
    expect(await rowsOf(kept.organizationId)).toMatchObject(before);
    // Roles that ACLs may still name stay, so that nobody can create one of these names.
    const role = { name: `org_${organizationId}_owner`, ACL: {} };
    expect((await hub.rest('POST', '/roles', owner, role)).status).toBe(400);
    await receiver.close();
    await kept.receiver.close();
  });

  it('continues after a crash when the same owner, or the job, runs it again', async () => {
    const { owner, receiver, organizationId } = await populated();
    const [row] = await hub.app.database.loadMany(Organization, [organizationId]);
    // As after a crash behind the first line: marked, and everything else is there.
    const set = { deletedAt: hub.clock.now(), deletedBy: owner.id };
    await hub.app.database.change(Organization, { id: row?.id ?? '', was: {}, set });
    const request = { organizationId, confirmName: 'Doomed' };
    expect(await outcomeOf('getWebhooks', { organizationId }, owner)).toBe(7005);
    expect(await outcomeOf('deleteOrganization', request, team.owner)).toBe(7005);
    expect((await hub.as(owner).deleteOrganization(request)).isComplete).toBe(true);
    expect(await rowsOf(organizationId)).toEqual({});

    hub.clock.advance(400 * DAY_MS);
    const { signal } = new AbortController();
    await hub.app.services.organizationDeletion.finish({ signal });
    expect(await hub.app.database.loadMany(Organization, [organizationId])).toEqual([]);
    await receiver.close();
  });

  it('is not done for an owner who is removed at the same time', async () => {
    for (let round = 0; round < rounds(5); round += 1) {
      const [ann, dan] = [await hub.signUp(), await hub.signUp()];
      const organizationId = await ownOrganization(ann);
      await addMember(hub, { organizationId, userId: dan.id, role: 'owner' });
      const outcomes = await Promise.all([
        outcomeOf('deleteOrganization', { organizationId, confirmName: 'Own' }, ann),
        outcomeOf('removeOrganizationMember', { organizationId, userId: ann.id }, dan),
      ]);
      expect(outcomes).toContain('ok');
      expect(outcomes).not.toEqual(['ok', 'ok']);
    }
  });

  it('is not for admins, keys or another name', async () => {
    const { organizationId, admin, owner } = team;
    const request = { organizationId, confirmName: 'Acme' };
    expect(await outcomeOf('deleteOrganization', request, admin)).toBe(7111);
    expect(await outcomeOf('deleteOrganization', { ...request, confirmName: 'acme' }, owner)).toBe(
      7112,
    );
    const { key } = await hub
      .as(owner)
      .createApiKey({ organizationId, name: 'k', scopes: ['organizations:write'] });
    expect(await outcomeOf('deleteOrganization', request, { headers: { 'x-api-key': key } })).toBe(
      7010,
    );
    expect(await outcomeOf('getWebhooks', { organizationId }, owner)).toBe('ok');
  });
});
