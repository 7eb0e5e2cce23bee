import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request, with functions for every kind of response. */
export interface Visit {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly response: ServerResponse;
}

export type Responder = (visit: Visit) => unknown;

/** A service that does what services should not. */
export interface HostileProvider {
  readonly url: string;
  /** How a path is responded to, by its first part; other paths get a correct response. */
  readonly responders: Partial<Record<'token' | 'me' | 'things' | 'revoke', Responder>>;
  readonly visits: Visit[];
  /** Every value that must stay secret: tokens that it issued, and credentials that it received. */
  readonly secrets: Set<string>;
  /** The tokens that it accepts. */
  readonly accepted: Set<string>;
  /** Each is valid for one refresh. */
  readonly refreshTokens: Set<string>;
  /** Members of its next token responses, in addition to the usual ones; `undefined` omits one. */
  grants: Readonly<Record<string, unknown>>;
  /** Issues tokens and returns the response of a good service, after `grants`. */
  grant(): Record<string, unknown>;
  countOf(path: string): number;
  close(): Promise<void>;
}

export async function startHostileProvider(): Promise<HostileProvider> {
  const server = createServer({ maxHeaderSize: 65_536 }, (request, response) => {
    visit(provider, request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  let issued = 0;
  const provider: HostileProvider = {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    responders: {},
    visits: [],
    secrets: new Set(),
    accepted: new Set(),
    refreshTokens: new Set(),
    grants: {},
    grant() {
      const nth = String(++issued);
      const [access, refresh] = [`acc/canary+${nth}=${nth}`, `ref/canary+${nth}=${nth}`];
      provider.accepted.add(access);
      provider.refreshTokens.add(refresh);
      for (const secret of [access, refresh]) provider.secrets.add(secret);
      const own = { access_token: access, refresh_token: refresh, expires_in: 3600 };
      return { ...own, token_type: 'bearer', ...provider.grants };
    },
    countOf: (path) => provider.visits.filter((each) => each.path.startsWith(path)).length,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  return provider;
}

/** A server where no request should ever arrive. */
export async function startElsewhere(host: string) {
  const visits: string[] = [];
  const server = createServer((request, response) => {
    visits.push(`${request.method ?? ''} ${request.url ?? ''}`);
    json({ access_token: 'acc/canary+elsewhere' })({ response });
  });
  server.listen(0, host);
  await once(server, 'listening');
  return {
    url: `http://${host}:${String((server.address() as AddressInfo).port)}`,
    visits,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function visit(
  provider: HostileProvider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString();
  const path = request.url ?? '/';
  const seen = { path, headers: request.headers, body, response };
  provider.visits.push(seen);
  remember(provider, new URLSearchParams(body));
  const [, first = ''] = path.split(/[/?]/);
  const respond = provider.responders[first as keyof HostileProvider['responders']];
  if (respond) await respond(seen);
  else if (first === 'token') respondToken(provider, seen);
  else respondThings(provider, seen);
}

const PROOFS = ['client_secret', 'code', 'code_verifier', 'refresh_token'];

function remember({ secrets }: HostileProvider, form: URLSearchParams): void {
  for (const name of PROOFS) {
    const value = form.get(name);
    if (value !== null) secrets.add(value);
  }
}

function respondToken(provider: HostileProvider, seen: Visit): void {
  const given = new URLSearchParams(seen.body).get('refresh_token');
  if (given !== null && !provider.refreshTokens.delete(given)) {
    json({ error: 'invalid_grant', error_description: 'Used before' }, { status: 400 })(seen);
    return;
  }
  json(provider.grant())(seen);
}

function respondThings({ accepted }: HostileProvider, seen: Visit): void {
  const token = /^Bearer (.*)$/.exec(seen.headers.authorization ?? '')?.[1] ?? '';
  if (accepted.has(token)) json({ id: 'acc1', name: 'Grace' })(seen);
  else json({ error: { message: `No good: ${token}` } }, { status: 401 })(seen);
}

type To = Pick<Visit, 'response'>;

export function json(
  body: unknown,
  { status = 200, headers = {} }: { status?: number; headers?: Record<string, string> } = {},
) {
  return ({ response }: To) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}

/** A body, unchanged. */
export function as(type: string, body: string | Buffer, status = 200) {
  return ({ response }: To) => {
    response.writeHead(status, type === '' ? {} : { 'content-type': type });
    response.end(body);
  };
}

export function redirect(location: string, status: number) {
  return ({ response }: To) => {
    response.writeHead(status, { location });
    response.end();
  };
}

/** Sends this text, then closes the connection. */
export function cut(text: string) {
  return ({ response }: To) => {
    response.socket?.write(text, () => response.socket?.destroy());
  };
}

/** Never responds. */
export function silent(): void {
  // The connection ends when the caller closes it, or the server stops.
}

/**
 * Sends the first text, then the other one repeatedly, up to `bytes` or until the caller closes the connection; returns
 * how much was taken.
 */
export function flood(first: string, again: string, bytes = 100 * 1024 * 1024) {
  const sent = { bytes: 0 };
  const respond = async ({ response }: To) => {
    const socket = response.socket;
    if (!socket) return;
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    const chunk = Buffer.from(again.repeat(Math.ceil(65_536 / again.length)));
    // The caller closes the connection in the middle.
    socket.on('error', () => undefined);
    socket.write(first);
    while (!socket.destroyed && sent.bytes < bytes) {
      sent.bytes += chunk.length;
      if (!socket.write(chunk)) {
        await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), closed]);
      }
    }
    socket.destroy();
  };
  return { sent, answering: respond };
}
