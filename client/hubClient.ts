import type { Client } from '../cloud/manifest.js';

/** Every function of the hub as a method, with its parameters and its result. */
export type HubClient = Client;

export interface HubClientOptions {
  /** What the host put before the names of the hub's functions; nothing unless it did. */
  readonly prefix?: string | undefined;
  /** Whom to act for. In a browser it is left out: the SDK sends the token of whoever is signed in. */
  readonly sessionToken?: string | undefined;
  /** Only in Node, with a Parse that was initialized with the master key. */
  readonly useMasterKey?: boolean | undefined;
}

/** What is used of the Parse SDK: `parse`, `parse/node` and the `Parse` of a script tag all have it. */
export interface ParseWithCloud {
  readonly Cloud: {
    // Parse's own type is generic over the function's, in two overloads: parameters of `never` let any such type in.
    run(name: string, params: never, options: never): Promise<unknown>;
  };
}

interface Cloud {
  run(name: string, params: object, options: object): Promise<unknown>;
}

/** What the language asks any object for: a client that answered `then` would be called by each `await` of it. */
const NOT_FUNCTIONS: ReadonlySet<string> = new Set(['then', 'toJSON']);

/**
 * The hub's functions as methods: `await createHubClient(Parse).getWebhooks({ limit: 5 })`. Nothing is sent until a method
 * is called. A method rejects with the `Parse.Error` that the server answered; its `code` is one of those that
 * cloud/REFERENCE.md lists. Holds nothing but its options: make one wherever it is handy.
 */
export function createHubClient(Parse: ParseWithCloud, options: HubClientOptions = {}): HubClient {
  const { prefix = '', ...callOptions } = options;
  const cloud: Cloud = Parse.Cloud;
  const methods: Record<string, unknown> = {};
  return new Proxy(methods, {
    get(target, name) {
      if (typeof name !== 'string' || NOT_FUNCTIONS.has(name)) return undefined;
      // The same method each time, so that it can be a dependency of a React effect.
      return (target[name] ??= (params: object = {}) =>
        cloud.run(prefix + name, params, callOptions));
    },
  }) as HubClient;
}
