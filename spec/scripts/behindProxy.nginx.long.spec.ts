import * as client from 'openid-client';

import { leftFor, type Page, pageOf } from '../oauth/browser.js';
import {
  ANN,
  BOB,
  MASTER_KEY,
  type OAuthApp,
  PASSWORD,
  type ProxiedStart,
  PROXY,
  REDIRECT,
  startBehindNginx,
} from './behindNginx.js';

jest.setTimeout(300_000);

let proxied: ProxiedStart;
let origin: string;
let organizationId: string;
let app: OAuthApp;
beforeAll(async () => {
  proxied = await startBehindNginx();
  ({ origin, organizationId } = proxied);
  app = await proxied.createApp({ redirectUris: [REDIRECT] });
});
afterAll(() => proxied.stop());

describe('addresses', () => {
  it('are public in the metadata, whatever the request names as its host', async () => {
    const issuer = `${origin}/api/hub/oauth`;
    const forged = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http' };
    const { body } = await proxied.get('/api/hub/oauth/.well-known/openid-configuration', forged);
    expect(body.issuer).toBe(issuer);
    const addresses = Object.entries(body).filter(([name]) => /_endpoint$|_uri$/.test(name));
    expect(addresses.length).toBeGreaterThan(6);
    for (const [name, address] of addresses)
      expect([name, String(address).startsWith(`${issuer}/`)]).toEqual([name, true]);
    expect(
      (await proxied.get('/api/hub/oauth/.well-known/oauth-authorization-server')).body,
    ).toEqual(body);
    const { pathname } = new URL(body.jwks_uri);
    expect((await proxied.get(pathname)).body.keys).toHaveLength(1);
  });

  it('are public in the metadata at the root of the host', async () => {
    const issuer = `${origin}/api/hub/oauth`;
    for (const name of ['oauth-authorization-server', 'openid-configuration'])
      expect((await proxied.get(`/.well-known/${name}/api/hub/oauth`)).body.issuer).toBe(issuer);
    const { body } = await proxied.get('/.well-known/oauth-protected-resource/api/parse');
    expect(body).toMatchObject({
      resource: `${origin}/api/parse`,
      authorization_servers: [issuer],
    });
    const headers = { authorization: `Bearer hub_oat_${'A'.repeat(43)}` };
    const refused = await proxied.fetchFrom(ANN)(`${origin}/api/parse/functions/getWebhooks`, {
      method: 'POST',
      headers,
    });
    expect(refused.headers.get('www-authenticate')).toContain(
      `resource_metadata="${origin}/.well-known/oauth-protected-resource/api/parse"`,
    );
  });

  it('are public in the OpenAPI document and in the answer to an unknown path', async () => {
    const { body } = await proxied.get('/api/hub/openapi.json');
    expect(body.servers.map(({ url }: { url: string }) => url)).toEqual([`${origin}/api/parse`]);
    expect((await proxied.get('/api/hub/nothing')).body.error).toContain(
      `${origin}/api/hub/openapi.json`,
    );
  });

  it('of Dashboard stay below the sub path', async () => {
    for (const path of ['/api/', '/api/dashboard', '/api/dashboard/apps']) {
      const response = await proxied.fetchFrom(ANN)(origin + path, { redirect: 'manual' });
      const { location } = Object.fromEntries(response.headers);
      expect([path, new URL(location ?? '', origin + path).href]).toEqual([
        path,
        expect.stringMatching(`^${origin}/api/dashboard`),
      ]);
    }
    const page = await proxied.fetchFrom(ANN)(`${origin}/api/dashboard/login`);
    expect(await page.text()).toContain('PARSE_DASHBOARD_PATH = "/api/dashboard/"');
    const bundle = await proxied.fetchFrom(ANN)(`${origin}/api/dashboard/bundles/login.bundle.js`);
    expect(bundle.status).toBe(200);
  });

  it('work inside of a batch', async () => {
    const { body } = await proxied.parse('/batch', {
      requests: [{ method: 'POST', path: '/api/parse/functions/getWebhooks', body: {} }],
    });
    expect(body).toEqual([{ success: { result: expect.objectContaining({ items: [] }) } }]);
  });
});

