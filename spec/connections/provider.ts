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

/** A service of our own, as inconvenient as real ones are. */
export interface Provider {
  readonly url: string;
  readonly connector: ConnectorSpec;
  /** Tokens that it accepts. */
  readonly tokens: Set<string>;
  /** Refresh tokens that it accepts: each once. */
  readonly refreshTokens: Set<string>;
  /** Bodies that the token endpoint got, in order. */
  readonly tokenRequests: URLSearchParams[];
  /** What the token endpoint answers; `undefined`: a token as asked for. */
  answerToken: ((request: URLSearchParams) => Promise<TokenAnswer | undefined>) | undefined;
  /** Seconds that its tokens live; left out of the answer when `undefined`. */
  expiresIn: number | undefined;
  readonly revoked: string[];
  close(): void;
}

interface TokenAnswer {
  readonly status: number;
  readonly body: unknown;
}

export const KEY = 'key_canary7f3c';
export const CODE = 'code-of-the-consent';

export async function startProvider(): Promise<Provider> {
  const server = createServer((req, res) => {
    void answer(provider, req).then(({ status, body }) => {
      res.writeHead(status, { 'content-type': 'application/json', 'x-scopes': 'read,write' });
      res.end(JSON.stringify(body));
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
    answerToken: undefined,
    expiresIn: 3600,
    revoked: [],
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

async function answer(provider: Provider, req: IncomingMessage): Promise<TokenAnswer> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  const form = new URLSearchParams(Buffer.concat(chunks).toString());
  const { pathname } = new URL(req.url ?? '/', provider.url);
  if (pathname === '/token') return answerToken(provider, form);
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
  return { status: 200, body: { id: 'acc1', name: 'Grace' } };
}

async function answerToken(provider: Provider, form: URLSearchParams): Promise<TokenAnswer> {
  provider.tokenRequests.push(form);
  const said = await provider.answerToken?.(form);
  if (said) return said;
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

/** A connector like that of the provider, at another address. */
export function connectorAt(url: string, key = 'acme'): ConnectorSpec {
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
        scopes: {},
        defaultScopes: [],
      },
      client: {
        kind: 'oauth2ClientCredentials',
        tokenUrl: `${url}/token`,
        clientAuthentication: 'basic',
        scopes: {},
        defaultScopes: [],
      },
    },
    test: {
      request: { method: 'GET', path: path`/me` },
      identity: { id: '/id', name: '/name' },
      grantedScopes: { header: 'X-Scopes', separator: ',' },
      example: { url: `${url}/me`, body: { id: 'acc1', name: 'Grace' } },
    },
    actions: [
      defineAction({
        name: 'getMe',
        summary: 'Reads whose token it is.',
        docs: 'https://acme.example/docs/me',
        risk: 'read',
        input: z.strictObject({}),
        output: z.looseObject({ id: z.string() }),
        request: () => ({ method: 'GET', path: path`/me` }),
        example: {
          input: {},
          sends: { method: 'GET', url: `${url}/me` },
          answer: { body: { id: 'acc1' } },
        },
      }),
    ],
    limits: { docs: 'https://acme.example/limits', budgets: [] },
    failures: { code: ['/error/code'], message: ['/error/message'] },
  });
}
