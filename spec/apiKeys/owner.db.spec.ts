import { addMember } from '../cloud/team.js';
import { master } from '../support/hub.js';
import { type KeySetting, startKeys } from './setting.js';

let keys: KeySetting;
beforeAll(async () => {
  keys = await startKeys();
});
afterAll(() => keys.hub.stop());

describe('the owner of a key', () => {
  it('limits the key to the permissions of their current role', async () => {
    const { hub, team, organizationId } = keys;
    const { owner, admin } = team;
    const { apiKey, key } = await hub.as(admin).createApiKey({
      organizationId,
      name: 'of the admin',
      scopes: ['eventTypes:write', 'webhooks:read'],
    });
    const setRole = (role: 'admin' | 'viewer') =>
      hub.as(owner).setOrganizationMemberRole({ organizationId, userId: admin.id, role });
    expect((await keys.call(key, 'createEventType', { name: 'a.one' })).status).toBe(200);
    await setRole('viewer');
    expect((await keys.call(key, 'createEventType', { name: 'a.two' })).body).toEqual({
      code: 7003,
      error:
        'The permission eventTypes:write is missing: the role of the API key’s owner in the organization does not grant it.',
    });
    expect((await keys.call(key, 'getWebhooks')).status).toBe(200);
    await setRole('admin');
    expect((await keys.call(key, 'createEventType', { name: 'a.two' })).status).toBe(200);
    expect(apiKey.ownerId).toBe(admin.id);
  });

  it('loses it permanently when they leave the organization', async () => {
    const { hub, team, organizationId } = keys;
    const person = await hub.signUp();
    const owner = hub.as(team.owner);
    const join = () => addMember(hub, { organizationId, userId: person.id, role: 'admin' });
    await join();
    const { key, apiKey } = await hub.as(person).createApiKey({
      organizationId,
      name: 'x',
      scopes: ['webhooks:read'],
    });
    expect((await keys.call(key, 'getWebhooks')).status).toBe(200);
    await owner.removeOrganizationMember({ organizationId, userId: person.id });
    expect((await keys.call(key, 'getWebhooks')).body.code).toBe(7009);
    await join();
    expect((await keys.call(key, 'getWebhooks')).body.code).toBe(7009);
    const known = await hub.as(team.owner).getApiKey({ organizationId, apiKeyId: apiKey.id });
    expect(known.apiKey.status).toBe('revoked');
  });

  it('loses it when the host removes them from the role by other means', async () => {
    const { hub, organizationId } = keys;
    const person = await hub.signUp();
    await addMember(hub, { organizationId, userId: person.id, role: 'admin' });
    const { key } = await hub.as(person).createApiKey({
      organizationId,
      name: 'x',
      scopes: ['webhooks:read'],
    });
    const name = `org_${organizationId}_admin`;
    const where = encodeURIComponent(JSON.stringify({ name }));
    const { body } = await hub.rest('GET', `/roles?where=${where}`, master);
    const user = { __type: 'Pointer', className: '_User', objectId: person.id };
    const users = { __op: 'RemoveRelation', objects: [user] };
    await hub.rest('PUT', `/roles/${body.results[0].objectId}`, master, { users });
    expect((await keys.call(key, 'getWebhooks')).body).toMatchObject({ code: 7009 });
  });

  it('loses it with their account', async () => {
    const { hub, organizationId } = keys;
    const person = await hub.signUp();
    await addMember(hub, { organizationId, userId: person.id, role: 'admin' });
    const { key } = await hub.as(person).createApiKey({
      organizationId,
      name: 'x',
      scopes: ['webhooks:read'],
    });
    expect((await keys.call(key, 'getWebhooks')).status).toBe(200);
    await hub.rest('DELETE', `/users/${person.id}`, master);
    expect((await keys.call(key, 'getWebhooks')).body.code).toBe(7009);
  });

  it('is named by the master key, and needs the permissions of the key', async () => {
    const { hub, team, organizationId } = keys;
    const request = { organizationId, name: 'x', scopes: ['webhooks:write'] };
    const make = async (ownerId?: string) =>
      (await hub.call('createApiKey', { ...request, ownerId }, master)).body;
    expect(await make()).toMatchObject({ code: 8106 });
    expect(await make(team.outsider.id)).toMatchObject({ code: 8106 });
    expect(await make(team.viewer.id)).toMatchObject({ code: 8105 });
    expect(await make(team.developer.id)).toMatchObject({
      result: { apiKey: { ownerId: team.developer.id } },
    });
  });
});
