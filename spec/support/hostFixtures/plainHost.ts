import { ParseServer } from 'parse-server';
import SchemaCache from 'parse-server/lib/Adapters/Cache/SchemaCache.js';

import type { Json } from '../hub.js';
import type { Store } from '../store.js';

/** A host's Parse Server as it was before it had the hub, asked without a network. */
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
// The package's types know only the function that it also is.
const Server = ParseServer as unknown as new (options: object) => Server;

let started = 0;

export async function startPlainHost(store: Store, options: object = {}): Promise<PlainHost> {
  forgetSchemas();
  const server = new Server({
    ...{ appId: `plain${++started}`, masterKey: 'master', databaseURI: store.uri },
    ...{ serverURL: 'http://127.0.0.1:1/parse', silent: true, logsFolder: null, ...options },
  });
  await server.start();
  // Reading `app` is what makes the SDK of this process go without a network.
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
 * parse-server knows the classes of one database a process: call it before a server starts on another.
 * https://github.com/parse-community/parse-server/issues/3964
 */
export function forgetSchemas(): void {
  SchemaCache.clear();
}
