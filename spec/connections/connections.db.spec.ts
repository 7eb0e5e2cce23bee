import { ServiceConnection } from '../../schemas/index.js';
import { addMember } from '../cloud/team.js';
import { type Json, master, startHub, type TestHub, type TestUser } from '../support/hub.js';
import { anywhere } from './anywhere.js';
import { begin, comeBack } from './browser.js';
import { CODE, KEY, type Provider, startProvider } from './provider.js';

const HOUR = 3_600_000;
const CLIENT = { clientId: 'client of the hub', clientSecret: 'secret_canary7f3c' };

describe('connections', () => {
  let hub: TestHub;
  let provider: Provider;
  let owner: TestUser;
  let organizationId: string;
  beforeAll(async () => {
    provider = await startProvider();
    hub = await startHub({
      hub: {
        connectors: [provider.connector, anywhere(provider.connector)],
        oauthClients: { acme: CLIENT, anywhere: CLIENT },
        returnUrls: ['https://app.example.com/settings'],
      },
    });
    owner = await hub.signUp();
    organizationId = (await hub.as(owner).createOrganization({ name: 'Acme' })).organization.id;
  });
  afterAll(async () => {
    provider.close();
    await hub.stop();
  });
  afterEach(async () => {
    for (const { id, state } of (await client().getConnections({ limit: 100 })).items) {
      if (state !== 'disconnected') await client().disconnectConnection({ connectionId: id });
    }
    provider.revoked.length = 0;
    provider.onTokenRequest = undefined;
    provider.expiresIn = 3600;
    provider.tokenRequests.length = 0;
  });

  const client = () => hub.as(owner);
  const byKey = (params: object = {}) =>
    client().createConnection({
      connector: 'acme',
      authMethod: 'key',
      name: 'Ours',
      credential: { token: KEY },
      ...params,
    });
  const refusal = async (call: Promise<unknown>): Promise<Json> =>
    call.then(
      () => undefined,
      ({ code, message }: Json) => ({ code, message }),
    );

  /** Acts as a browser: follows the URL, consents, and returns. */
  async function consent(url: string, callback: object = { code: CODE }) {
    return comeBack(hub.url, { ...(await begin(url)), callback });
  }
  async function connectByConsent(params: object = {}): Promise<string> {
    const { connection, url } = await client().startConnection({
      connector: 'acme',
      name: 'By consent',
      ...params,
    });
    const response = await consent(url);
    expect(response.status).toBeLessThan(400);
    return connection.id;
  }
  const find = async (id: string): Promise<Json> =>
    (await client().getConnections({ limit: 100 })).items.find((each) => each.id === id);
  const stored = async (id: string) => {
    const [row] = await hub.app.database.loadMany(ServiceConnection, [id]);
    if (!row) throw new Error('The connection is not there.');
    return row;
  };
  /** Makes one call with the connection, as an integration does. */
  async function call(id: string, through = hub) {
    const { connections, connectors } = through.app.services;
    const { buildRequest } = await import('../../src/connectors/index.js');
    const { test } = connectors.get('acme');
    const request = buildRequest(connectors.get('acme'), test.request, {});
    const [row] = await through.app.database.loadMany(ServiceConnection, [id]);
    if (!row) throw new Error('The connection is not there.');
    return connections.call(row, request);
  }

  describe('by a credential', () => {
    it('are tested before they are stored, and show the account', async () => {
      const { connection } = await byKey({ fields: { region: 'eu' }, endUser: 'customer 7' });
      expect(connection).toMatchObject({
        state: 'connected',
        identity: { id: 'acc1', name: 'Grace' },
        grantedScopes: ['read', 'write'],
        fields: { region: 'eu' },
        endUser: 'customer 7',
      });
      expect(await find(connection.id)).toEqual(connection);
      expect((await client().getConnections({ endUser: 'customer 7' })).items).toEqual([
        connection,
      ]);
      expect((await client().getConnections({ connector: 'slack' })).items).toEqual([]);
    });

    it('never show the credential again: in no response, row or line of the log', async () => {
      const { connection } = await byKey();
      const row = await stored(connection.id);
      expect(row.sealedCredential).toMatch(/^v1\./);
      const seen = JSON.stringify([
        row,
        await client().getConnections({}),
        await hub.rest('GET', `/classes/ServiceConnection/${connection.id}`, owner),
      ]);
      expect(seen).not.toContain('canary7f3c');
      expect(hub.logLines.join('\n')).not.toContain('canary7f3c');
      const { body } = await hub.rest('GET', `/classes/ServiceConnection/${connection.id}`, owner);
      expect(body).not.toHaveProperty('sealedCredential');
    });

    it('leave nothing when the service refuses', async () => {
      const before = (await client().getConnections({ limit: 100 })).items.length;
      expect(await refusal(byKey({ credential: { token: 'key_wrong' } }))).toEqual({
        code: 7710,
        message: 'The service Acme refused the credential: This token is no good.',
      });
      expect((await client().getConnections({ limit: 100 })).items).toHaveLength(before);
    });

    it.each([
      [{ credential: {} }, 'token is missing: Ask for one.'],
      [{ credential: { token: 'nonsense' } }, 'token does not have the required format'],
      [{ credential: { token: KEY, other: 'x' } }, 'other is not one of the names here (token)'],
      [{ fields: { region: 'mars' } }, 'region must be one of eu, us'],
    ])('name the field that is not valid: %j', async (params, expectedMessage) => {
      const { code, message } = await refusal(byKey(params));
      expect([code, message]).toEqual([7604, expect.stringContaining(expectedMessage)]);
    });

    it('are reconnected with another credential, and wiped', async () => {
      const { connection } = await byKey();
      provider.tokens.add('key_other');
      const again = await client().reconnectConnection({
        connectionId: connection.id,
        credential: { token: 'key_other' },
      });
      expect(again.connection.state).toBe('connected');
      provider.tokens.delete('key_other');
      const tested = await client().testConnection({ connectionId: connection.id });
      expect(tested.connection).toMatchObject({
        state: 'reconnect',
        testProblem: 'This token is no good',
      });
      expect(await refusal(client().testConnection({ connectionId: connection.id }))).toMatchObject(
        { code: 7703 },
      );
      const wiped = await client().disconnectConnection({ connectionId: connection.id });
      expect(wiped.connection.state).toBe('disconnected');
      expect(await stored(connection.id)).not.toHaveProperty('sealedCredential');
    });

    it('of an OAuth client get a token of their own', async () => {
      const { connection } = await byKey({
        authMethod: 'client',
        credential: { clientId: 'a:b c', clientSecret: 'own' },
      });
      expect(connection).toMatchObject({ state: 'connected', expiresAt: expect.any(String) });
      expect(provider.tokenRequests[0]?.get('grant_type')).toBe('client_credentials');
      hub.clock.advance(2 * HOUR);
      provider.tokens.clear();
      provider.tokens.add(KEY);
      expect((await call(connection.id)).kind).toBe('response');
      expect(provider.tokenRequests).toHaveLength(2);
    });
  });

  describe('by consent', () => {
    it('send the operator’s client to no URL that a user enters', async () => {
      const given = { connector: 'anywhere', name: 'c', fields: { where: 'https://evil.example' } };
      expect(await refusal(client().startConnection(given))).toMatchObject({ code: 7706 });
      const own = { clientId: 'own', clientSecret: 'own-secret' };
      const { url } = await client().startConnection({ ...given, client: own });
      expect((await begin(url)).authorizationParams.get('client_id')).toBe('own');
    });

    it('request it with state and PKCE, and come back connected', async () => {
      const { connection, url } = await client().startConnection({
        connector: 'acme',
        name: 'By consent',
        scopes: ['write'],
        returnUrl: 'https://app.example.com/settings/acme?tab=1',
      });
      expect(connection.state).toBe('waiting');
      const { authorizationParams, state, cookie } = await begin(url);
      expect(Object.fromEntries(authorizationParams)).toMatchObject({
        response_type: 'code',
        client_id: CLIENT.clientId,
        redirect_uri: `${hub.url}/hub/oauth/callback`,
        scope: 'read write',
        code_challenge_method: 'S256',
      });
      const response = await comeBack(hub.url, { state, cookie });
      expect(response.status).toBe(303);
      expect(response.headers.get('location')).toBe(
        `https://app.example.com/settings/acme?tab=1&connectionId=${connection.id}&state=connected`,
      );
      const [token] = provider.tokenRequests;
      const { createHash } = await import('node:crypto');
      const verifier = token?.get('code_verifier') ?? '';
      expect(verifier).toMatch(/^[\w-]{43}$/);
      expect(createHash('sha256').update(verifier).digest('base64url')).toBe(
        authorizationParams.get('code_challenge'),
      );
      expect(await find(connection.id)).toMatchObject({
        state: 'connected',
        identity: { id: 'acc1' },
      });
    });

    it('are finished once, by the latest attempt only', async () => {
      const first = await client().startConnection({ connector: 'acme', name: 'x' });
      const second = await client().reconnectConnection({ connectionId: first.connection.id });
      expect((await consent(first.url)).status).toBe(400);
      const begun = await begin(second.url ?? '');
      const responses = await Promise.all(
        Array.from({ length: 20 }, () => comeBack(hub.url, begun)),
      );
      expect(responses.filter(({ status }) => status === 200)).toHaveLength(1);
      expect(provider.tokenRequests).toHaveLength(1);
      expect((await consent(second.url ?? '')).status).toBe(400);
    });

    it('end after fifteen minutes', async () => {
      const { url } = await client().startConnection({ connector: 'acme', name: 'x' });
      const begun = await begin(url);
      hub.clock.advance(16 * 60_000);
      expect((await begin(url)).status).toBe(400);
      const response = await comeBack(hub.url, begun);
      expect(response.status).toBe(400);
      expect(await response.text()).toContain('Start again.');
    });

    it.each(['', 'x', 'a.b.c'])('refuse a state that the hub did not sign: %j', async (state) => {
      const response = await fetch(`${hub.url}/hub/oauth/callback?code=${CODE}&state=${state}`);
      expect(response.status).toBe(400);
    });

    it('show the service’s error as text, and none of it as HTML', async () => {
      const { url, connection } = await client().startConnection({ connector: 'acme', name: 'x' });
      const response = await consent(url, {
        error: 'access_denied',
        error_description: '<script>alert(1)</script>',
      });
      const page = await response.text();
      expect(response.status).toBe(400);
      expect(page).toContain('The service Acme refused the consent: &lt;script&gt;');
      expect(page).not.toContain('<script>');
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(await find(connection.id)).toMatchObject({
        state: 'waiting',
        problem: 'The service Acme refused the consent: <script>alert(1)</script>.',
      });
      const again = await client().reconnectConnection({ connectionId: connection.id });
      expect(again.connection).not.toHaveProperty('problem');
    });

    it('do not redirect a browser to a URL that is not allowed', async () => {
      for (const returnUrl of [
        'https://evil.example/',
        'https://app.example.com.evil.example/settings',
        'https://app.example.com/settingsevil',
        'https://app.example.com@evil.example/settings',
        'javascript:alert(1)',
        '//evil.example',
      ])
        expect(
          await refusal(client().startConnection({ connector: 'acme', name: 'x', returnUrl })),
        ).toMatchObject({ code: 7709 });
    });

    it('are finished by a page of the host’s, in the same organization only', async () => {
      const { url } = await client().startConnection({
        connector: 'acme',
        name: 'x',
        browser: false,
      });
      const state = new URL(url).searchParams.get('state') ?? '';
      const outsider = await hub.signUp();
      await hub.as(outsider).createOrganization({ name: 'Other' });
      expect(await refusal(hub.as(outsider).finishConnection({ state, code: CODE }))).toMatchObject(
        { code: 7707 },
      );
      const { connection } = await client().finishConnection({ state, code: CODE });
      expect(connection.state).toBe('connected');
    });

    it('may bring a client of their own', async () => {
      const own = { clientId: 'own', clientSecret: 'own secret' };
      const id = await connectByConsent({ client: own });
      expect(provider.tokenRequests[0]?.get('client_id')).toBe('own');
      hub.clock.advance(2 * HOUR);
      await call(id);
      expect(provider.tokenRequests[1]?.get('client_id')).toBe('own');
    });

    it('are forgotten by the service when they are disconnected', async () => {
      const id = await connectByConsent();
      await client().disconnectConnection({ connectionId: id });
      expect(provider.revoked).toHaveLength(1);
      expect(provider.refreshTokens.has(provider.revoked[0] ?? '')).toBe(true);
    });
  });

  describe('refresh their token', () => {
    it('before it expires, in their lane', async () => {
      const id = await connectByConsent();
      const before = await find(id);
      hub.clock.advance(HOUR - 60_000);
      await hub.drain();
      const after = await find(id);
      expect(Date.parse(after.expiresAt)).toBeGreaterThan(Date.parse(before.expiresAt));
      expect(provider.tokenRequests.map((request) => request.get('grant_type'))).toEqual([
        'authorization_code',
        'refresh_token',
      ]);
    });

    it('once for a hundred callers of an expired one, single-use refresh token and all', async () => {
      const id = await connectByConsent();
      hub.clock.advance(2 * HOUR);
      const outcomes = await Promise.all(Array.from({ length: 100 }, () => call(id)));
      expect(outcomes.map(({ kind }) => kind)).toEqual(
        Array.from({ length: 100 }, () => 'response'),
      );
      expect(provider.tokenRequests).toHaveLength(2);
    });

    it('and keep it, whatever else is changed while the service responds', async () => {
      const id = await connectByConsent();
      let begun = '';
      provider.onTokenRequest = async (request) => {
        if (request.get('grant_type') !== 'refresh_token' || begun !== '') return undefined;
        const { url } = await client().reconnectConnection({ connectionId: id });
        begun = url ?? '';
        return undefined;
      };
      hub.clock.advance(2 * HOUR);
      expect((await call(id)).kind).toBe('response');
      hub.clock.advance(HOUR + 60_000);
      expect((await call(id)).kind).toBe('response');
      expect(provider.tokenRequests).toHaveLength(3);
    });

    it('and leave a consent that is being given as it is', async () => {
      const id = await connectByConsent();
      hub.clock.advance(2 * HOUR);
      const { url } = await client().reconnectConnection({ connectionId: id });
      expect((await call(id)).kind).toBe('response');
      expect((await consent(url ?? '')).status).toBe(200);
    });

    it('when the service refuses one that should be good, once', async () => {
      const id = await connectByConsent();
      provider.tokens.clear();
      provider.tokens.add(KEY);
      expect((await call(id)).kind).toBe('response');
      expect(provider.tokenRequests).toHaveLength(2);
    });

    it('although the service never says when it expires', async () => {
      provider.expiresIn = undefined;
      const id = await connectByConsent();
      expect(await find(id)).not.toHaveProperty('expiresAt');
      hub.clock.advance(1_000 * HOUR);
      provider.tokens.clear();
      provider.tokens.add(KEY);
      expect((await call(id)).kind).toBe('response');
    });

    it('no more after the service has refused: a user has to reconnect', async () => {
      const id = await connectByConsent();
      provider.refreshTokens.clear();
      hub.clock.advance(2 * HOUR);
      const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => call(id)));
      expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['rejected']));
      expect(provider.tokenRequests).toHaveLength(2);
      expect(await find(id)).toMatchObject({
        state: 'reconnect',
        problem: 'The service refused to renew the token: Too late',
      });
      await Promise.allSettled([call(id), hub.drain()]);
      expect(provider.tokenRequests).toHaveLength(2);
      const { url } = await client().reconnectConnection({ connectionId: id });
      expect((await consent(url ?? '')).status).toBe(200);
      expect((await call(id)).kind).toBe('response');
    });

    it('later when the service does not respond, and calls report it meanwhile', async () => {
      const id = await connectByConsent();
      provider.onTokenRequest = () => Promise.resolve({ status: 503, body: {} });
      hub.clock.advance(2 * HOUR);
      await expect(call(id)).rejects.toMatchObject({ kind: 'ConnectionNotUsable' });
      expect((await find(id)).state).toBe('connected');
      provider.onTokenRequest = undefined;
      hub.clock.advance(10_000);
      expect((await call(id)).kind).toBe('response');
    });
  });

  it('can be seen by members and changed by admins', async () => {
    const viewer = await hub.signUp();
    await addMember(hub, { organizationId, userId: viewer.id, role: 'viewer' });
    const { connection } = await byKey();
    const { items } = await hub.as(viewer).getConnections({ organizationId });
    expect(items.map(({ id }) => id)).toContain(connection.id);
    const denied = await hub.call('disconnectConnection', { connectionId: connection.id }, viewer);
    expect(denied.body.code).toBe(7003);
    const asMaster = await hub.call(
      'testConnection',
      { organizationId, connectionId: connection.id },
      master,
    );
    expect(asMaster.body.result.connection.state).toBe('connected');
  });
});
