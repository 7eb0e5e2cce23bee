import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

import * as client from 'openid-client';

import { findFreePort } from '../../scripts/start/embeddedPostgres.js';
import { leftFor, openBrowser, type Page, pageOf } from '../oauth/browser.js';
import { memoryFolder } from '../support/memoryFolder.mjs';
import { type Nginx, startNginx } from '../support/nginx.js';
import { createStore, type Store } from '../support/store.js';
import { runStart, type StartProcess } from './startProcess.js';

jest.setTimeout(300_000);

const HOST = 'api.example.com';
const MASTER_KEY = randomBytes(24).toString('hex');
const PASSWORD = 'a-long-Passphrase-1';
const REDIRECT = 'https://app.example.com/callback';
/** Two clients, and the proxy. All are addresses of this machine. */
const [ANN, BOB, PROXY] = ['127.0.0.7', '127.0.0.8', '127.0.0.1'];

let folder: string;
let store: Store;
let nginx: Nginx;
let started: StartProcess;
/** The port of `npm start`, which only the proxy should use. */
let port: number;
let origin: string;
let owner: { readonly username: string; readonly sessionToken: string };
let organizationId: string;
let app: OAuthApp;
/** What nginx answered so far. */
const seen: { readonly url: string; readonly headers: Headers }[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(await memoryFolder(), 'hub-proxy-'));
  store = await createStore();
  port = await findFreePort();
  const tlsPort = await findFreePort();
  origin = `https://${HOST}:${String(tlsPort)}`;
  nginx = await startNginx({ port: tlsPort, host: HOST, server: await documentedServer(tlsPort) });
  started = await runStart({
    PORT: String(port),
    PUBLIC_URL: `${origin}/api/hub`,
    TRUST_PROXY: PROXY,
    DATABASE_URI: store.uri,
    DATA_DIR: folder,
    MASTER_KEY,
    LOG_LEVEL: 'info',
    HUB_OAUTH_CLIENTS: JSON.stringify({ github: { clientId: 'id', clientSecret: 'secret' } }),
    // The fewest that are allowed: keys are derived at the start.
    HUB_KEY_ITERATIONS: '100000',
  });
  const { body } = await parse('/users', { username: 'ann', password: PASSWORD });
  owner = { username: 'ann', sessionToken: body.sessionToken };
  organizationId = (await call('createOrganization', { name: 'Acme' })).body.result.organization.id;
  app = await createApp({ redirectUris: [REDIRECT] });
});
afterAll(async () => {
  await nginx.stop();
  await started.stop();
  await store.drop();
  await rm(folder, { recursive: true });
});

/** Returns the block of src/platform/README.md, with the ports and files of this run. */
async function documentedServer(tlsPort: number): Promise<string> {
  const readme = await readFile('src/platform/README.md', 'utf8');
  const [, block = ''] = /```nginx\n([\s\S]*?)```/.exec(readme) ?? [];
  return block
    .replace('listen 443 ssl', `listen ${PROXY}:${String(tlsPort)} ssl`)
    .replaceAll('127.0.0.1:1337', `127.0.0.1:${String(port)}`)
    .replace(/(ssl_certificate +)\S+;/, '$1CERTIFICATE;')
    .replace(/(ssl_certificate_key +)\S+;/, '$1KEY;');
}

/** `fetch` as a client at this address, through nginx; remembers the answers. */
function fetchAs(address: string): typeof fetch {
  const through = nginx.fetchFrom(address);
  return async (input, init) => {
    const response = await through(input, init);
    seen.push({ url: String(input), headers: response.headers });
    return response;
  };
}

