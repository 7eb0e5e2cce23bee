import { jest } from '@jest/globals';
import { ParseServer } from 'parse-server';

import { createIntegrationHub, type HubOptions } from '../../../index.js';
import type { Json } from '../hub.js';
import { SchemaCache } from '../parseServerInside.js';
import type { Store } from '../store.js';

/** A host's Parse Server without the hub, called without a network. */
export interface PlainHost {
  /** As the master key, in Parse's REST terms. */
  rest(method: string, path: string, body?: Json): Promise<Json>;
  stop(): Promise<void>;
}

interface Server {
  readonly app: unknown;
  readonly config: {
    readonly databaseController: { readonly adapter: { handleShutdown(): Promise<void> } };
  };
  start(): Promise<unknown>;
}
// The package's types declare it as a function only, but it is a class too.
const Server = ParseServer as unknown as new (options: object) => Server;

// Each server listens for uncaught exceptions, and a file of specs starts many.
process.setMaxListeners(50);

let started = 0;

const optionsFor = (store: Store, options: object) => ({
  appId: `plain${++started}`,
  masterKey: 'master',
  databaseURI: store.uri,
  serverURL: 'http://127.0.0.1:1/parse',
  silent: true,
  logsFolder: null,
  ...options,
});

/** Starts a host with the hub and returns why it failed, or an empty text. What Parse Server prints is suppressed. */
export async function refusalOf(
  store: Store,
  { hub = {}, host = {} }: { hub?: Partial<HubOptions>; host?: object },
): Promise<string> {
  forgetSchemas();
  const { parseServerOptions } = createIntegrationHub({
    secret: 'hub-secret-of-the-spec-0123456789abcdef',
    publicUrl: 'http://127.0.0.1:1/hub',
    logLevel: 'silent',
    ...hub,
  });
  const server = new Server(parseServerOptions(optionsFor(store, host)));
  const printed = jest.spyOn(console, 'error').mockReturnValue();
  try {
    await server.start();
    return '';
  } catch (refusal) {
    return (refusal as Error).message;
  } finally {
    printed.mockRestore();
    await server.config.databaseController.adapter.handleShutdown();
  }
}

export async function startPlainHost(store: Store, options: object = {}): Promise<PlainHost> {
  forgetSchemas();
  const server = new Server(optionsFor(store, options));
  await server.start();
  // Reading `app` lets the SDK of this process work without a network.
  if (!server.app) throw new Error('Parse Server has no app.');
  const { default: Parse } = await import('parse/node');
  const controller = Parse.CoreManager.getRESTController();
  return {
    rest: (method, path, body = {}) =>
      controller.request(method, path, body, { useMasterKey: true }),
    stop: () => server.config.databaseController.adapter.handleShutdown(),
  };
}

/**
 * parse-server caches the classes of one database per process. Call this before a server starts on another database.
 * https://github.com/parse-community/parse-server/issues/3964
 */
export function forgetSchemas(): void {
  SchemaCache.clear();
}
