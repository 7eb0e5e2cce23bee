import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { serverOf } from '../../src/connectors/index.js';
import type { ActionRequest, AuthSpec, ConnectorSpec } from '../../src/contract/index.js';

/** A received request. */
interface Came {
  readonly method: string;
  /** Path and query, relative to the connector’s server. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A server that responds with documented examples. */
export interface ContractServer {
  /** The connector with this server and its documented tests. */
  readonly connector: ConnectorSpec;
  readonly came: Came[];
  /** The response to all requests; `undefined`: tests of connections as documented, 400 for everything else. */
  documents: DocumentedResponse | undefined;
  close(): void;
}

export interface DocumentedResponse {
  readonly status?: number | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body: unknown;
  /** Sends it as the only event of a stream. */
  readonly stream?: { readonly done?: string } | undefined;
}

export const TOKEN = 'tokenCanary7f3cTokenCanary7f3c';

export async function startContractServer(connector: ConnectorSpec): Promise<ContractServer> {
  const tests = testsOf(connector);
  const came: Came[] = [];
  const server = createServer((req, res) => {
    void bodyOf(req).then((body) => {
      if (req.url === '/token') {
        res.writeHead(200, { 'content-type': 'application/json' });
        res.end(JSON.stringify({ access_token: TOKEN, expires_in: 3600, token_type: 'bearer' }));
        return;
      }
      const request = { method: req.method ?? '', path: req.url ?? '', headers: req.headers, body };
      came.push(request);
      const { status, headers, bytes } = written(
        contract.documents ?? tests.get(keyOf(request.method, request.path)),
      );
      res.writeHead(status, headers);
      res.end(bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const contract: ContractServer = {
    connector: at(connector, url),
    came,
    documents: undefined,
    close: () => {
      closed(server);
    },
  };
  return contract;
}

function closed(server: Server): void {
  server.closeAllConnections();
  server.close();
}

async function bodyOf(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** Compares queries as sets: the documentation does not define the order. */
export function keyOf(method: string, path: string): string {
  const url = new URL(path, 'http://host');
  url.searchParams.sort();
  return `${method} ${url.pathname}?${url.searchParams.toString()}`;
}

/** Returns the path of a documented URL on the contract server: below the name of the connector’s server. */
export function pathOf(
  connector: ConnectorSpec,
  request: ActionRequest,
  documented: string,
): string {
  const name = request.server ?? Object.keys(connector.servers)[0] ?? '';
  const base = serverOf(connector, name, connector.example ?? {});
  const whole = new URL(documented).href;
  const below = whole.slice(new URL(base).href.replace(/\/$/, '').length);
  return `/${name}${below}`;
}

/** The responses to the tests of a connection. */
function testsOf({
  test,
  tests = {},
  ...connector
}: ConnectorSpec): ReadonlyMap<string, DocumentedResponse> {
  const entries = [test, ...Object.values(tests)].map(({ request, example }) => {
    const path = pathOf({ ...connector, test }, request, example.url);
    return [keyOf(request.method, path), example] as const;
  });
  return new Map<string, DocumentedResponse>(entries);
}

function written(documented: DocumentedResponse | undefined) {
  if (!documented) {
    const headers = { 'content-type': 'application/json' };
    return { status: 400, headers, bytes: Buffer.from('{"error":"nothing documented"}') };
  }
  const { status = 200, headers = {}, body } = documented;
  const { type, bytes } = encoded(body, documented.stream);
  return { status, headers: { 'content-type': type, ...headers }, bytes };
}

function encoded(
  body: unknown,
  stream: DocumentedResponse['stream'],
): { type: string; bytes: Buffer } {
  if (stream) {
    const end = stream.done === undefined ? '' : `data: ${stream.done}\n\n`;
    const text = `data: ${JSON.stringify(body)}\n\n${end}`;
    return { type: 'text/event-stream', bytes: Buffer.from(text) };
  }
  if (typeof body === 'string') {
    const type = body.startsWith('<') ? 'text/xml' : 'text/plain';
    return { type, bytes: Buffer.from(body) };
  }
  if (typeof body === 'object' && body !== null && 'base64' in body) {
    const { base64, contentType = 'application/octet-stream' } = body as Record<string, string>;
    return { type: contentType, bytes: Buffer.from(base64 ?? '', 'base64') };
  }
  const text = body === null || body === undefined ? '' : JSON.stringify(body);
  return { type: 'application/json', bytes: Buffer.from(text) };
}

/** Limits are omitted, because only requests are tested here. */
function at(connector: ConnectorSpec, url: string): ConnectorSpec {
  const moved = (authMethod: AuthSpec): AuthSpec => {
    if (!('tokenUrl' in authMethod)) return authMethod;
    return { ...authMethod, tokenUrl: `${url}/token` };
  };
  return {
    ...connector,
    key: `${connector.key}Documented`,
    servers: Object.fromEntries(
      Object.keys(connector.servers).map((name) => [name, `${url}/${name}`]),
    ),
    auth: Object.fromEntries(
      Object.entries(connector.auth).map(([name, authMethod]) => [name, moved(authMethod)]),
    ),
    limits: { ...connector.limits, budgets: [] },
  };
}
