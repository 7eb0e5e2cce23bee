import { master, startHub, type TestHub } from '../support/hub.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub({ host: { javascriptKey: 'of-browsers', restAPIKey: 'of-programs' } });
});
afterAll(() => hub.stop());

describe('where Parse Server requires a client key', () => {
  it('programs with a key of the hub need not know it, and others still do', async () => {
    const account = { username: 'ann', password: 'a-long-Passphrase-1' };
    const { body: user } = await hub.rest('POST', '/users', master, account);
    const owned = { name: 'Own', ownerId: user.objectId };
    const { body: made } = await hub.call('createOrganization', owned, master);
    const organizationId: string = made.result.organization.id;
    const settings = {
      organizationId,
      ownerId: user.objectId,
      name: 'k',
      scopes: ['webhooks:read'],
    };
    const { body: created } = await hub.call('createApiKey', settings, master);
    const post = async (headers: Record<string, string>, path = '/functions/getWebhooks') => {
      const response = await fetch(`${hub.url}/parse${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: '{}',
      });
      return response.status;
    };
    const key = { 'x-api-key': created.result.key as string };
    expect(await post(key)).toBe(200);
    expect(await post({ authorization: `Bearer ${key['x-api-key']}` })).toBe(200);
    expect(await post({ ...key, 'x-parse-rest-api-key': 'wrong' })).toBe(403);
    const application = { 'x-parse-application-id': hub.appId };
    expect(await post(application)).toBe(403);
    const { body: login } = await hub.rest('POST', '/login', master, account);
    const session = { ...application, 'x-parse-session-token': login.sessionToken as string };
    expect(await post(session)).toBe(403);
    // A bearer token of another issuer is refused, and opens nothing to a session.
    const foreign = { authorization: 'Bearer of.another.issuer' };
    expect(await post(foreign)).toBe(401);
    expect(await post({ ...session, ...foreign })).not.toBe(200);
    expect(await post({ ...session, 'x-api-key': 'unknown' })).not.toBe(200);
    expect(await post({ ...session, ...key })).not.toBe(200);
    expect(await post({ ...session, 'x-parse-rest-api-key': 'of-programs' })).toBe(200);
  });
});
