import { createHash, randomUUID } from 'node:crypto';

import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import * as client from 'openid-client';

import { verifyAccessToken } from '../../src/oauth/index.js';
import { basic, type MadeApp, type OAuthSetting, startOAuth } from './setting.js';

const ORDERS = 'https://orders.example.com/api';
let setting: OAuthSetting;
let app: MadeApp;
beforeAll(async () => {
  setting = await startOAuth({
    hub: {
      scopes: { 'orders:read': { description: 'Read orders' } },
      resources: [
        { identifier: ORDERS, name: 'Orders', scopes: ['orders:read'] },
        { identifier: 'https://stock.example.com', scopes: ['orders:read'], tokenFormat: 'opaque' },
      ],
    },
    mount: ({ app: host, hub }) => {
      host.use(hub.wellKnown);
      return Promise.resolve();
    },
  });
  app = await setting.make({
    scopes: ['webhooks:read', 'orders:read'],
    grants: ['authorizationCode', 'refreshToken', 'clientCredentials'],
  });
});
afterAll(() => setting.hub.stop());

const parseUrl = () => `${setting.hub.url}/parse`;
const get = (path: string) => fetch(`${setting.hub.url}${path}`);
const call = (name: string, headers: Record<string, string>, path = `/functions/${name}`) =>
  fetch(`${parseUrl()}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-parse-application-id': setting.hub.appId,
      ...headers,
    },
    body: '{}',
  });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const tokenFor = async (resource: string | undefined, scope: string): Promise<string> => {
  const form = {
    grant_type: 'client_credentials',
    scope,
    ...(resource !== undefined && { resource }),
  };
  const { body } = await setting.post('/token', form, basic(app));
  return body.access_token;
};

describe('the metadata at the root', () => {
  it('is that of the authorization server, where RFC 8414 and OpenID Connect say', async () => {
    for (const name of ['oauth-authorization-server', 'openid-configuration']) {
      const below = await (await fetch(`${setting.issuer}/.well-known/${name}`)).json();
      const atRoot = await get(`/.well-known/${name}/hub/oauth`);
      expect([atRoot.status, await atRoot.json()]).toEqual([200, below]);
      expect(below).toMatchObject({ issuer: setting.issuer });
    }
    // The algorithm of RFC 8414 inserts the well-known part before the path of the issuer.
    const options = { algorithm: 'oauth2' as const, execute: [client.allowInsecureRequests] };
    const found = await client.discovery(
      new URL(setting.issuer),
      app.id,
      {},
      client.None(),
      options,
    );
    expect(found.serverMetadata().issuer).toBe(setting.issuer);
  });

  it('is that of Parse Server as a protected resource, and nothing at other paths', async () => {
    const response = await get('/.well-known/oauth-protected-resource/parse');
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(await response.json()).toEqual({
      resource: parseUrl(),
      resource_name: 'Parse Server',
      authorization_servers: [setting.issuer],
      bearer_methods_supported: ['header'],
      dpop_signing_alg_values_supported: ['ES256', 'EdDSA'],
    });
    for (const path of ['', '/', '/api', '/parse/x', '/parse?x=1'])
      expect((await get(`/.well-known/oauth-protected-resource${path}`)).status).toBe(404);
  });
});

describe('a token for a resource', () => {
  it('has its audience, and works there and not at the hub', async () => {
    const token = await tokenFor(ORDERS, 'orders:read');
    const jwks = (await (await fetch(`${setting.issuer}/jwks`)).json()) as { keys: object[] };
    const given = { issuer: setting.issuer, jwks, now: setting.hub.clock.now() };
    expect(verifyAccessToken(token, { ...given, audience: ORDERS })).toMatchObject({
      aud: ORDERS,
      scope: 'orders:read',
      client_id: app.id,
    });
    expect(() => verifyAccessToken(token, { ...given, audience: parseUrl() })).toThrow(/audience/);
    expect((await call('getWebhooks', bearer(token))).status).toBe(401);
    const opaque = await tokenFor('https://stock.example.com', 'orders:read');
    expect((await call('getWebhooks', bearer(opaque))).status).toBe(401);
    const { body } = await setting.post('/token/introspection', { token: opaque }, basic(app));
    expect(body).toMatchObject({
      active: true,
      aud: 'https://stock.example.com',
      scope: 'orders:read',
    });
  });

  it('has only scopes of the resource', async () => {
    const form = { grant_type: 'client_credentials', resource: ORDERS, scope: 'webhooks:read' };
    const none = await setting.post('/token', form, basic(app));
    expect([none.status, none.body.error]).toEqual([400, 'invalid_scope']);
    const unnamed = { grant_type: form.grant_type, resource: ORDERS };
    const all = await setting.post('/token', unnamed, basic(app));
    expect([all.status, all.body.scope]).toEqual([200, 'orders:read']);
    const unknown = { ...form, resource: 'https://elsewhere.example.com' };
    expect((await setting.post('/token', unknown, basic(app))).body.error).toBe('invalid_target');
  });

  it('is approved by a user, and works at Parse Server when that is the resource', async () => {
    const ofParse = { resource: parseUrl() };
    const tokens = await setting.tokens(app, { parameters: ofParse });
    expect((await call('getWebhooks', bearer(tokens.access_token))).status).toBe(200);
    const { body } = await setting.post(
      '/token/introspection',
      { token: tokens.access_token },
      basic(app),
    );
    expect(body).toMatchObject({ active: true, aud: parseUrl() });
    const wish = { parameters: { resource: ORDERS }, scope: 'orders:read' };
    const ofOrders = await setting.tokens(app, wish);
    expect((await call('getWebhooks', bearer(ofOrders.access_token))).status).toBe(401);
  });

  it('works at the hub without a resource, as before', async () => {
    const token = await tokenFor(undefined, 'webhooks:read');
    expect((await call('getWebhooks', bearer(token))).status).toBe(200);
  });
});

describe('a refused bearer token', () => {
  const challenge = async (response: Response) => [
    response.status,
    response.headers.get('www-authenticate'),
    ((await response.json()) as { code: number }).code,
  ];
  const metadata = () =>
    `resource_metadata="${setting.hub.url}/.well-known/oauth-protected-resource/parse"`;

  it('gets 401 invalid_token when it is dead, of another form, or malformed', async () => {
    for (const authorization of [
      'Bearer xyz',
      'bearer  ',
      'Bearer a b',
      'Bearer eyJhbGciOiJub25lIn0.e30.',
      'DPoP xyz',
    ]) {
      const response = await call('getWebhooks', { authorization });
      const [status, header, code] = await challenge(response);
      expect([authorization, status, code]).toEqual([authorization, 401, 7011]);
      expect(header).toMatch(authorization.startsWith('D') ? /^DPoP / : /^Bearer realm="parse", /);
      expect(header).toContain('error="invalid_token"');
      expect(header).toContain(metadata());
    }
    const users = await fetch(`${parseUrl()}/classes/Thing`, {
      headers: { 'x-parse-application-id': setting.hub.appId, authorization: 'Bearer xyz' },
    });
    expect(users.status).toBe(401);
    const exposed = users.headers.get('access-control-expose-headers');
    expect(exposed).toContain('WWW-Authenticate');
  });

  it('gets a challenge without the id of the application too, and so does a request without a token', async () => {
    const post = (headers: Record<string, string>) =>
      fetch(`${parseUrl()}/functions/getWebhooks`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: '{}',
      });
    const foreign = await post({ authorization: 'Bearer xyz' });
    expect([foreign.status, foreign.headers.get('www-authenticate')]).toEqual([
      401,
      expect.stringMatching(/error="invalid_token".*resource_metadata=/),
    ]);
    const none = await post({});
    expect([none.status, none.headers.get('www-authenticate')]).toEqual([
      401,
      `Bearer realm="parse", ${metadata()}`,
    ]);
  });

  it('is what Parse Server refuses with 403 as well, but not where the SDK names the application in the body', async () => {
    const inBody = { _ApplicationId: setting.hub.appId, _method: 'GET' };
    const refused = await fetch(`${parseUrl()}/schemas`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: JSON.stringify(inBody),
    });
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([403, null]);
  });

  it('leaves other schemes to Parse Server', async () => {
    const credentials = Buffer.from(`${setting.hub.appId}:javascript-key=`).toString('base64');
    const headers = { authorization: `Basic ${credentials}`, 'x-parse-application-id': '' };
    expect((await call('getWebhooks', headers)).status).toBe(400);
    expect((await call('getWebhooks', { authorization: 'Negotiate abc' })).status).toBe(400);
  });

  it('gets 403 insufficient_scope with the scope that is missing', async () => {
    const token = await tokenFor(undefined, 'webhooks:read');
    const [status, header, code] = await challenge(await call('createWebhook', bearer(token)));
    expect([status, code]).toEqual([403, 7003]);
    expect(header).toMatch(
      /^Bearer realm="parse", error="insufficient_scope", .*scope="webhooks:write"/,
    );
    const ofHost = await challenge(await call('ofTheHost', bearer(token)));
    expect(ofHost).toEqual([403, expect.stringContaining('error="insufficient_scope"'), 8113]);
  });

  it('gets the scheme DPoP and its error code when the key is not proven', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    const jwk = await exportJWK(publicKey);
    const proof = (claims: object) =>
      new SignJWT({ jti: randomUUID(), ...claims })
        .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
        .setIssuedAt(Math.floor(setting.hub.clock.now().getTime() / 1000))
        .sign(privateKey);
    const at = { htm: 'POST', htu: `${setting.issuer}/token` };
    const form = { grant_type: 'client_credentials', scope: 'webhooks:read' };
    const { body } = await setting.post('/token', form, { ...basic(app), dpop: await proof(at) });
    const token: string = body.access_token;
    const ath = createHash('sha256').update(token).digest('base64url');
    const url = `${parseUrl()}/functions/getWebhooks`;
    const good = await proof({ htm: 'POST', htu: url, ath });
    const dpop = (value: string) => ({ authorization: `DPoP ${token}`, dpop: value });
    expect((await call('getWebhooks', dpop(good))).status).toBe(200);
    const cases: [Record<string, string>, string][] = [
      [bearer(token), 'invalid_token'],
      [dpop(good), 'invalid_dpop_proof'],
      [dpop(await proof({ htm: 'GET', htu: url, ath })), 'invalid_dpop_proof'],
      [{ authorization: `DPoP ${token}` }, 'invalid_dpop_proof'],
    ];
    for (const [headers, error] of cases) {
      const [status, header] = await challenge(await call('getWebhooks', headers));
      expect([status, header]).toEqual([
        401,
        expect.stringMatching(
          new RegExp(`^DPoP realm="parse", error="${error}", .*algs="ES256 EdDSA"`),
        ),
      ]);
    }
  });
});
