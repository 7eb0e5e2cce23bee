import { ApiKey, ApiKeyUsage, AuditChain, AuditLog } from '../../schemas/index.js';
import { ClientParse } from '../support/clientSdk.js';
import { master } from '../support/hub.js';
import { asKey, type KeySetting, post, startKeys } from './setting.js';

let keys: KeySetting;
let close: () => Promise<void>;
beforeAll(async () => {
  const registered: { callerOf?: (request: { headers?: object }) => Promise<unknown> } = {};
  keys = await startKeys({
    hub: { scopes: { 'host:ask': { description: 'Ask the host', functions: ['ofTheHost'] } } },
    host: {
      requestContextMiddleware: (
        req: { config: object & { ofTheHost?: string } },
        _res: object,
        next: () => void,
      ) => {
        req.config.ofTheHost = 'was here';
        next();
      },
      cloud: (Parse: {
        Cloud: {
          define(
            name: string,
            run: (request: {
              headers?: object;
              user?: { id?: string } | undefined;
              config?: object;
            }) => unknown,
          ): void;
        };
      }) => {
        Parse.Cloud.define('ofTheHost', async (request) => {
          const caller = (await registered.callerOf?.(request)) as
            { permissions: ReadonlySet<string> } | undefined;
          const said = JSON.stringify(request.headers);
          const user = request.user?.id ?? 'nobody';
          const { ofTheHost } = (request.config ?? {}) as { ofTheHost?: string };
          return caller
            ? { ...caller, permissions: [...caller.permissions], user, said, ofTheHost }
            : { anonymous: true, user, said, ofTheHost };
        });
      },
    },
  });
  registered.callerOf = keys.hub.callerOf;
  close = () => keys.hub.stop();
});
afterAll(() => close());

