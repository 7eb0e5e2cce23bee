import type { ConnectorSpec } from '../../src/contract/index.js';
import { type Json, master, startHub, type TestHub, type TestUser } from '../support/hub.js';
import * as hostile from './hostileProvider.js';
import { connectorAt } from './provider.js';

export const HOUR = 3_600_000;
const CLIENT = { clientId: 'client of the hub', clientSecret: 'secret/canary+7f3c' };

export let hub: TestHub;
export let provider: hostile.HostileProvider;
/** A server that the hub may call, and one that it may not. */
export let neighbor: Awaited<ReturnType<typeof hostile.startElsewhere>>;
export let inside: Awaited<ReturnType<typeof hostile.startElsewhere>>;
let owner: TestUser;
/** Everything that callers received. */
const events: unknown[] = [];
/** Connections of the test; due work of others would be done beside them. */
const made: string[] = [];

/**
 * For a spec about one hub and a hostile provider: after each test no caller has received a secret, and no request went
 * to another server.
 */
export function useHostileHub(): void {
  beforeAll(startAll);
  afterAll(stopAll);
  beforeEach(forget);
  afterEach(checkNothingLeaked);
}

async function startAll(): Promise<void> {
  provider = await hostile.startHostileProvider();
  neighbor = await hostile.startElsewhere('127.0.0.1');
  inside = await hostile.startElsewhere('127.0.0.2');
  const connectors = connectorsOf(provider.url);
  hub = await startHub({
    hub: {
      connectors,
      oauthClients: Object.fromEntries(connectors.map(({ key }) => [key, CLIENT])),
    },
    seams: { tokenTimeoutMs: 500 },
  });
  owner = await hub.signUp();
  await client().createOrganization({ name: 'Acme' });
}

async function stopAll(): Promise<void> {
  await hub.stop();
  neighbor.close();
  inside.close();
  await provider.close();
}

function forget(): void {
  for (const path of Object.keys(provider.responders) as (keyof typeof provider.responders)[]) {
    delete provider.responders[path];
  }
  provider.grants = {};
  events.length = 0;
}

async function checkNothingLeaked(): Promise<void> {
  const rows = await Promise.all(
    ['ServiceConnection', 'IntegrationExecution', 'HubLane'].map((name) =>
      hub.rest('GET', `/classes/${name}?limit=10000`, master),
    ),
  );
  const seen = [...events.map(textOf), ...rows.map(textOf), ...hub.logLines.map(textOf)].join('\n');
  const found = [...provider.secrets, CLIENT.clientSecret, 'canary'].filter(
    (secret) => seen.includes(secret) || seen.includes(encodeURIComponent(secret)),
  );
  expect(found).toEqual([]);
  for (const connectionId of made.splice(0)) await client().disconnectConnection({ connectionId });
  expect([neighbor.visits, inside.visits]).toEqual([[], []]);
}

/** The text as readers see it, with the escapes of JSON decoded. */
function textOf(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.replaceAll(String.raw`\/`, '/').replaceAll(String.raw`\"`, '"');
}

function connectorsOf(url: string): ConnectorSpec[] {
  const plain = connectorAt(url);
  const authMethod = plain.auth['consent'];
  if (authMethod?.kind !== 'oauth2Code')
    throw new Error('The connector of the specs has another auth method.');
  const variant = (key: string, token: typeof authMethod.token): ConnectorSpec => ({
    ...plain,
    key,
    auth: { ...plain.auth, consent: { ...authMethod, ...(token && { token }) } },
  });
  return [
    plain,
    variant('enveloped', {
      at: '/data/0',
      names: { access_token: 'accessToken', refresh_token: 'refreshToken', expires_in: 'ttl' },
      failsWhen: { at: '/ok', is: false, code: '/why' },
    }),
    variant('hourly', { lifetimeSeconds: 3600 }),
  ];
}

export const client = () => hub.as(owner);

/** The outcome of a call: its result, or the number and the message of its error. */
export async function outcomeOf(call: Promise<unknown>): Promise<Json> {
  const outcome = await call.catch(({ code, message }: Json) => ({ code, message }));
  events.push(outcome);
  return outcome;
}

let users = 0;

export interface Started {
  readonly id: string;
  readonly endUser: string;
  finish(): Promise<Json>;
}

export async function start(connector = 'acme'): Promise<Started> {
  const endUser = `user ${String(++users)}`;
  const { url, connection } = await client().startConnection({
    connector,
    name: 'Ours',
    endUser,
    browser: false,
  });
  made.push(connection.id);
  const state = new URL(url).searchParams.get('state') ?? '';
  const code = 'code/canary+of the consent';
  return {
    id: connection.id,
    endUser,
    finish: () => outcomeOf(client().finishConnection({ state, code })),
  };
}

export interface Made extends Pick<Started, 'id' | 'endUser'> {
  /** Makes one call of an action that requests a thing. */
  call(): Promise<Json>;
}

/** A working connection with an integration; the requests that created it are forgotten. */
export async function make(connector?: string): Promise<Made> {
  const { finish, ...started } = await start(connector);
  expect(await finish()).toMatchObject({ connection: { state: 'connected' } });
  const { integration } = await client().createIntegration({
    name: 'Made',
    connector: connector ?? 'acme',
    connectionId: started.id,
    retry: { attempts: 1 },
    timeoutMs: 1_000,
    data: { keepBodies: 'all' },
  });
  provider.visits.length = 0;
  const params = { integrationId: integration.id, action: 'getThing', input: { id: 't1' } };
  return { ...started, call: () => outcomeOf(client().executeIntegration(params)) };
}

/** The same, at a time when its token has expired and is no longer accepted. */
export async function makeExpired(connector?: string): Promise<Made> {
  const made = await make(connector);
  hub.clock.advance(2 * HOUR);
  provider.accepted.clear();
  return made;
}

export async function find({ endUser }: Pick<Started, 'endUser'>): Promise<Json> {
  const { items } = await client().getConnections({ endUser });
  events.push(items);
  return items[0];
}

/** The error of a caller while there is no other token. */
export const EXPIRED =
  'The connection cannot be used now. Its state is connected: its token has expired and the service did not issue a new one; try again later.';
