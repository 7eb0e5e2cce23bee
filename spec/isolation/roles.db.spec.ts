import { ROLES } from '../../src/contract/index.js';
import { anonymous, type Caller, type Json, MASTER_KEY, type TestHub } from '../support/hub.js';
import { MARK, pointerTo, startWorld, type World } from './world.js';

describe('the roles of an organization', () => {
  let world: World;
  let hub: TestHub;
  let roles: readonly { objectId: string; name: string }[];
  let before: string;
  beforeAll(async () => {
    world = await startWorld();
    ({ hub } = world);
    const { body } = await hub.rest('GET', '/roles?limit=1000', { masterKey: MASTER_KEY });
    roles = body.results.filter(({ name }: Json) => name.includes(world.a.organizationId));
    expect(roles).toHaveLength(ROLES.length);
    before = await world.stored();
  });
  afterAll(() => world.stop());

  const callers = (): readonly (readonly [string, Caller])[] => [
    ...Object.entries(world.members),
    ...world.outsiders,
  ];

  it('cannot be read, nor their users', async () => {
    const [role] = roles;
    const where = (condition: Json) => encodeURIComponent(JSON.stringify(condition));
    const related = (key: string) => ({
      $relatedTo: { object: pointerTo('_Role', role?.objectId ?? ''), key },
    });
    const paths = [
      '/roles?limit=1000',
      `/roles/${role?.objectId}`,
      `/roles?count=1&limit=0&where=${where({ name: { $regex: world.a.organizationId } })}`,
      `/roles?where=${where({ users: pointerTo('_User', world.members.owner.id) })}`,
      `/roles?where=${where({ name: role?.name })}&include=users`,
      `/classes/_Role?where=${where({ name: role?.name })}`,
      `/classes/_Role?where=${where(related('roles'))}`,
      `/classes/_Role?where=${where({ $or: [{ name: role?.name }, { name: 'x' }] })}`,
      `/classes/_Join:users:_Role`,
      `/classes/_Join%3Ausers%3A_Role?where=${where({ relatedId: world.members.owner.id })}`,
    ];
    for (const [who, as] of callers()) {
      for (const path of paths) {
        const { body } = await hub.rest('GET', path, as);
        expect([who, path, body.results ?? [], body.count ?? 0]).toEqual([who, path, [], 0]);
        expect(JSON.stringify(body)).not.toContain(world.members.owner.id);
      }
      const users = await hub.rest('GET', `/users?where=${where(related('users'))}`, as);
      expect([who, users.body.results ?? []]).toEqual([who, []]);
    }
  });

  it('cannot be changed by outsiders', async () => {
    const { otherOwner, members } = world;
    const me = pointerTo('_User', otherOwner.id);
    const [role] = roles;
    const one = `/roles/${role?.objectId}`;
    const attempts: readonly (readonly [string, string, Json?])[] = [
      ['PUT', one, { users: { __op: 'AddRelation', objects: [me] } }],
      ['PUT', one, { ACL: { '*': { read: true, write: true } } }],
      ['PUT', one, { roles: { __op: 'AddRelation', objects: [pointerTo('_Role', 'x')] } }],
      ['PUT', `/classes/_Role/${role?.objectId}`, { name: 'other' }],
      ['POST', one, { _method: 'PUT', users: { __op: 'AddRelation', objects: [me] } }],
      ['DELETE', one],
      [
        'POST',
        '/classes/_Join:users:_Role',
        { owningId: role?.objectId, relatedId: otherOwner.id },
      ],
      ['PUT', `/users/${members.owner.id}`, { username: 'mine' }],
      ['DELETE', `/users/${members.viewer.id}`],
      ...roles.map(
        ({ name }) =>
          [
            'POST',
            '/roles',
            { name, ACL: {}, users: { __op: 'AddRelation', objects: [me] } },
          ] as const,
      ),
    ];
    for (const [who, as] of world.outsiders) {
      for (const [method, path, body] of attempts) {
        const response = await hub.rest(method, path, as, body);
        expect([who, path, response.status >= 400]).toEqual([who, path, true]);
      }
    }
    expect(await world.stored()).toBe(before);
  });

  it('are not widened by an outsider’s role that contains one of them', async () => {
    const { otherOwner } = world;
    const mine = await hub.rest('POST', '/roles', otherOwner, {
      name: `strangers${MARK}`,
      ACL: { [otherOwner.id]: { read: true, write: true } },
      users: { __op: 'AddRelation', objects: [pointerTo('_User', otherOwner.id)] },
      roles: {
        __op: 'AddRelation',
        objects: roles.map(({ objectId }) => pointerTo('_Role', objectId)),
      },
    });
    expect(mine.status).toBe(201);
    const { body } = await hub.rest('GET', `/classes/Webhook/${world.a.webhookId}`, otherOwner);
    expect(body.code).toBe(101);
    expect(await world.stored()).toBe(before);
  });

  // Parse Server lets every client create roles, so the hub must not derive organizations from them.
  const forge = (organizationId: string, userId: string, as: Caller) =>
    hub.rest('POST', '/roles', as, {
      name: `org_${organizationId}_owner`,
      ACL: {},
      users: { __op: 'AddRelation', objects: [pointerTo('_User', userId)] },
    });

  it('cannot be forged for an organization that does not exist', async () => {
    const { otherOwner } = world;
    expect((await forge('forgedByStranger', otherOwner.id, otherOwner)).status).toBe(201);
    const { body } = await hub.call(
      'getWebhooks',
      { organizationId: 'forgedByStranger' },
      otherOwner,
    );
    expect(body).toEqual({ code: 7005, error: expect.any(String) });
  });

  it('cannot be forged to add a member to a second organization', async () => {
    const { owner } = world.members;
    expect((await forge('forgedForMember', owner.id, anonymous)).status).toBe(201);
    const { body } = await hub.call('getWebhooks', {}, owner);
    expect(body.result?.items).toHaveLength(1);
  });

  it('end read access at once when a member loses them', async () => {
    const { hub, a, members } = world;
    const reads = async () =>
      (await hub.rest('GET', '/classes/Webhook', members.developer)).body.results.length;
    const calls = async () =>
      (await hub.call('getWebhooks', { organizationId: a.organizationId }, members.developer)).body;
    const owner = hub.as(members.owner);
    const change = { organizationId: a.organizationId, userId: members.developer.id };
    expect(await reads()).toBe(1);
    await owner.setOrganizationMemberRole({ ...change, role: 'viewer' });
    expect(await reads()).toBe(1);
    const { body } = await hub.call('publishEvent', { ...event, ...org(a) }, members.developer);
    expect(body.code).toBe(7003);
    await owner.removeOrganizationMember(change);
    expect(await reads()).toBe(0);
    expect((await calls()).code).toBe(7005);
    const included = `/classes/WebhookDelivery/${a.deliveryId}?include=webhook`;
    expect((await hub.rest('GET', included, members.developer)).status).toBe(404);
  });
});

const event = { type: 'acme.paid', data: { note: 'x' } };
const org = ({ organizationId }: { organizationId: string }) => ({ organizationId });
