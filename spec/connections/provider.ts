import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { z } from 'zod';

import {
  type ConnectorSpec,
  defineAction,
  defineConnector,
  path,
} from '../../src/contract/index.js';

/** A service of the specs, as inconvenient as real ones are. */
export interface Provider {
  readonly url: string;
  readonly connector: ConnectorSpec;
  /** Tokens that it accepts. */
  readonly tokens: Set<string>;
  /** Refresh tokens that it accepts: each once. */
  readonly refreshTokens: Set<string>;
  /** Bodies that the token endpoint received, in order. */
  readonly tokenRequests: URLSearchParams[];
  /** The response of the token endpoint; `undefined`: a token as requested. */
  onTokenRequest:
    ((request: URLSearchParams) => Promise<StubTokenResponse | undefined>) | undefined;
  /** Seconds that its tokens live; omitted in the response when `undefined`. */
  expiresIn: number | undefined;
  /** The scopes that its token responses grant. */
  scopes: string;
  readonly revoked: string[];
  /** Requests for things, in order. */
  readonly requests: ProviderRequest[];
  /** The response to a request for things; `undefined`: the service's own. */
  onRequest:
    ((request: ProviderRequest, nth: number) => Promise<StubResponse | undefined>) | undefined;
  close(): void;
}

interface ProviderRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

interface StubTokenResponse {
  readonly status: number;
  readonly body: unknown;
}

export interface StubResponse extends StubTokenResponse {
  readonly headers?: Readonly<Record<string, string>>;
}

export const KEY = 'key_canary7f3c';
export const CODE = 'code-of-the-consent';

