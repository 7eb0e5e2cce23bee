import { organizationFunctions } from '../../cloud/manifest.js';
import type { OrganizationResolver } from '../../index.js';
import { schemas } from '../../schemas/index.js';
import type { Role } from '../../src/contract/index.js';
import { type Json, master, startHub, type TestHub, type TestUser } from '../support/hub.js';
import { type Receiver, startReceiver } from '../support/receiver.js';
import { pointerTo } from './world.js';

/** The host's own memberships: teams and roles by user. */
const members = new Map<string, { organizationId: string; role: Role }[]>();
const teams = new Set<string>();
const requested: string[] = [];

const organizations: OrganizationResolver = {
  className: 'Team',
  membershipsOf(userId) {
    requested.push(userId);
    return Promise.resolve(members.get(userId) ?? []);
  },
  exists: (organizationId) => Promise.resolve(teams.has(organizationId)),
  readersOf: (organizationId) => [`team-${organizationId}`],
};

describe('a host with its own organizations', () => {
  let hub: TestHub;
  let receiver: Receiver;
  let owner: TestUser;
  let viewer: TestUser;
  let outsider: TestUser;
  let red: string;
  let blue: string;
  beforeAll(async () => {
    [hub, receiver] = await Promise.all([startHub({ hub: { organizations } }), startReceiver()]);
    owner = await hub.signUp();
    viewer = await hub.signUp();
    outsider = await hub.signUp();
    red = await makeTeam('Red', [owner, viewer]);
    blue = await makeTeam('Blue', [outsider]);
    members.set(owner.id, [{ organizationId: red, role: 'owner' }]);
    members.set(viewer.id, [{ organizationId: red, role: 'viewer' }]);
    members.set(outsider.id, [{ organizationId: blue, role: 'admin' }]);
  });
  afterAll(async () => {
    await receiver.close();
    await hub.stop();
  });

  /** Creates a team: a row of the host, with an id that Parse generates, and one Parse role for all members. */
  async function makeTeam(name: string, users: readonly TestUser[]): Promise<string> {
    const { body } = await hub.rest('POST', '/classes/Team', master, { name, ACL: {} });
    const objects = users.map(({ id }) => pointerTo('_User', id));
    const team: string = body.objectId;
    const role = { name: `team-${team}`, ACL: {}, users: { __op: 'AddRelation', objects } };
    expect((await hub.rest('POST', '/roles', master, role)).status).toBe(201);
    const ACL = { [`role:team-${team}`]: { read: true } };
    await hub.rest('PUT', `/classes/Team/${team}`, master, { ACL });
    teams.add(team);
    return team;
  }

  it('has no functions for organizations, also in the reference, and no class of the hub for them', async () => {
    for (const { name } of organizationFunctions) {
      const { body } = await hub.call(name, {}, owner);
      expect(body).toEqual({ code: 141, error: `Invalid function: "${name}"` });
    }
    const document = (await (await fetch(`${hub.url}/hub/openapi.json`)).json()) as Json;
    expect(Object.keys(document.paths)).toContain('/functions/getWebhooks');
    expect(Object.keys(document.paths)).not.toContain('/functions/createOrganization');
    const { body } = await hub.rest('GET', '/schemas', master);
    const names = body.results.map(({ className }: Json) => className);
    expect(names).toEqual(expect.arrayContaining(['Team', 'Webhook']));
    expect(names).not.toContain('Organization');
    for (const { className, fields } of body.results) {
      if (!schemas.some(({ name }) => name === className) || !fields.organization) continue;
      expect(fields.organization).toMatchObject({ type: 'Pointer', targetClass: 'Team' });
    }
  });

  it('has the other functions, with its own teams, roles and readers', async () => {
    const client = hub.as(owner);
    const { webhook } = await client.createWebhook({
      name: 'orders',
      url: `${receiver.url}/orders`,
      events: ['order.*'],
    });
    const event = { type: 'order.paid', data: {}, idempotencyKey: 'once' };
    const { eventId } = await client.publishEvent(event);
    expect(await client.publishEvent(event)).toMatchObject({ eventId });
    await hub.drain();
    expect(receiver.requests).toHaveLength(1);
    const { items } = await hub.as(viewer).getWebhookDeliveries({ webhookId: webhook.id });
    expect(items).toEqual([expect.objectContaining({ eventId, state: 'delivered' })]);
    expect(requested).toEqual(expect.arrayContaining([owner.id, viewer.id]));

    await expect(hub.as(viewer).deleteWebhook({ webhookId: webhook.id })).rejects.toMatchObject({
      code: 7003,
    });
    const theirs = { organizationId: red, webhookId: webhook.id };
    await expect(hub.as(outsider).getWebhook(theirs)).rejects.toMatchObject({ code: 7005 });
    await expect(hub.as(outsider).getWebhook({ webhookId: webhook.id })).rejects.toMatchObject({
      code: 7301,
    });
    const { body } = await hub.call('getWebhooks', { organizationId: red }, master);
    expect(body.result.items).toHaveLength(1);
    const unknown = await hub.call('getWebhooks', { organizationId: 'none' }, master);
    expect(unknown.body.code).toBe(7005);
  });

  it.each(['Webhook', 'WebhookEvent', 'WebhookDelivery', 'WebhookAttempt'])(
    'lets only the team read %s, with its team',
    async (className) => {
      const path = `/classes/${className}?include=organization`;
      const [row, ...more] = (await hub.rest('GET', path, viewer)).body.results;
      expect(more).toEqual([]);
      expect(row.organization).toMatchObject({ __type: 'Object', className: 'Team', name: 'Red' });
      expect(row.ACL).toEqual({ [`role:team-${red}`]: { read: true } });
      const where = { organization: pointerTo('Team', red) };
      const found = `/classes/${className}?where=${encodeURIComponent(JSON.stringify(where))}`;
      expect((await hub.rest('GET', found, viewer)).body.results).toHaveLength(1);
      expect((await hub.rest('GET', path, outsider)).body.results).toEqual([]);
    },
  );

  it('grants nothing for a role with the name of one of the hub’s', async () => {
    const objects = [pointerTo('_User', outsider.id)];
    const forged = { name: `org_${red}_owner`, ACL: {}, users: { __op: 'AddRelation', objects } };
    expect((await hub.rest('POST', '/roles', outsider, forged)).status).toBe(201);
    await expect(hub.as(outsider).getWebhooks({ organizationId: red })).rejects.toMatchObject({
      code: 7005,
    });
    expect((await hub.rest('GET', '/classes/Webhook', outsider)).body.results).toEqual([]);
  });
});
