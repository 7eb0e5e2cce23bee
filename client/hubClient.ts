import type { Client } from '../cloud/manifest.js';

/** Every function of the hub as a method, with its parameters and its result. */
export type HubClient = Client;

export interface HubClientOptions {
  /** The `functionPrefix` of the host. Default: none. */
  readonly prefix?: string | undefined;
  /** The user to act for. Default: the signed-in user, whose token the SDK sends. Needed on a server. */
  readonly sessionToken?: string | undefined;
  /** Only in Node, with a Parse that was initialized with the master key. */
  readonly useMasterKey?: boolean | undefined;
}

/** The used part of the Parse SDK: `parse`, `parse/node` and the `Parse` of a script tag all have it. */
export interface ParseWithCloud {
  readonly Cloud: {
    // Parse's own type is generic over the function's, in two overloads: parameters of `never` let any such type in.
    run(name: string, params: never, options: never): Promise<unknown>;
  };
}

interface Cloud {
  run(name: string, params: object, options: object): Promise<unknown>;
}

/** Property names that the language itself looks up. With a `then`, a client would be called by each `await` of it. */
const NOT_FUNCTIONS: ReadonlySet<string> = new Set(['then', 'toJSON']);

/**
 * The hub's functions as methods: `await createHubClient(Parse).getWebhooks({ limit: 5 })`. Nothing is sent until a method
 * is called. A method rejects with the `Parse.Error` that the server returned; its `code` is one of those that
 * cloud/REFERENCE.md lists. The client has no state besides its options, so it can be created anywhere.
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
