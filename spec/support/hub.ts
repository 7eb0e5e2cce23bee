import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';

import express from 'express';
import { ParseServer } from 'parse-server';
import { Agent, request as send } from 'undici';

import { createHubClient } from '../../client.js';
import type { Client } from '../../cloud/manifest.js';
import type {
  ConnectorSpec,
  HostParseServerOptions,
  HubOptions,
  IntegrationHub,
} from '../../index.js';
import { FUTURE_DEFAULTS } from '../../scripts/start/futureDefaults.js';
import type { App, Seams } from '../../src/app/compose.js';
import { createHub } from '../../src/app/hub.js';
import { ClientParse } from './clientSdk.js';
import { type TestClock, testClock } from './clock.js';
import { hashPasswordsQuickly, rememberServer } from './parseServerInside.js';
import {
  type ClearableStore,
  createInstalledStore,
  createStore,
  type Engine,
  engine,
  forgetSchemas,
  type Store,
} from './store.js';

export const MASTER_KEY = 'master-key-of-the-spec';
const READ_ONLY_MASTER_KEY = 'read-only-master-key-of-the-spec';
export const HUB_SECRET = 'hub-secret-of-the-spec-0123456789abcdef';

/** The credentials of a request. */
export interface Caller {
  readonly sessionToken?: string;
  readonly masterKey?: string;
  /** Additional headers. */
  readonly headers?: Readonly<Record<string, string>>;
}
export interface TestUser {
  readonly id: string;
  readonly username: string;
  readonly sessionToken: string;
}
export const anonymous: Caller = {};
export const master: Caller = { masterKey: MASTER_KEY };
export const readOnlyMaster: Caller = { masterKey: READ_ONLY_MASTER_KEY };

