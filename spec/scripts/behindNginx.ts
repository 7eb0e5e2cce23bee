import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

import * as client from 'openid-client';

import { findFreePort } from '../../scripts/start/embeddedPostgres.js';
import { type Browser, openBrowser } from '../oauth/browser.js';
import { memoryFolder } from '../support/memoryFolder.mjs';
import { type Nginx, startNginx } from '../support/nginx.js';
import { createStore } from '../support/store.js';
import { runStart } from './startProcess.js';

const HOST = 'api.example.com';
export const MASTER_KEY = randomBytes(24).toString('hex');
export const PASSWORD = 'a-long-Passphrase-1';
export const REDIRECT = 'https://app.example.com/callback';
/** Two clients. All are addresses of this machine. */
export const ANN = '127.0.0.7';
export const BOB = '127.0.0.8';
export const PROXY = '127.0.0.1';

export interface OAuthApp {
  readonly id: string;
  readonly secret: string;
}
interface Sender {
  /** Default: Ann's. */
  readonly address?: string;
  /** Default: Ann's session. */
  readonly headers?: Readonly<Record<string, string>>;
}
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- responses of an HTTP server, checked by expectations
type Answer = { readonly status: number; readonly body: any };

/** `npm start` behind nginx, with TLS, below /api/, and Ann, who owns an organization. */
export interface ProxiedStart {
  /** What browsers see. */
  readonly origin: string;
  readonly organizationId: string;
  /** The headers of Ann's session. */
  readonly session: Readonly<Record<string, string>>;
  /** What nginx answered so far. */
  readonly seen: { readonly url: string; readonly headers: Headers }[];
  /** The output of `npm start` so far. */
  output(): string;
  /** `fetch` as a client at this address, through nginx. */
  fetchFrom(address: string): typeof fetch;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  /** Sends a request to Parse Server. */
  parse(path: string, body: object, sender?: Sender): Promise<Answer>;
  /** Calls a function of the hub. */
  call(name: string, params?: object, sender?: Sender): Promise<Answer>;
  createApp(settings: object): Promise<OAuthApp>;
  discover(app: OAuthApp): Promise<client.Configuration>;
  /** Opens a browser of Ann's. */
  browse(): Browser;
  stop(): Promise<void>;
}

/** Starts both. nginx has the configuration that src/platform/README.md prints. */
export async function startBehindNginx(): Promise<ProxiedStart> {
  const [port, tlsPort] = [await findFreePort(), await findFreePort()];
  const origin = `https://${HOST}:${String(tlsPort)}`;
  const server = await documentedServer({ port, tlsPort });
  const nginx = await startNginx({ port: tlsPort, host: HOST, server });
  const start = await startServer(port, origin);
  const http = throughNginx(nginx, origin);
  const session = { 'x-parse-session-token': '' };
  const parse: ProxiedStart['parse'] = (path, body, { headers = session, ...sender } = {}) =>
    http.post(`/api/parse${path}`, body, { ...sender, headers });
  const call: ProxiedStart['call'] = (name, params = {}, sender) =>
    parse(`/functions/${name}`, params, sender);
  const signedUp = await parse('/users', { username: 'ann', password: PASSWORD }, { headers: {} });
  session['x-parse-session-token'] = signedUp.body.sessionToken;
  const { body } = await call('createOrganization', { name: 'Acme' });
  const organizationId: string = body.result.organization.id;
  return {
    ...http,
    origin,
    organizationId,
    session,
    parse,
    call,
    output: start.output,
    async createApp(settings) {
      const scopes = ['openid', 'webhooks:read'];
      const params = { organizationId, name: 'Warehouse', scopes, ...settings };
      const { oauthApp, clientSecret } = (await call('createOAuthApp', params)).body.result;
      return { id: oauthApp.id, secret: clientSecret };
    },
    discover: ({ id, secret }) =>
      client.discovery(
        new URL(`${origin}/api/hub/oauth`),
        id,
        undefined,
        client.ClientSecretBasic(secret),
        { [client.customFetch]: http.fetchFrom(ANN) as client.CustomFetch },
      ),
    browse: () => openBrowser(origin, http.fetchFrom(ANN)),
    async stop() {
      await nginx.stop();
      await start.stop();
    },
  };
}

/** Returns the block of src/platform/README.md, with the ports of this run. */
async function documentedServer({ port, tlsPort }: { port: number; tlsPort: number }) {
  const readme = await readFile('src/platform/README.md', 'utf8');
  const [, block = ''] = /```nginx\n([\s\S]*?)```/.exec(readme) ?? [];
  return block
    .replace('listen 443 ssl', `listen ${PROXY}:${String(tlsPort)} ssl`)
    .replaceAll('127.0.0.1:1337', `127.0.0.1:${String(port)}`)
    .replace(/(ssl_certificate +)\S+;/, '$1CERTIFICATE;')
    .replace(/(ssl_certificate_key +)\S+;/, '$1KEY;');
}

async function startServer(port: number, origin: string) {
  const folder = await mkdtemp(join(await memoryFolder(), 'hub-proxy-'));
  const store = await createStore();
  const started = await runStart({
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
  return {
    output: () => started.text(),
    async stop() {
      await started.stop();
      await store.drop();
      await rm(folder, { recursive: true });
    },
  };
}

function throughNginx(nginx: Nginx, origin: string) {
  const seen: { readonly url: string; readonly headers: Headers }[] = [];
  const fetchFrom = (address: string): typeof fetch => {
    const through = nginx.fetchFrom(address);
    return async (input, init) => {
      const response = await through(input, init);
      seen.push({ url: new Request(input).url, headers: response.headers });
      return response;
    };
  };
  const answerOf = async (response: Response): Promise<Answer> => ({
    status: response.status,
    body: await response.json(),
  });
  return {
    seen,
    fetchFrom,
    get: async (path: string, headers: Record<string, string> = {}) =>
      answerOf(await fetchFrom(ANN)(origin + path, { headers, redirect: 'manual' })),
    async post(path: string, body: object, { address = ANN, headers }: Sender) {
      const about = { 'content-type': 'application/json', 'x-parse-application-id': 'hub' };
      return answerOf(
        await fetchFrom(address)(origin + path, {
          method: 'POST',
          headers: { ...about, ...headers },
          body: JSON.stringify(body),
        }),
      );
    },
  };
}
