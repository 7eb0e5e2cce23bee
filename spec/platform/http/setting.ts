import {
  createHttpClient,
  type HttpClient,
  type HttpClientOptions,
  type HttpOutcome,
  type HttpRequest,
  type HttpResponse,
  parseAllowList,
} from '../../../src/platform/http/index.js';
import { type Receiver, startReceiver } from '../../support/receiver.js';
import { type RawServer, type RawServerOptions, startRawServer } from './rawServer.js';

/** A client that may reach 127.0.0.1 only, and servers to talk to: new ones for each test, closed after it. */
export interface Setting {
  readonly client: HttpClient;
  readonly receiver: Receiver;
  /** Replaces the client by one with other options. */
  reopen(options: Partial<HttpClientOptions>): Promise<void>;
  serve(
    serve: Parameters<typeof startRawServer>[0],
    options?: RawServerOptions,
  ): Promise<RawServer>;
  /** The outcome of a POST to a server that responds with these bytes and then does nothing. */
  respondWith(bytes: string | Buffer, request?: Partial<HttpRequest>): Promise<HttpOutcome>;
}

/** Registers the hooks of the spec that calls it, at the top of its outermost `describe`. */
export function useSetting(): Setting {
  const policy = { allowHttp: false, allowed: parseAllowList('127.0.0.1') };
  let client: HttpClient;
  let receiver: Receiver;
  let servers: RawServer[];

  beforeEach(async () => {
    servers = [];
    receiver = await startReceiver();
    client = createHttpClient({ policy });
  });
  afterEach(async () => {
    await client.close();
    await receiver.close();
    await Promise.all(servers.map((server) => server.close()));
  });

  const setting: Setting = {
    get client() {
      return client;
    },
    get receiver() {
      return receiver;
    },
    async reopen(options) {
      await client.close();
      client = createHttpClient({ policy, ...options });
    },
    async serve(serve, options) {
      const server = await startRawServer(serve, options);
      servers.push(server);
      return server;
    },
    async respondWith(bytes, request) {
      const server = await setting.serve((socket) => socket.write(bytes));
      return client.request({ url: `http://127.0.0.1:${server.port}/`, ...request });
    },
  };
  return setting;
}

/** The outcome as the response that the spec takes it for. */
export function responseOf(outcome: HttpOutcome): HttpResponse {
  if (outcome.kind !== 'response') throw new Error(`${outcome.reason}: ${outcome.message}`);
  return outcome;
}

/** A promise that the spec resolves. */
export function gate<Value>(): { promise: Promise<Value>; open: (value: Value) => void } {
  let open: (value: Value) => void = () => undefined;
  const promise = new Promise<Value>((resolve) => (open = resolve));
  return { promise, open };
}