describe('a log-in', () => {
  it('stays at https and below the sub path, with cookies that only go there', async () => {
    proxied.seen.length = 0;
    const configuration = await proxied.discover(app);
    const verifier = client.randomPKCECodeVerifier();
    const state = client.randomState();
    const start = client.buildAuthorizationUrl(configuration, {
      redirect_uri: REDIRECT,
      scope: 'openid webhooks:read',
      state,
      prompt: 'consent',
      code_challenge_method: 'S256',
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
    });
    const browser = proxied.browse();
    const login = pageOf(await browser.open(start.href));
    const consent = pageOf(await browser.submit(login, { name: 'ann', password: PASSWORD }));
    const left = leftFor(await browser.submit(consent, { scope: ['openid', 'webhooks:read'] }));
    expect(left.href).toMatch(`${REDIRECT}?`);
    expect(left.searchParams.get('iss')).toBe(`${origin}/api/hub/oauth`);

    const locations = proxied.seen.flatMap(({ url, headers }) => {
      const location = headers.get('location');
      return location === null ? [] : [new URL(location, url).href];
    });
    expect(locations.length).toBeGreaterThan(3);
    expect(
      locations.filter((url) => !url.startsWith(`${origin}/api/hub/oauth/`) && url !== left.href),
    ).toEqual([]);
    expectSafeCookies('/api/hub/oauth');

    const pair = await client.randomDPoPKeyPair('ES256');
    const DPoP = client.getDPoPHandle(configuration, pair);
    const tokens = await client.authorizationCodeGrant(
      configuration,
      left,
      { pkceCodeVerifier: verifier, expectedState: state },
      undefined,
      { DPoP },
    );
    const target = new URL(`${origin}/api/parse/functions/getWebhooks`);
    const json = new Headers({ 'content-type': 'application/json' });
    const use = (token: string) =>
      client.fetchProtectedResource(configuration, token, target, 'POST', '{}', json, { DPoP });
    expect((await use(tokens.access_token)).status).toBe(200);
    const next = await client.refreshTokenGrant(
      configuration,
      tokens.refresh_token ?? '',
      undefined,
      { DPoP },
    );
    expect((await use(next.access_token)).status).toBe(200);
  });

  it('of a device begins at a public address', async () => {
    const device = await proxied.createApp({ grants: ['deviceCode'], redirectUris: [] });
    const configuration = await proxied.discover(device);
    const begun = await client.initiateDeviceAuthorization(configuration, {
      scope: 'webhooks:read',
    });
    expect(begun.verification_uri).toBe(`${origin}/api/hub/oauth/device`);
    const browser = proxied.browse();
    let page: Page = pageOf(await browser.open(begun.verification_uri_complete ?? ''));
    const next = async (fields: Record<string, string | readonly string[]>) => {
      page = pageOf(await browser.submit(page, fields));
      expect(page.url).toMatch(`${origin}/api/hub/oauth/`);
    };
    await next({ user_code: begun.user_code });
    await next({ confirm: 'yes' });
    await next({ name: 'ann', password: PASSWORD });
    await next({ scope: ['webhooks:read'] });
    const tokens = await client.pollDeviceAuthorizationGrant(configuration, {
      ...begun,
      interval: 0.001,
    });
    expect(tokens.scope).toBe('webhooks:read');
  });
});

it('a service is connected by public addresses', async () => {
  proxied.seen.length = 0;
  const { body } = await proxied.call('startConnection', {
    organizationId,
    connector: 'github',
    name: 'Ours',
  });
  const { url } = body.result;
  expect(url).toMatch(`${origin}/api/hub/oauth/start?`);
  const browser = proxied.browse();
  const service = leftFor(await browser.submit(pageOf(await browser.open(url)), {}));
  expect(service.origin).toBe('https://github.com');
  const callback = service.searchParams.get('redirect_uri') ?? '';
  expect(callback).toBe(`${origin}/api/hub/oauth/callback`);
  expectSafeCookies('/api/hub/oauth/callback');
  const state = service.searchParams.get('state') ?? '';
  const refused = new URLSearchParams({ state, error: 'access_denied' }).toString();
  // The cookie arrives, so the browser is recognized.
  const back = pageOf(await browser.open(`${callback}?${refused}`));
  expect(back.html).toContain('access_denied');
});