describe('a key', () => {
  it('calls a function within its scopes, by X-API-Key and as a bearer token', async () => {
    const { key } = await keys.make();
    expect(await keys.call(key, 'getWebhooks')).toMatchObject({
      status: 200,
      body: { result: { items: [] } },
    });
    const bearer = { authorization: `Bearer ${key}` };
    expect(await post(keys.hub, '/functions/getWebhooks', {}, bearer)).toMatchObject({
      status: 200,
      body: { result: { items: [] } },
    });
  });

  it('is refused without the scope as a member is without the permission', async () => {
    const { key } = await keys.make();
    const webhook = { name: 'w', url: keys.hub.url, events: ['a.*'] };
    const { organizationId, team, hub } = keys;
    const asViewer = await hub.call('createWebhook', { organizationId, ...webhook }, team.viewer);
    const withKey = await keys.call(key, 'createWebhook', webhook);
    expect([asViewer.body, withKey.body]).toEqual([
      {
        code: 7003,
        error:
          'The permission webhooks:write is missing: your role in the organization does not grant it.',
      },
      {
        code: 7003,
        error:
          'The permission webhooks:write is missing: it is not among the scopes of the API key.',
      },
    ]);
  });

  it('writes within its scopes, and is named in the audit log', async () => {
    const { key, id: keyId } = await keys.make({ scopes: ['webhooks:write', 'events:publish'] });
    const { body } = await keys.call(key, 'publishEvent', { type: 'a.b', data: { n: 1 } });
    expect(body.result.eventId).toEqual(expect.any(String));
    await keys.call(key, 'createEventType', { name: 'a.b' });
    await keys.call(key, 'createEventType', { name: 'a.c' });
    const { organizationId, team, hub } = keys;
    const { items } = await hub.as(team.owner).getAuditLog({ organizationId, actor: keyId });
    const through = { actor: 'apiKey', actorId: team.owner.id, keyId };
    expect(items.map(({ function: name, ...entry }) => [name, entry])).toEqual([
      ['createEventType', expect.objectContaining({ ...through, outcome: 'refused' })],
      ['createEventType', expect.objectContaining({ ...through, outcome: 'refused' })],
    ]);
  });

  it('is of one organization', async () => {
    const { key } = await keys.make();
    const { hub, team } = keys;
    const other = await hub.as(team.owner).createOrganization({ name: 'Other' });
    const organizationId = other.organization.id;
    expect((await keys.call(key, 'getWebhooks', { organizationId })).body.code).toBe(7005);
    // Its owner is a member of two organizations by now; the key is of one.
    expect((await keys.call(key, 'getWebhooks')).status).toBe(200);
  });

  it.each(['createOrganization', 'getOrganizations'])(
    'does not act as a user: %s',
    async (name) => {
      const { key } = await keys.make({ scopes: ['organizations:read', 'organizations:write'] });
      expect((await keys.call(key, name, { name: 'x' })).body).toMatchObject({ code: 7010 });
    },
  );

  it('creates no keys and changes no members, whatever its scopes', async () => {
    const { hub, organizationId, team } = keys;
    for (const scope of ['apiKeys:write', 'members:write']) {
      const request = { organizationId, name: 'x', scopes: [scope] };
      const { body } = await hub.call('createApiKey', request, team.owner);
      expect(body).toMatchObject({ code: 7001, error: expect.stringContaining('scopes') });
    }
    const { key } = await keys.make({ scopes: ['members:read', 'apiKeys:read'] });
    const attempts = {
      createApiKey: { name: 'x', scopes: ['webhooks:read'] },
      removeOrganizationMember: { userId: team.viewer.id },
      inviteOrganizationMember: { email: 'a@example.com', role: 'viewer' },
    };
    for (const [name, params] of Object.entries(attempts)) {
      expect((await keys.call(key, name, params)).body.code).toBe(7003);
    }
  });

  it('stops working immediately when it is revoked', async () => {
    const { key, id } = await keys.make();
    expect((await keys.call(key, 'getWebhooks')).status).toBe(200);
    const { organizationId, hub, team } = keys;
    const { apiKey } = await hub.as(team.admin).revokeApiKey({ organizationId, apiKeyId: id });
    expect(apiKey.status).toBe('revoked');
    const refused = await keys.call(key, 'getWebhooks');
    expect(refused).toMatchObject({ status: 401, body: { code: 7009 } });
    expect(refused.headers.get('www-authenticate')).toMatch(
      /^Bearer realm="parse", error="invalid_token", error_description="This API key is not valid: /,
    );
    expect(await hub.as(team.admin).revokeApiKey({ organizationId, apiKeyId: id })).toMatchObject({
      apiKey: { status: 'revoked', revokedAt: apiKey.revokedAt },
    });
  });

  it('stops working when it expires', async () => {
    const expiresAt = new Date(keys.hub.clock.now().getTime() + 60_000).toISOString();
    const { key } = await keys.make({ expiresAt });
    expect((await keys.call(key, 'getWebhooks')).status).toBe(200);
    keys.hub.clock.advance(60_000);
    expect((await keys.call(key, 'getWebhooks')).body.code).toBe(7009);
  });

  it('is refused with the same response when it is unknown, mistyped or not a key', async () => {
    const { key } = await keys.make();
    const changed = key.slice(0, -1) + (key.endsWith('a') ? 'b' : 'a');
    const unknown = 'hub_live_0000000000000000000000000000000000000000000' + '3qDBdK';
    for (const wrong of [changed, unknown, 'x', '', `${key} `.repeat(2)]) {
      const { status, body } = await keys.call(wrong, 'getWebhooks');
      expect([status, body.code]).toEqual([401, 7009]);
    }
  });

  it('leaves bearer tokens that are not keys to the host', async () => {
    const authorization = 'Bearer eyJhbGciOiJub25lIn0.e30.';
    const { hub, team, organizationId } = keys;
    const as = { sessionToken: team.owner.sessionToken, headers: { authorization } };
    expect((await hub.call('getWebhooks', { organizationId }, as)).status).toBe(200);
  });
});

describe('a key beside another credential', () => {
  const MIXED = { status: 400, body: { code: 8107 } };

  it.each([
    ['a session token', () => ({ 'x-parse-session-token': keys.team.owner.sessionToken })],
    ['an unknown session token', () => ({ 'x-parse-session-token': 'r:nothing' })],
    ['the master key', () => ({ 'x-parse-master-key': master.masterKey })],
    ['a wrong master key', () => ({ 'x-parse-master-key': 'wrong' })],
    ['a maintenance key', () => ({ 'x-parse-maintenance-key': 'maintenance-key-of-the-spec' })],
    ['basic authentication', () => ({ authorization: `Basic ${btoa('app:secret')}` })],
    ['another bearer token', () => ({ authorization: 'Bearer something' })],
  ])('is refused: %s', async (_what, headers) => {
    const { key } = await keys.make();
    expect(await keys.call(key, 'getWebhooks', {}, headers())).toMatchObject(MIXED);
  });

  it('is refused when that is also a key, including the same key', async () => {
    const [one, other] = [await keys.make(), await keys.make()];
    for (const { key } of [one, other]) {
      const headers = { authorization: `Bearer ${key}` };
      expect(await keys.call(one.key, 'getWebhooks', {}, headers)).toMatchObject(MIXED);
    }
  });

  it.each(['_SessionToken', '_MasterKey'] as const)('is refused in the body: %s', async (name) => {
    const { key } = await keys.make();
    const { appId, url } = keys.hub;
    const value = name === '_MasterKey' ? master.masterKey : keys.team.owner.sessionToken;
    // As the SDK of browsers sends it.
    const response = await fetch(`${url}/parse/functions/getWebhooks`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain', 'x-api-key': key },
      body: JSON.stringify({ _ApplicationId: appId, [name]: value }),
    });
    expect([response.status, await response.json()]).toMatchObject([400, { code: 8107 }]);
  });
});