/** A hub on a real Parse Server and its own database, listening on loopback. */
export interface TestHub {
  readonly engine: Engine;
  readonly appId: string;
  readonly url: string;
  readonly clock: TestClock;
  readonly app: App;
  readonly registerConnector: IntegrationHub['registerConnector'];
  readonly callerOf: IntegrationHub['callerOf'];
  readonly vault: IntegrationHub['vault'];
  /** Every line of the hub's log so far. */
  readonly logLines: string[];
  signUp(username?: string): Promise<TestUser>;
  /** The typed client of a user, or of an anonymous caller, through the front-end SDK over HTTP. */
  as(user: TestUser | undefined): Client;
  /** Sends any request to Parse Server; returns status and JSON. */
  rest(
    method: string,
    path: string,
    as?: Caller,
    body?: unknown,
  ): Promise<{ status: number; body: Json }>;
  /** Calls a cloud function over plain REST, for credentials that the SDK does not send and parameters that types forbid. */
  call(name: string, params?: unknown, as?: Caller): Promise<{ status: number; body: Json }>;
  /** Works all due lanes; returns their number. */
  drain(): Promise<number>;
  stop(): Promise<void>;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- responses of an HTTP server, checked by expectations
export type Json = any;

export interface TestHubOptions {
  readonly hub?: Partial<HubOptions>;
  /** Registered in the host's cloud code. */
  readonly registers?: readonly ConnectorSpec[];
  readonly seams?: Seams;
  readonly host?: HostParseServerOptions & Record<string, unknown>;
  /** Mounts the host's own routes once Parse Server runs. */
  readonly mount?: (host: MountedHost) => Promise<void>;
  /** Whether loops work due lanes; otherwise only `drain` does. Default false. */
  readonly loops?: boolean;
  /** Whether its loops start at once; otherwise `app.start` starts them. Default true. */
  readonly isStarted?: boolean;
  readonly store?: Store;
  /** For a hub that starts again on its store: encrypted values are bound to an application. */
  readonly appId?: string;
}

export interface MountedHost {
  readonly app: express.Express;
  readonly authenticate: IntegrationHub['authenticate'];
  readonly hub: Pick<IntegrationHub, 'router' | 'wellKnown'>;
}

hashPasswordsQuickly();

/** Options of the hub that change its classes. */
const ABOUT_CLASSES = ['organizations', 'classPrefix'];

let started = 0;
/** By engine: the hub of this worker, for files that need no options. */
const shared = new Map<
  Engine,
  { readonly hub: TestHub; readonly store: ClearableStore; readonly useInCloudCode: () => void }
>();

/**
 * Returns the hub that the files of this worker share, with empty tables. Its clock has moved on with the files before.
 * `stop` leaves it to the next file.
 */
export async function shareHub(): Promise<TestHub> {
  const known = shared.get(engine);
  if (known) {
    // Another file may have had another server, and other classes.
    known.useInCloudCode();
    await forgetSchemas();
    await known.store.clear();
    return known.hub;
  }
  const store = await createHubStore();
  const hub = await startHub({ store });
  const stop = async () => {
    // What is counted of keys is stored later, but not into the tables of the next file.
    await hub.app.services.apiKeys.flush();
    hub.logLines.length = 0;
  };
  shared.set(engine, { hub: { ...hub, stop }, store, useInCloudCode: rememberServer() });
  return shareHub();
}

export async function startHub(options: TestHubOptions = {}): Promise<TestHub> {
  const store = options.store ?? (await storeFor(options));
  const listening = await listen();
  const url = `http://127.0.0.1:${(listening.server.address() as AddressInfo).port}`;
  const appId = options.appId ?? `spec${++started}`;
  const clock = (options.seams?.clock as TestClock | undefined) ?? testClock();
  const logLines: string[] = [];
  const hub = createHub(
    {
      secret: HUB_SECRET,
      // The minimum: keys are derived at each start.
      keyIterations: 100_000,
      publicUrl: `${url}/hub`,
      allowedTargets: '127.0.0.1',
      loops: options.loops ?? false,
      logLevel: 'debug',
      ...options.hub,
    },
    { random: () => 0.5, pollMs: 50, logDestination: collector(logLines), ...options.seams, clock },
  );
  const parse = new (ParseServer as unknown as ParseServerConstructor)(
    hub.parseServerOptions({
      ...parseOptions({ appId, url, store }),
      cloud: () => {
        options.registers?.forEach(hub.registerConnector);
      },
      ...options.host,
    }),
  );
  try {
    await parse.start();
  } catch (error) {
    // Open connections would keep the database from being dropped.
    listening.server.close();
    await parse.config.databaseController.adapter.handleShutdown();
    throw error;
  }
  listening.app.use('/hub', hub.router);
  listening.app.use('/parse', hub.authenticate, parse.app);
  await options.mount?.({ app: listening.app, authenticate: hub.authenticate, hub });
  if (options.isStarted ?? true) await hub.start();

  // The SDK has one server per process; a spec may have several.
  const useSdk = () => {
    ClientParse._initialize(appId);
    ClientParse.serverURL = `${url}/parse`;
  };
  useSdk();

  const rest: TestHub['rest'] = (method, path, as = anonymous, body) =>
    request({ url: `${url}/parse${path}`, method, appId, as, body });
  return {
    engine: store.engine,
    appId,
    url,
    clock,
    app: hub.app(),
    registerConnector: hub.registerConnector,
    callerOf: hub.callerOf,
    vault: hub.vault,
    logLines,
    rest,
    call: (name, params = {}, as = anonymous) => rest('POST', `/functions/${name}`, as, params),
    async signUp(username = `user${++users}`) {
      const { body } = await rest('POST', '/users', anonymous, {
        username,
        password: 'a-long-Passphrase-1',
        email: `${username}@example.com`,
      });
      return { id: body.objectId, username, sessionToken: body.sessionToken };
    },
    as(user) {
      useSdk();
      return createHubClient(ClientParse, user ? { sessionToken: user.sessionToken } : {});
    },
    drain: () => hub.app().drain(),
    async stop() {
      await hub.stop();
      listening.server.closeAllConnections();
      listening.server.close();
      await parse.config.databaseController.adapter.handleShutdown();
      if (!options.store) await store.drop();
    },
  };
}

/** Creates a database with the hub's classes, or an empty one if the options change the classes. */
function storeFor({ hub = {}, host = {} }: TestHubOptions): Promise<ClearableStore> {
  const isPlain = !ABOUT_CLASSES.some((name) => name in hub) && !('schema' in host);
  return isPlain ? createHubStore() : createStore();
}

/** Creates a database with the hub's classes: for hubs that share one, or start again on it. */
export function createHubStore(): Promise<ClearableStore> {
  return createInstalledStore(install);
}

async function install(store: Store): Promise<void> {
  const hub = await startHub({ store });
  await hub.stop();
}

let users = 0;

interface RunningParse {
  readonly app: express.Express;
  readonly config: {
    readonly databaseController: { readonly adapter: { handleShutdown(): Promise<void> } };
  };
  start(): Promise<unknown>;
}
// The package's types declare it as a function only, but it is a class too.
type ParseServerConstructor = new (options: object) => RunningParse;

function parseOptions({ appId, url, store }: { appId: string; url: string; store: Store }) {
  return {
    appId,
    masterKey: MASTER_KEY,
    readOnlyMasterKey: READ_ONLY_MASTER_KEY,
    maintenanceKey: 'maintenance-key-of-the-spec',
    databaseURI: store.uri,
    serverURL: `${url}/parse`,
    logLevel: 'error',
    silent: true,
    logsFolder: null,
    allowClientClassCreation: false,
    ...FUTURE_DEFAULTS,
  };
}

async function listen(): Promise<{ app: express.Express; server: Server }> {
  const app = express();
  const server = createServer(app);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { app, server };
}

function collector(lines: string[]): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
}

/** Reuses connections. `fetch` costs more processor time, and the specs send tens of thousands of requests. */
const connections = new Agent();

async function request({
  url,
  method,
  appId,
  as,
  body,
}: {
  url: string;
  method: string;
  appId: string;
  as: Caller;
  body?: unknown;
}): Promise<{ status: number; body: Json }> {
  const response = await send(url, {
    dispatcher: connections,
    method: method as 'GET',
    headers: {
      'content-type': 'application/json',
      'user-agent': 'node',
      'x-parse-application-id': appId,
      ...(as.sessionToken !== undefined && { 'x-parse-session-token': as.sessionToken }),
      ...(as.masterKey !== undefined && { 'x-parse-master-key': as.masterKey }),
      ...as.headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.body.text();
  return { status: response.statusCode, body: text === '' ? undefined : JSON.parse(text) };
}