/** Expects that each cookie so far is sent by TLS to this path only, and is hidden from scripts. */
function expectSafeCookies(path: string): void {
  const cookies = proxied.seen.flatMap(({ headers }) => headers.getSetCookie());
  expect(cookies.length).toBeGreaterThan(0);
  for (const cookie of cookies) {
    expect(cookie).toMatch(/; secure(;|$)/i);
    expect(cookie).toMatch(/; httponly(;|$)/i);
    expect(cookie).toMatch(/; samesite=lax(;|$)/i);
    const [, at = '/'] = /; path=([^;]*)/i.exec(cookie) ?? [];
    expect(at.startsWith(path)).toBe(true);
  }
}

describe('the address of a client', () => {
  it('is the one that nginx sees, and not one that the client names', async () => {
    const { key } = (
      await proxied.call('createApiKey', {
        organizationId,
        name: 'From Ann',
        scopes: ['webhooks:read'],
        addresses: [ANN],
      })
    ).body.result;
    const statusFor = async (address: string, forwarded?: string) => {
      const headers = {
        'x-api-key': key,
        ...(forwarded !== undefined && { 'x-forwarded-for': forwarded, 'x-real-ip': forwarded }),
      };
      return (await proxied.call('getWebhooks', {}, { address, headers })).status;
    };
    expect(await statusFor(ANN)).toBe(200);
    expect(await statusFor(ANN, BOB)).toBe(200);
    expect(await statusFor(BOB)).toBe(403);
    expect(await statusFor(BOB, ANN)).toBe(403);
    expect(await statusFor(BOB, `${ANN}, ${PROXY}`)).toBe(403);
  });

  it('is the client’s in the audit log and in the log', async () => {
    const headers = { ...proxied.session, 'x-forwarded-for': '198.51.100.9' };
    await proxied.call('updateOAuthApp', { oauthAppId: app.id, name: 'Depot' }, { headers });
    const { items } = (await proxied.call('getAuditLog', { organizationId })).body.result;
    expect(items[0]).toMatchObject({ function: 'updateOAuthApp', address: ANN });
    const wrong = await proxied.fetchFrom(BOB)(`${origin}/api/hub/oauth/token`, {
      method: 'POST',
      headers: { 'x-forwarded-for': '198.51.100.9' },
      body: new URLSearchParams({ client_id: app.id, client_secret: 'wrong', grant_type: 'x' }),
    });
    expect(wrong.status).toBe(401);
    expect(proxied.output()).toContain(`"ip":"${BOB}"`);
    expect(proxied.output()).not.toContain('198.51.100.9');
  });

  it('does not become the server’s own: the master key stays on this machine', async () => {
    const headers = { 'x-parse-master-key': MASTER_KEY, 'x-forwarded-for': PROXY };
    for (const address of [ANN, BOB])
      expect((await proxied.parse('/jobs/pruneHistory', {}, { address, headers })).status).toBe(
        403,
      );
  });

  it('decides about limits: who guesses under changing names waits, and nobody else does', async () => {
    const guess = async (address: string, attempt: number) => {
      const response = await proxied.fetchFrom(address)(`${origin}/api/hub/oauth/token`, {
        method: 'POST',
        headers: { 'x-forwarded-for': `198.51.100.${String(attempt)}` },
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: app.id,
          client_secret: `wrong ${String(attempt)}`,
        }),
      });
      return response.status;
    };
    const statuses: number[] = [];
    for (let attempt = 1; attempt <= 60 && statuses.at(-1) !== 429; attempt += 1)
      statuses.push(await guess(BOB, attempt));
    expect(statuses.at(-1)).toBe(429);
    expect(await guess(ANN, 250)).toBe(401);
  });
});
