import { ApiKey } from '../../schemas/index.js';
import { addMember } from '../cloud/team.js';
import { master, type TestUser } from '../support/hub.js';
import { type KeySetting, startKeys } from './setting.js';

const HOUR_MS = 3_600_000;

let keys: KeySetting;
beforeAll(async () => {
  keys = await startKeys();
});
afterAll(() => keys.hub.stop());

type Member = 'owner' | 'admin';
const HANDS = [
  { issuer: 'owner', other: 'admin' },
  { issuer: 'admin', other: 'owner' },
] as const;
const as = (member: Member | TestUser) =>
  keys.hub.as(typeof member === 'string' ? keys.team[member] : member);
const idOf = (member: Member) => keys.team[member].id;
const READS = (member: Member): unknown => ({
  user: idOf(member),
  permissions: ['webhooks:read'],
});

/** Returns as whom a key acts, and with which permissions; the code of the refusal when it does not work. */
async function byKey(key: string): Promise<unknown> {
  const { body } = await keys.hub.call('verifyApiKey', { key, address: '::1' }, master);
  if (!body.result) return body.code;
  const { apiKey, permissions } = body.result;
  return { user: apiKey.ownerId, permissions };
}
const remove = (user: TestUser) =>
  as('owner').removeOrganizationMember({ organizationId: keys.organizationId, userId: user.id });
const add = (user: TestUser) =>
  addMember(keys.hub, { organizationId: keys.organizationId, userId: user.id, role: 'admin' });
async function colleague(): Promise<TestUser> {
  const user = await keys.hub.signUp();
  await add(user);
  return user;
}