describe('a request with a key', () => {
  it('is accepted from the SDK', async () => {
    const { key } = await keys.make();
    const client = keys.hub.as(undefined);
    const settings = ClientParse.CoreManager as unknown as {
      set(name: string, value: object): void;
    };
    settings.set('REQUEST_HEADERS', { 'X-API-Key': key });
    try {
      expect(await client.getWebhooks()).toEqual({ items: [] });
    } finally {
      settings.set('REQUEST_HEADERS', {});
    }
  });

  it('authenticates every call of a batch, and each counts', async () => {
    const { key, id } = await keys.make();
    const requests = ['getWebhooks', 'getWebhooks', 'getEvents', 'getConnectors'].map((name) => ({
      method: 'POST',
      path: `/parse/functions/${name}`,
      body: {},
    }));
    const { status, body } = await post(keys.hub, '/batch', { requests }, { 'x-api-key': key });
    expect(status).toBe(200);
    expect(
      body.map(({ success, error }: { success?: object; error?: { code: number } }) =>
        success ? 'ok' : error?.code,
      ),
    ).toEqual(['ok', 'ok', 7003, 7003]);
    const { organizationId, hub, team } = keys;
    const usage = await hub.as(team.viewer).getApiKeyUsage({ organizationId, apiKeyId: id });
    expect(usage).toMatchObject({
      calls: 4,
      limited: 0,
      days: [
        {
          calls: 4,
          functions: expect.arrayContaining([
            { function: 'getWebhooks', calls: 2, limited: 0 },
            { function: 'getEvents', calls: 1, limited: 0 },
            { function: 'getConnectors', calls: 1, limited: 0 },
          ]),
        },
      ],
    });
  });

  it.each([
    '/parse/classes/Webhook',
    '/parse/functions/../classes/Webhook',
    '/parse//functions/x/../../classes/Webhook',
    '/parse/users',
    '/elsewhere/functions/getWebhooks',
  ])('is refused for other paths in a batch: %s', async (path) => {
    const { key } = await keys.make();
    const requests = [
      { method: 'POST', path: '/parse/functions/getWebhooks', body: {} },
      { method: 'GET', path },
    ];
    const { status, body } = await post(keys.hub, '/batch', { requests }, { 'x-api-key': key });
    expect([status, [8108, 8113]]).toEqual([403, expect.arrayContaining([body.code])]);
  });

  it.each([
    ['GET', '/classes/Webhook'],
    ['GET', '/classes/APIKey'],
    ['POST', '/classes/Anything'],
    ['GET', '/users/me'],
    ['GET', '/sessions'],
    ['POST', '/login'],
    ['GET', '/functions/../classes/Webhook'],
    ['GET', '/functions/x/../../classes/Webhook'],
    ['POST', '/files/a.txt'],
    ['GET', '/schemas'],
    ['GET', '//classes/Webhook'],
    ['POST', '/jobs/pruneHistory'],
  ])('is refused by Parse Server’s own interface: %s %s', async (method, path) => {
    const { key } = await keys.make({ scopes: ['webhooks:read', 'apiKeys:read'] });
    const { status, body } = await keys.hub.rest(method, path, asKey(key));
    expect([status, [8108, 8113]]).toEqual([403, expect.arrayContaining([body.code])]);
  });

  it('is its owner to a function of the host, which can get the key', async () => {
    const { key } = await keys.make({ scopes: ['webhooks:read', 'host:ask'] });
    const { body } = await keys.call(key, 'ofTheHost');
    expect(body.result).toMatchObject({
      userId: keys.team.owner.id,
      organizationId: keys.organizationId,
      permissions: ['webhooks:read', 'host:ask'],
      user: keys.team.owner.id,
      ofTheHost: 'was here',
    });
    expect(body.result.said).not.toContain(key);
    const { body: without } = await keys.hub.call('ofTheHost');
    expect(without.result).toMatchObject({ anonymous: true, ofTheHost: 'was here' });
  });
});