export async function startProvider(): Promise<Provider> {
  const server = createServer((req, res) => {
    void respond(provider, req).then(({ status, body, headers }) => {
      const own = { 'content-type': 'application/json', 'x-scopes': provider.scopes };
      res.writeHead(status, { ...own, ...headers });
      res.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider: Provider = {
    url,
    connector: connectorAt(url),
    tokens: new Set([KEY]),
    refreshTokens: new Set(),
    tokenRequests: [],
    onTokenRequest: undefined,
    expiresIn: 3600,
    scopes: 'read,write',
    revoked: [],
    requests: [],
    onRequest: undefined,
    close: () => {
      closeServer(server);
    },
  };
  return provider;
}

function closeServer(server: Server): void {
  server.closeAllConnections();
  server.close();
}

async function respond(provider: Provider, req: IncomingMessage): Promise<StubResponse> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  const form = new URLSearchParams(text);
  const { pathname, searchParams } = new URL(req.url ?? '/', provider.url);
  if (pathname === '/token') return tokenResponse(provider, form);
  if (pathname === '/revoke') {
    provider.revoked.push(form.get('token') ?? '');
    return { status: 200, body: {} };
  }
  const token = /^Bearer (.*)$/.exec(req.headers.authorization ?? '')?.[1] ?? '';
  if (!provider.tokens.has(token)) {
    return {
      status: 401,
      body: { error: { code: 'bad_token', message: 'This token is no good' } },
    };
  }
  if (pathname === '/me') return { status: 200, body: { id: 'acc1', name: 'Grace' } };
  const request: ProviderRequest = {
    method: req.method ?? '',
    path: pathname,
    headers: req.headers,
    body: text,
    query: Object.fromEntries(searchParams),
  };
  const nth = provider.requests.push(request);
  return (await provider.onRequest?.(request, nth)) ?? thingsResponse(request);
}

/** Five things in pages of two; each can be read, created and changed. */
function thingsResponse({ method, path: pathname, query, body }: ProviderRequest): StubResponse {
  if (method === 'POST') return { status: 201, body: { id: 'new', given: JSON.parse(body) } };
  if (pathname !== '/things')
    return { status: 200, body: { id: pathname.split('/').at(-1), n: 1 } };
  const at = Number(query['after'] ?? 0);
  const items = [1, 2, 3, 4, 5].slice(at, at + 2).map((n) => ({ id: `t${n}` }));
  const next = at + 2 < 5 ? String(at + 2) : '';
  return { status: 200, body: { items, next } };
}

async function tokenResponse(
  provider: Provider,
  form: URLSearchParams,
): Promise<StubTokenResponse> {
  provider.tokenRequests.push(form);
  const response = await provider.onTokenRequest?.(form);
  if (response) return response;
  const refused = { status: 400, body: { error: 'invalid_grant', error_description: 'Too late' } };
  if (form.get('grant_type') === 'authorization_code' && form.get('code') !== CODE) return refused;
  const given = form.get('refresh_token');
  if (given !== null && !provider.refreshTokens.delete(given)) return refused;
  const [access, refresh] = [randomBytes(9).toString('hex'), randomBytes(9).toString('hex')];
  provider.tokens.add(access);
  provider.refreshTokens.add(refresh);
  const { expiresIn } = provider;
  return {
    status: 200,
    body: {
      access_token: access,
      refresh_token: refresh,
      ...(expiresIn !== undefined && { expires_in: expiresIn }),
      token_type: 'bearer',
    },
  };
}

/** A connector like that of the provider, at another URL. */
export function connectorAt(
  url: string,
  key = 'acme',
  budgets: ConnectorSpec['limits']['budgets'] = [],
): ConnectorSpec {
  return defineConnector({
    key,
    name: 'Acme',
    category: 'generic',
    description: 'A service of the specs.',
    docs: 'https://acme.example/docs',
    support: 'community',
    version: '1.0.0',
    checkedOn: '2026-11-21',
    setup: ['Ask for a key.'],
    servers: { api: url },
    fields: { region: { title: 'Region', type: 'choice', choices: ['eu', 'us'], required: false } },
    auth: {
      consent: {
        kind: 'oauth2Code',
        authorizeUrl: `${url}/authorize`,
        tokenUrl: `${url}/token`,
        pkce: true,
        scopes: { read: 'Read', write: 'Write' },
        defaultScopes: ['read'],
        refresh: { singleUse: true },
        revoke: { url: `${url}/revoke`, by: 'token' },
      },
      key: { kind: 'bearer', token: { title: 'Key', pattern: 'key_\\w+', help: 'Ask for one.' } },
      service: {
        kind: 'jwtServiceAccount',
        tokenUrl: `${url}/token`,
        audience: `${url}/token`,
        algorithm: 'RS256',
        scopes: { read: 'Read' },
        defaultScopes: ['read'],
      },
      old: {
        kind: 'oauth1',
        consent: {
          requestTokenUrl: `${url}/request`,
          authorizeUrl: `${url}/authorize`,
          accessTokenUrl: `${url}/access`,
        },
        signatureMethod: 'HMAC-SHA1',
      },
      client: {
        kind: 'oauth2ClientCredentials',
        tokenUrl: `${url}/token`,
        clientAuthentication: 'basic',
        scopes: {},
        defaultScopes: [],
      },
    },
    scopesDecide: true,
    test: {
      request: { method: 'GET', path: path`/me` },
      identity: { id: '/id', name: '/name' },
      grantedScopes: { header: 'X-Scopes', separator: ',' },
      example: { url: `${url}/me`, body: { id: 'acc1', name: 'Grace' } },
    },
    actions: [
      defineAction({
        name: 'getMe',
        summary: 'Reads the account of the token.',
        docs: 'https://acme.example/docs/me',
        risk: 'read',
        input: () => z.strictObject({}),
        output: () => z.looseObject({ id: z.string() }),
        request: () => ({ method: 'GET', path: path`/me` }),
        example: {
          input: {},
          sends: { method: 'GET', url: `${url}/me` },
          response: { body: { id: 'acc1' } },
        },
      }),
      ...thingActions(url),
    ],
    limits: {
      docs: 'https://acme.example/limits',
      budgets,
      headers: [
        { name: 'x-left', kind: 'remaining' },
        { name: 'x-resets', kind: 'reset', unit: 'epochSeconds' },
        { name: 'x-resets-ms', kind: 'reset', unit: 'epochMilliseconds' },
      ],
    },
    failures: { code: ['/error/code'], message: ['/error/message'] },
  });
}

function thingActions(url: string) {
  const docs = 'https://acme.example/docs/things';
  const thing = z.looseObject({ id: z.string() });
  return [
    defineAction({
      name: 'getThing',
      summary: 'Reads a thing.',
      docs,
      risk: 'read',
      input: () => z.strictObject({ id: z.string() }),
      output: () => thing,
      request: ({ id }) => ({ method: 'GET', path: path`/things/${id}` }),
      example: {
        input: { id: 't1' },
        sends: { method: 'GET', url: `${url}/things/t1` },
        response: { body: { id: 't1' } },
      },
    }),
    defineAction({
      name: 'listThings',
      summary: 'Lists things.',
      docs,
      risk: 'read',
      input: () => z.strictObject({ color: z.string().optional() }),
      output: () => z.looseObject({ items: z.array(thing) }),
      request: ({ color }) => ({ method: 'GET', path: path`/things`, query: { color } }),
      pages: { kind: 'cursor', items: '/items', next: '/next', param: 'after' },
      example: {
        input: {},
        sends: { method: 'GET', url: `${url}/things` },
        response: { body: { items: [{ id: 't1' }] } },
      },
    }),
    defineAction({
      name: 'createThing',
      summary: 'Makes a thing, once for each key.',
      docs,
      risk: 'write',
      idempotent: { header: 'Idempotency-Key' },
      input: () => z.strictObject({ name: z.string().max(20), pin: z.string().optional() }),
      output: () => thing,
      request: (json) => ({ method: 'POST', path: path`/things`, body: { json } }),
      example: {
        input: { name: 'a' },
        sends: { method: 'POST', url: `${url}/things`, json: { name: 'a' } },
        response: { status: 201, body: { id: 'new' } },
      },
    }),
    defineAction({
      name: 'pushThing',
      summary: 'Pushes a thing, which twice is not once.',
      docs,
      risk: 'write',
      scopes: ['write'],
      input: () => z.strictObject({ name: z.string() }),
      output: () => thing,
      request: (json) => ({
        method: 'POST',
        path: path`/pushes`,
        body: { json },
        headers: { 'x-name': encodeURIComponent(json.name) },
      }),
      example: {
        input: { name: 'a' },
        sends: { method: 'POST', url: `${url}/pushes`, json: { name: 'a' } },
        response: { status: 201, body: { id: 'new' } },
      },
    }),
    defineAction({
      name: 'orderThing',
      summary: 'Orders a thing, once for each token in the body.',
      docs,
      risk: 'write',
      idempotent: { member: 'token' },
      input: () => z.strictObject({ name: z.string(), token: z.string().optional() }),
      output: () => thing,
      request: (json) => ({ method: 'POST', path: path`/orders`, body: { json } }),
      example: {
        input: { name: 'a' },
        sends: { method: 'POST', url: `${url}/orders`, json: { name: 'a' } },
        response: { status: 201, body: { id: 'new' } },
      },
    }),
    defineAction({
      name: 'watchThings',
      summary: 'Streams changes.',
      docs,
      risk: 'read',
      input: () => z.strictObject({}),
      output: () => thing,
      stream: { kind: 'sse', done: '[DONE]' },
      request: () => ({ method: 'GET', path: path`/changes` }),
      example: {
        input: {},
        sends: { method: 'GET', url: `${url}/changes` },
        response: { body: { id: 't1' } },
      },
    }),
  ];
}