describe('an API key', () => {
  const inHours = (hours: number) =>
    new Date(keys.hub.clock.now().getTime() + hours * HOUR_MS).toISOString();
  const narrow = () => ({
    scopes: ['webhooks:read'],
    addresses: ['127.0.0.1', '::1', '::ffff:127.0.0.1'],
    expiresAt: inHours(2),
    limits: { monthlyCalls: 3 },
  });
  const changes: Record<string, () => object> = {
    scopes: () => ({ scopes: ['webhooks:read', 'events:read'] }),
    addresses: () => ({ addresses: [] }),
    expiresAt: () => ({ expiresAt: null }),
    limits: () => ({ limits: {} }),
  };
  const make = async (member: Member | TestUser, given: object = {}) => {
    const { organizationId } = keys;
    const request = { organizationId, name: 'k', ...narrow(), ...given };
    const { apiKey, key } = await as(member).createApiKey(request);
    return { apiKeyId: apiKey.id, key };
  };
  const rotate = async (member: Member | TestUser, apiKeyId: string) =>
    as(member).rotateApiKey({
      organizationId: keys.organizationId,
      apiKeyId,
      graceHours: 24,
    });
  const change = async (member: Member, apiKeyId: string, given: object) =>
    (
      await keys.hub.call(
        'updateApiKey',
        { organizationId: keys.organizationId, apiKeyId, ...given },
        keys.team[member],
      )
    ).body;

  it.each(HANDS)(
    'of the $issuer acts as them until the end, and rotated by the $other as those',
    async (hands) => {
      const { issuer, other } = hands;
      const { apiKeyId, key } = await make(issuer, { limits: {} });
      const { apiKey, key: next } = await rotate(other, apiKeyId);
      expect(apiKey).toMatchObject({ ownerId: idOf(other), previousKeyOwnerId: idOf(issuer) });
      expect([await byKey(key), await byKey(next)]).toEqual([READS(issuer), READS(other)]);
      const { body } = await keys.hub.call('verifyApiKey', { key, address: '::1' }, master);
      expect(body.result.apiKey.ownerId).toBe(idOf(issuer));
      const { key: last } = await rotate(issuer, apiKeyId);
      expect([await byKey(key), await byKey(next), await byKey(last)]).toEqual([
        7009,
        READS(other),
        READS(issuer),
      ]);
    },
  );

  it.each(
    HANDS.flatMap(({ issuer, other }) =>
      Object.keys(changes).map((name) => [issuer, other, name] as const),
    ),
  )('of the %s gets no more by the %s, who changes %s', async (issuer, other, name) => {
    const { apiKeyId, key } = await make(issuer);
    const refused = await change(other, apiKeyId, changes[name]?.() ?? {});
    expect(refused).toMatchObject({ code: 8115, error: expect.stringContaining(`(${name})`) });
    expect(await change(other, apiKeyId, { name: 'renamed', addresses: ['::1'] })).toHaveProperty(
      'result',
    );
    await change(issuer, apiKeyId, { addresses: narrow().addresses });
    // Once the other has rotated it, they can change it, and the previous secret gains nothing.
    const { key: next } = await rotate(other, apiKeyId);
    expect(await change(other, apiKeyId, changes[name]?.() ?? {})).toHaveProperty('result');
    const verify = async (which: string, address: string) =>
      (await keys.hub.call('verifyApiKey', { key: which, address }, master)).body;
    const at = name === 'addresses' ? '192.0.2.7' : '::1';
    expect(await verify(next, at)).toHaveProperty('result');
    const previous = await verify(key, at);
    if (name === 'addresses') expect(previous.code).toBe(8109);
    else
      expect(previous.result).toMatchObject({
        permissions: ['webhooks:read'],
        apiKey: { ownerId: idOf(issuer) },
      });
    if (name === 'limits') {
      await verify(key, at);
      await verify(key, at);
      expect([(await verify(key, at)).code, (await verify(next, at)).code]).toEqual([
        8112,
        undefined,
      ]);
    }
    if (name === 'expiresAt') {
      keys.hub.clock.advance(2 * HOUR_MS);
      expect([(await verify(key, at)).code, (await verify(next, at)).code]).toEqual([
        7009,
        undefined,
      ]);
    }
  });

  it('can be allowed more by its owner, and by the master key what its owner may', async () => {
    const { apiKeyId, key } = await make('admin');
    expect(
      await change('admin', apiKeyId, { scopes: ['webhooks:read', 'events:read'] }),
    ).toHaveProperty('result');
    expect(await byKey(key)).toMatchObject({ permissions: ['webhooks:read', 'events:read'] });
    const byMaster = async (scopes: string[]) =>
      (
        await keys.hub.call(
          'updateApiKey',
          { organizationId: keys.organizationId, apiKeyId, scopes },
          master,
        )
      ).body;
    expect(await byMaster(['webhooks:read', 'events:read'])).toHaveProperty('result');
  });

  it('never has a scope that its owner did not have when they got it, whatever their role is later', async () => {
    const user = await keys.hub.signUp();
    await add(user);
    const { organizationId } = keys;
    const setRole = (role: 'viewer' | 'admin') =>
      as('owner').setOrganizationMemberRole({ organizationId, userId: user.id, role });
    const { apiKeyId, key } = await make(user);
    await setRole('viewer');
    const more = { organizationId, apiKeyId, scopes: ['webhooks:read', 'webhooks:write'] };
    for (const caller of [master, keys.team.owner]) {
      const { body } = await keys.hub.call('updateApiKey', more, caller);
      expect(body.code).toBe(caller === master ? 8105 : 8115);
    }
    await setRole('admin');
    expect(await byKey(key)).toEqual({ user: user.id, permissions: ['webhooks:read'] });
  });

  it('acts as the member who got its secret, when several rotate it at once', async () => {
    const { apiKeyId, key } = await make('owner', { limits: {} });
    const members = Array.from({ length: 20 }, (_, nth): Member =>
      nth % 2 === 0 ? 'owner' : 'admin',
    );
    const rotations = await Promise.allSettled(
      members.map(async (member) => ({ member, key: (await rotate(member, apiKeyId)).key })),
    );
    const made = rotations.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    const known = [{ member: 'owner' as Member, key }, ...made];
    const acting = await Promise.all(known.map((each) => byKey(each.key)));
    const working = known.map(({ member }, nth) => [acting[nth], READS(member)] as const);
    const valid = working.filter(([is]) => typeof is === 'object');
    expect(valid).toHaveLength(2);
    for (const [is, expected] of valid) expect(is).toEqual(expected);
  });

  it('ends with the member who issued it, also as the previous secret', async () => {
    const user = await colleague();
    const { apiKeyId, key } = await make(user);
    const { key: next } = await rotate('owner', apiKeyId);
    await remove(user);
    expect([await byKey(key), await byKey(next)]).toEqual([7009, READS('owner')]);
    await add(user);
    expect([await byKey(key), await byKey(next)]).toEqual([7009, READS('owner')]);
  });

  it('that was rotated before issuers were recorded acts as its owner', async () => {
    const { database } = keys.hub.app;
    const { apiKeyId, key } = await make('admin');
    await rotate('owner', apiKeyId);
    const unset = { previousOwner: undefined, previousSettings: undefined } as object;
    await database.change(ApiKey, { id: apiKeyId, was: {}, set: unset });
    expect(await byKey(key)).toEqual(READS('owner'));
  });
});