describe('the origin of a request with a key', () => {
  const call = (key: string, headers: object = {}) => keys.call(key, 'getWebhooks', {}, headers);

  it('must be one of its addresses', async () => {
    const near = await keys.make({ addresses: ['127.0.0.0/8', '2001:db8::/32'] });
    const far = await keys.make({ addresses: ['192.0.2.0/24', '::1'] });
    expect((await call(near.key)).status).toBe(200);
    expect(await call(far.key)).toMatchObject({ status: 403, body: { code: 8109 } });
    // The proxy is not configured as trusted.
    const forged = { 'x-forwarded-for': '192.0.2.7', 'x-real-ip': '192.0.2.7' };
    expect((await call(far.key, forged)).body.code).toBe(8109);
  });

  it('must be a page of one of its origins', async () => {
    const { key } = await keys.make({ origins: ['https://app.example.com'] });
    expect((await call(key, { origin: 'https://app.example.com' })).status).toBe(200);
    for (const origin of ['https://app.example.com.evil.example', 'http://app.example.com', 'null'])
      expect(await call(key, { origin })).toMatchObject({ status: 403, body: { code: 8110 } });
    expect((await call(key)).body.code).toBe(8110);
  });

  it('changes at once', async () => {
    const { key, id: apiKeyId } = await keys.make();
    expect((await call(key)).status).toBe(200);
    const { hub, team, organizationId } = keys;
    const update = (change: object) =>
      hub.as(team.owner).updateApiKey({ organizationId, apiKeyId, ...change });
    await update({ addresses: ['192.0.2.7'] });
    expect((await call(key)).body.code).toBe(8109);
    await update({ addresses: [], scopes: ['events:read'] });
    expect((await call(key)).body.code).toBe(7003);
    const { apiKey } = await update({ scopes: ['webhooks:read'], metadata: { a: { b: [1] } } });
    expect(apiKey.metadata).toEqual({ a: { b: [1] } });
    expect((await call(key)).status).toBe(200);
  });

  it.each([
    { addresses: ['192.0.2.0/33'] },
    { addresses: ['example.com'] },
    { origins: ['https://app.example.com/'] },
    { origins: ['*'] },
    { metadata: { long: 'x'.repeat(4_000) } },
    { expiresAt: '2001-01-01T00:00:00.000Z' },
    { limits: { rules: [{ strategy: 'fixedWindow', calls: 0, perSeconds: 1 }] } },
  ])('is refused when it is not valid: %j', async (wrong) => {
    const { hub, team, organizationId } = keys;
    const request = { organizationId, name: 'x', scopes: ['webhooks:read'], ...wrong };
    expect((await hub.call('createApiKey', request, team.owner)).body.code).toBe(7001);
  });

  it('is recorded with the called function', async () => {
    const { key, id: apiKeyId } = await keys.make();
    await call(key, { 'user-agent': 'the-spec/1.0' });
    await keys.hub.app.services.apiKeys.flush();
    const { hub, team, organizationId } = keys;
    const { apiKey } = await hub.as(team.viewer).getApiKey({ organizationId, apiKeyId });
    expect(apiKey.lastUsed).toEqual({
      at: expect.any(String),
      address: '127.0.0.1',
      agent: 'the-spec/1.0',
    });
  });
});

describe('a secret', () => {
  it('is in no row, log line or error', async () => {
    const { hub, team, organizationId } = keys;
    const { key, id: apiKeyId } = await keys.make({ name: 'canary' });
    const { key: rotated } = await hub.as(team.owner).rotateApiKey({ organizationId, apiKeyId });
    const responses = [];
    for (const secret of [key, rotated]) {
      responses.push(
        await keys.call(secret, 'getWebhooks', { key: secret, [secret]: 1 }),
        await keys.call(secret, 'createWebhook', { name: secret }),
        await keys.call(`${secret}0`, 'getWebhooks'),
        await keys.call(secret, 'getWebhooks', {}, { 'x-parse-session-token': 'r:x' }),
        await hub.rest('GET', '/classes/Webhook', asKey(secret)),
        await hub.call('verifyApiKey', { key: `${secret.slice(0, -1)}!` }, master),
        await hub.call('verifyApiKey', { key: secret }, team.owner),
        await post(hub, `/functions/getWebhooks?key=${secret}`, {}),
      );
    }
    await hub.app.services.apiKeys.flush();
    const rows = await Promise.all(
      [ApiKey, ApiKeyUsage, AuditLog, AuditChain].map(({ name }) =>
        hub.rest('GET', `/classes/${name}?limit=1000`, master),
      ),
    );
    const everything = [JSON.stringify(rows), hub.logLines.join('\n')];
    // A parameter name that the caller wrote is only returned to that caller.
    const errors = responses
      .slice(1, 8)
      .concat(responses.slice(9))
      .map(({ body }) => body);
    everything.push(JSON.stringify(errors));
    for (const secret of [key, rotated]) {
      const random = secret.slice('hub_live_1234'.length);
      for (const text of everything) expect(text).not.toContain(random);
    }
  });
});
