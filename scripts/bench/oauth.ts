import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { Pool } from 'undici';

import { say } from '../start/say.js';
import { concurrently, median } from './measure.js';
import { startCallers } from './processes.js';
import { type Caller, signUp } from './signUp.js';
import type { Stage } from './stage.js';
import { printTable } from './table.js';

const CALLERS = 32;
const CALLS = 6_000;
const TOKENS = 2_000;
const WARM_UP = 500;
const READ = 'getWebhooks';

export interface OAuthResult {
  readonly what: string;
  readonly perSecond: number;
  /** Relative to the ceiling, measured just before. */
  readonly ratio: number;
}

/**
 * Measures calls with a session and with an access token, then tokens that the hub issues (each reads an app and stores a row)
 * and tokens that oidc-provider issues from memory.
 */
export async function oauth(stage: Stage, rounds: number): Promise<OAuthResult[]> {
  const caller = await signUp(stage);
  const app = await makeApp(caller);
  const results = [
    ...(await measureCalls(stage, { caller, app, rounds })),
    ...(await measureTokens(stage, { app, rounds })),
  ];
  say();
  printTable(
    ['what', '/s', 'ratio'],
    results.map(({ what, perSecond, ratio }) => [what, perSecond.toFixed(0), ratio.toFixed(2)]),
  );
  return results;
}

interface Client {
  readonly id: string;
  readonly secret: string;
}

async function makeApp(caller: Caller): Promise<Client> {
  const request = { name: 'bench', grants: ['clientCredentials'], scopes: ['webhooks:read'] };
  const made = (await caller.call('createOAuthApp', request)) as {
    readonly oauthApp: { readonly id: string };
    readonly clientSecret: string;
  };
  return { id: made.oauthApp.id, secret: made.clientSecret };
}

async function measureCalls(
  stage: Stage,
  {
    caller,
    app,
    rounds,
  }: { readonly caller: Caller; readonly app: Client; readonly rounds: number },
): Promise<OAuthResult[]> {
  const callers = await startCallers();
  const token = await issue(new URL(`${stage.hubUrl}/oauth/token`), app, undefined);
  const variants = { session: caller.headers, token: { authorization: `Bearer ${token}` } };
  const samples = await alternately(rounds, variants, async (headers, isWarmUp) => {
    const { parseUrl } = stage;
    const count = isWarmUp ? WARM_UP : CALLS;
    const calls = { parseUrl, headers, name: READ, params: {}, count, concurrency: CALLERS };
    return (await callers.call(calls)).perSecond;
  });
  await callers.close();
  return compare([`${READ} with a session`, `${READ} with an access token`], samples);
}

async function measureTokens(
  stage: Stage,
  { app, rounds }: { readonly app: Client; readonly rounds: number },
): Promise<OAuthResult[]> {
  const bare = await startBare(app);
  const variants = { bare: bare.url, hub: new URL(`${stage.hubUrl}/oauth/token`) };
  const samples = await alternately(rounds, variants, async (url, isWarmUp) => {
    const pool = new Pool(url.origin, { connections: CALLERS });
    const count = isWarmUp ? WARM_UP : TOKENS;
    const startedAtMs = performance.now();
    await concurrently(count, CALLERS, async () => {
      await issue(url, app, pool);
    });
    const perSecond = count / ((performance.now() - startedAtMs) / 1000);
    await pool.close();
    return perSecond;
  });
  await bare.close();
  return compare(['tokens of the bare library, in memory', 'tokens of the hub'], samples);
}

/** Measures the variants in turn, round by round, after a warm-up round that is not counted. */
async function alternately<Variant>(
  rounds: number,
  variants: Readonly<Record<string, Variant>>,
  measure: (variant: Variant, isWarmUp: boolean) => Promise<number>,
): Promise<readonly (readonly number[])[]> {
  const samples = Object.values(variants).map((variant) => ({
    variant,
    measured: [] as number[],
  }));
  for (let round = 0; round <= rounds; round += 1) {
    for (const { variant, measured } of samples) {
      const perSecond = await measure(variant, round === 0);
      if (round > 0) measured.push(perSecond);
    }
  }
  return samples.map(({ measured }) => measured);
}

function compare(names: readonly string[], samples: readonly (readonly number[])[]): OAuthResult[] {
  const [first = []] = samples;
  return names.map((what, at) => {
    const measured = samples[at] ?? [];
    const ratios = measured.map((perSecond, round) => perSecond / (first[round] ?? NaN));
    return { what, perSecond: median(measured), ratio: median(ratios) };
  });
}

/** Gets one token by client credentials. */
async function issue(url: URL, { id, secret }: Client, given: Pool | undefined): Promise<string> {
  const pool = given ?? new Pool(url.origin);
  const response = await pool.request({
    path: url.pathname,
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
    },
    body: 'grant_type=client_credentials&scope=webhooks%3Aread',
  });
  const text = await response.body.text();
  if (!given) await pool.close();
  if (response.statusCode !== 200) throw new Error(`The token endpoint responded ${text}`);
  return (JSON.parse(text) as { readonly access_token: string }).access_token;
}

/** Starts the library with its default storage in memory. */
async function startBare({ id, secret }: Client) {
  // Loaded here because it prints a message on load, which other benchmarks do not need.
  const { Provider } = await import('oidc-provider');
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const issuer = `http://127.0.0.1:${String(port)}`;
  const provider = new Provider(issuer, {
    scopes: ['webhooks:read'],
    features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
    clients: [
      {
        client_id: id,
        client_secret: secret,
        redirect_uris: [],
        response_types: [],
        grant_types: ['client_credentials'],
      },
    ],
  });
  const handle = provider.callback();
  server.on('request', (req, res) => void handle(req, res));
  return {
    url: new URL(`${issuer}/token`),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
