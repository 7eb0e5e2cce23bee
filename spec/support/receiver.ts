import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request, as a receiver got it. */
export interface Received {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  /** Names in lower case; values that came more than once joined, as Node does. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The exact bytes. */
  readonly body: Buffer;
  /** When its body was complete, on this process's clock. */
  readonly at: Date;
}

interface ReceiverResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** `hang`: no response is sent. `reset`: the connection ends with a TCP reset. */
export type Reply = ReceiverResponse | 'hang' | 'reset';

/** `nth` is 1 for the first request of this receiver. A promise holds the response back until the spec resolves it. */
type Responder = (request: Received, nth: number) => Reply | Promise<Reply>;

export interface Receiver {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly url: string;
  /** Everything received, in order. */
  readonly requests: readonly Received[];
  /** Sets the response from the next request on. Until then, each response has the status 204. */
  respond(responder: Responder | Reply): void;
  /** The first request that no `next` or `received` has returned yet: a past one, or the next to come. */
  next(): Promise<Received>;
  /** The first `count` requests, as soon as that many have come. */
  received(count: number): Promise<readonly Received[]>;
  /** Ends open connections too, hanging ones included. */
  close(): Promise<void>;
}

/** Starts a receiver of HTTP requests on 127.0.0.1 that responds as a spec sets it. It uses no timers. */
export async function startReceiver(): Promise<Receiver> {
  const requests: Received[] = [];
  const waiting = new Set<{ readonly count: number; readonly wake: () => void }>();
  let seen = 0;
  let responder: Responder = () => ({ status: 204 });

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await read(incoming);
    const nth = requests.push(request);
    for (const each of [...waiting]) {
      if (each.count > nth) continue;
      waiting.delete(each);
      each.wake();
    }
    const reply = await responder(request, nth);
    if (reply === 'hang') return;
    if (reply === 'reset') incoming.socket.resetAndDestroy();
    else response.writeHead(reply.status, { ...reply.headers }).end(reply.body);
  }

  async function have(count: number): Promise<void> {
    seen = Math.max(seen, count);
    if (requests.length < count) {
      await new Promise<void>((wake) => waiting.add({ count, wake }));
    }
  }

  const server = createServer((incoming, response) => {
    // The sender aborted the request, or a responder threw: the connection ends, which the spec notices.
    handle(incoming, response).catch((error: unknown) =>
      incoming.socket.destroy(error instanceof Error ? error : undefined),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    respond(given) {
      responder = typeof given === 'function' ? given : () => given;
    },
    async next() {
      const index = seen;
      await have(index + 1);
      return at(requests, index);
    },
    async received(count) {
      await have(count);
      return requests.slice(0, count);
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function read(incoming: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return {
    method: incoming.method ?? '',
    path: incoming.url ?? '',
    headers: Object.fromEntries(
      Object.entries(incoming.headers).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join(', ') : value,
      ]),
    ),
    body: Buffer.concat(chunks),
    at: new Date(),
  };
}

function at(requests: readonly Received[], index: number): Received {
  const request = requests[index];
  if (request === undefined) throw new Error(`There is no request ${index}.`);
  return request;
}