interface Sender {
  /** Default: Ann's. */
  readonly address?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- responses of an HTTP server, checked by expectations
type Answer = { readonly status: number; readonly body: any };

async function parse(path: string, body: object, sender: Sender = {}): Promise<Answer> {
  const { address = ANN, headers } = sender;
  const response = await fetchAs(address)(`${origin}/api/parse${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-parse-application-id': 'hub',
      ...headers,
    },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}
const call = (name: string, params: object = {}, sender: Sender = {}) =>
  parse(`/functions/${name}`, params, {
    ...sender,
    headers: sender.headers ?? { 'x-parse-session-token': owner.sessionToken },
  });

const get = async (path: string, headers: Record<string, string> = {}): Promise<Answer> => {
  const response = await fetchAs(ANN)(origin + path, { headers, redirect: 'manual' });
  return { status: response.status, body: await response.json() };
};

interface OAuthApp {
  readonly id: string;
  readonly secret: string;
}

async function createApp(settings: object): Promise<OAuthApp> {
  const { body } = await call('createOAuthApp', {
    organizationId,
    name: 'Warehouse',
    scopes: ['openid', 'webhooks:read'],
    ...settings,
  });
  return { id: body.result.oauthApp.id, secret: body.result.clientSecret };
}

const discover = ({ id, secret }: OAuthApp) =>
  client.discovery(
    new URL(`${origin}/api/hub/oauth`),
    id,
    undefined,
    client.ClientSecretBasic(secret),
    { [client.customFetch]: fetchAs(ANN) as client.CustomFetch },
  );

async function logIn(start: string) {
  const browser = openBrowser(origin, fetchAs(ANN));
  const login = pageOf(await browser.open(start));
  const consent = await browser.submit(login, { name: owner.username, password: PASSWORD });
  return { browser, consent: pageOf(consent) };
}

describe('addresses', () => {
  it('are public in the metadata, whatever the request names as its host', async () => {
    const issuer = `${origin}/api/hub/oauth`;
    const forged = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http' };
    const { body } = await get('/api/hub/oauth/.well-known/openid-configuration', forged);
    expect(body.issuer).toBe(issuer);
    const addresses = Object.entries(body).filter(([name]) => /_endpoint$|_uri$/.test(name));
    expect(addresses.length).toBeGreaterThan(6);
    for (const [name, address] of addresses)
      expect([name, String(address).startsWith(`${issuer}/`)]).toEqual([name, true]);
    expect((await get('/api/hub/oauth/.well-known/oauth-authorization-server')).body).toEqual(body);
    const { pathname } = new URL(body.jwks_uri);
    expect((await get(pathname)).body.keys).toHaveLength(1);
  });

  it('are public in the OpenAPI document and in the answer to an unknown path', async () => {
    const { body } = await get('/api/hub/openapi.json');
    expect(body.servers.map(({ url }: { url: string }) => url)).toEqual([`${origin}/api/parse`]);
    expect((await get('/api/hub/nothing')).body.error).toContain(`${origin}/api/hub/openapi.json`);
  });

  it('of Dashboard stay below the sub path', async () => {
    for (const path of ['/api/', '/api/dashboard', '/api/dashboard/apps']) {
      const response = await fetchAs(ANN)(origin + path, { redirect: 'manual' });
      const { location } = Object.fromEntries(response.headers);
      expect([path, new URL(location ?? '', origin + path).href]).toEqual([
        path,
        expect.stringMatching(`^${origin}/api/dashboard`),
      ]);
    }
    const page = await fetchAs(ANN)(`${origin}/api/dashboard/login`);
    expect(await page.text()).toContain('PARSE_DASHBOARD_PATH = "/api/dashboard/"');
    const bundle = await fetchAs(ANN)(`${origin}/api/dashboard/bundles/login.bundle.js`);
    expect(bundle.status).toBe(200);
  });

  it('work inside of a batch', async () => {
    const { body } = await parse(
      '/batch',
      { requests: [{ method: 'POST', path: '/api/parse/functions/getWebhooks', body: {} }] },
      { headers: { 'x-parse-session-token': owner.sessionToken } },
    );
    expect(body).toEqual([{ success: { result: expect.objectContaining({ items: [] }) } }]);
  });
});

describe('a log-in', () => {
  it('stays at https and below the sub path, with cookies that only go there', async () => {
    seen.length = 0;
    const configuration = await discover(app);
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
    const { browser, consent } = await logIn(start.href);
    const left = leftFor(await browser.submit(consent, { scope: ['openid', 'webhooks:read'] }));
    expect(left.href).toMatch(`${REDIRECT}?`);
    expect(left.searchParams.get('iss')).toBe(`${origin}/api/hub/oauth`);

    const locations = seen.flatMap(({ url, headers }) => {
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
    const device = await createApp({ grants: ['deviceCode'], redirectUris: [] });
    const configuration = await discover(device);
    const begun = await client.initiateDeviceAuthorization(configuration, {
      scope: 'webhooks:read',
    });
    expect(begun.verification_uri).toBe(`${origin}/api/hub/oauth/device`);
    const browser = openBrowser(origin, fetchAs(ANN));
    let page: Page = pageOf(await browser.open(begun.verification_uri_complete ?? ''));
    const next = async (fields: Record<string, string | readonly string[]>) => {
      page = pageOf(await browser.submit(page, fields));
      expect(page.url).toMatch(`${origin}/api/hub/oauth/`);
    };
    await next({ user_code: begun.user_code });
    await next({ confirm: 'yes' });
    await next({ name: owner.username, password: PASSWORD });
    await next({ scope: ['webhooks:read'] });
    const tokens = await client.pollDeviceAuthorizationGrant(configuration, {
      ...begun,
      interval: 0.001,
    });
    expect(tokens.scope).toBe('webhooks:read');
  });
});

it('a service is connected by public addresses', async () => {
  seen.length = 0;
  const { body } = await call('startConnection', {
    organizationId,
    connector: 'github',
    name: 'Ours',
  });
  const { url } = body.result;
  expect(url).toMatch(`${origin}/api/hub/oauth/start?`);
  const browser = openBrowser(origin, fetchAs(ANN));
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
  const cookies = seen.flatMap(({ headers }) => headers.getSetCookie());
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
      await call('createApiKey', {
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
      return (await call('getWebhooks', {}, { address, headers })).status;
    };
    expect(await statusFor(ANN)).toBe(200);
    expect(await statusFor(ANN, BOB)).toBe(200);
    expect(await statusFor(BOB)).toBe(403);
    expect(await statusFor(BOB, ANN)).toBe(403);
    expect(await statusFor(BOB, `${ANN}, ${PROXY}`)).toBe(403);
  });

  it('is the client’s in the audit log and in the log', async () => {
    const headers = {
      'x-parse-session-token': owner.sessionToken,
      'x-forwarded-for': '198.51.100.9',
    };
    await call(
      'createWebhook',
      { organizationId, url: 'https://receiver.example.com/' },
      { headers },
    );
    const { items } = (await call('getAuditLog', { organizationId })).body.result;
    expect(items[0]).toMatchObject({ function: 'createWebhook', address: ANN });
    const wrong = await fetchAs(BOB)(`${origin}/api/hub/oauth/token`, {
      method: 'POST',
      headers: { 'x-forwarded-for': '198.51.100.9' },
      body: new URLSearchParams({ client_id: app.id, client_secret: 'wrong', grant_type: 'x' }),
    });
    expect(wrong.status).toBe(401);
    expect(started.text()).toContain(`"ip":"${BOB}"`);
    expect(started.text()).not.toContain('198.51.100.9');
  });

  it('does not become the server’s own: the master key stays on this machine', async () => {
    const headers = { 'x-parse-master-key': MASTER_KEY, 'x-forwarded-for': PROXY };
    for (const address of [ANN, BOB])
      expect((await parse('/jobs/pruneHistory', {}, { address, headers })).status).toBe(403);
  });

  it('decides about limits: who guesses under changing names waits, and nobody else does', async () => {
    const guess = async (address: string, attempt: number) => {
      const response = await fetchAs(address)(`${origin}/api/hub/oauth/token`, {
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
