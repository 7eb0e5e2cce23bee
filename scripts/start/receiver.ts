import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

import { Webhook } from 'standardwebhooks';

/** A received request whose signature was checked. */
interface ReceivedMessage {
  /** The webhook-id header: the same for each attempt of one delivery. */
  readonly id: string;
  /** The path of the request, which identifies the webhook. */
  readonly path: string;
  readonly isVerified: boolean;
  /** How often this message was received, including this time. */
  readonly attempt: number;
  /** The event's type; set if the signature is valid. */
  readonly type?: string;
}

export interface Receiver {
  readonly port: number;
  close(): Promise<void>;
}

export interface ReceiverOptions {
  /** Default: a free port. */
  readonly port?: number;
  /** Returns the signing secret of the webhook with this path. If it returns `undefined`, the message is refused. */
  secretOf(path: string): string | undefined;
  /** Returns the HTTP status for a message with a valid signature. Every other message gets 401. */
  receive(message: ReceivedMessage): number;
}

const BODY_BYTES_MAX = 1024 * 1024;

/** Starts a receiver such as an organization runs, on the loopback address. It accepts only signed messages. */
export async function startReceiver(options: ReceiverOptions): Promise<Receiver> {
  const attempts = new Map<string, number>();
  const server = createServer((request, response) => {
    void handle(request, response, { options, attempts }).catch(() => response.destroy());
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  return { port: portOf(server), close: () => close(server) };
}

interface Handling {
  readonly options: ReceiverOptions;
  readonly attempts: Map<string, number>;
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  { options, attempts }: Handling,
): Promise<void> {
  const path = request.url ?? '/';
  const body = await readBody(request);
  const id = String(request.headers['webhook-id'] ?? '');
  const type = body === undefined ? undefined : verify(body, request, options.secretOf(path));
  const attempt = (attempts.get(id) ?? 0) + 1;
  if (type !== undefined) attempts.set(id, attempt);
  const message = { id, path, attempt, isVerified: type !== undefined };
  const status = options.receive(type === undefined ? message : { ...message, type });
  response.writeHead(type === undefined ? 401 : status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ received: type !== undefined && status < 300 }));
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Returns the event's type if the signature is valid for exactly these bytes, else `undefined`. */
function verify(body: string, request: IncomingMessage, secret?: string): string | undefined {
  if (secret === undefined) return undefined;
  try {
    const event = new Webhook(secret).verify(body, request.headers as Record<string, string>);
    return (event as { readonly type: string }).type;
  } catch {
    return undefined;
  }
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('A TCP server has a port.');
  return address.port;
}

async function close(server: Server): Promise<void> {
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
}
