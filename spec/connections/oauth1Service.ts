import { createHmac, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import OAuth from 'oauth-1.0a';
import { z } from 'zod';

import { type ConnectorSpec, defineAction, defineConnector, path } from '../../index.js';

export const CONSUMER = { clientId: 'consumer', clientSecret: 'consumer/secret&canary7f3c' };

export interface OAuth1Service {
  readonly url: string;
  readonly connector: ConnectorSpec;
  /** Why requests were refused; empty while all were signed as the independent library signs. */
  readonly refused: string[];
  /** Returns the URL that a user who consents is redirected to. */
  consent(page: string): string;
  /** Returns a token that a user copies from a page of the service. */
  make(): { readonly token: string; readonly tokenSecret: string };
  /** Revokes every token. */
  forget(): void;
  /** The response of the token endpoints instead of the usual one. */
  override: { status: number; body: string } | undefined;
  readonly secrets: readonly string[];
  close(): void;
}

interface Token {
  readonly secret: string;
  readonly callback?: string;
  verifier?: string;
  readonly kind: 'request' | 'access';
}

/**
 * A service with OAuth 1.0a whose signatures are checked by the package oauth-1.0a:
 * https://www.rfc-editor.org/rfc/rfc5849
 */
export async function startOAuth1Service(): Promise<OAuth1Service> {
  const tokens = new Map<string, Token>();
  const secrets: string[] = [CONSUMER.clientSecret];
  const refused: string[] = [];
  const seen = new Set<string>();
  const judge = new OAuth({
    consumer: { key: CONSUMER.clientId, secret: CONSUMER.clientSecret },
    signature_method: 'HMAC-SHA256',
    hash_function: (base, key) => createHmac('sha256', key).update(base).digest('base64'),
  });

  /** Returns the protocol's parameters of a correctly signed request; throws the reason for any other. */
  function judged(req: IncomingMessage, url: URL): Record<string, string> {
    const { authorization = '' } = req.headers;
    const given: Record<string, string> = {};
    for (const [, name = '', value = ''] of authorization.matchAll(/(\w+)="([^"]*)"/g)) {
      given[name] = decodeURIComponent(value);
    }
    const { oauth_signature, realm, ...signed } = given;
    if (realm !== 'things of eu') throw new Error(`The realm is ${realm ?? 'not there'}.`);
    const nonce = `${signed['oauth_timestamp'] ?? ''} ${signed['oauth_nonce'] ?? ''}`;
    if (seen.has(nonce)) throw new Error('The nonce was used before.');
    seen.add(nonce);
    const token =
      signed['oauth_token'] === undefined ? undefined : tokens.get(signed['oauth_token']);
    if (signed['oauth_token'] !== undefined && !token) throw new Error('There is no such token.');
    const data = { ...Object.fromEntries(url.searchParams), ...signed };
    const expected = judge.getSignature(
      { method: req.method ?? '', url: `${url.origin}${url.pathname}`, data },
      token?.secret ?? '',
      signed as never,
    );
    if (expected !== oauth_signature) throw new Error('The signature is another.');
    return signed;
  }

  function newToken(kind: Token['kind'], callback?: string): string {
    const [token, secret] = [
      randomBytes(6).toString('hex'),
      `${randomBytes(6).toString('hex')}/+&`,
    ];
    tokens.set(token, { kind, secret, ...(callback !== undefined && { callback }) });
    secrets.push(secret);
    return new URLSearchParams({
      oauth_token: token,
      oauth_token_secret: secret,
      ...(kind === 'request' && { oauth_callback_confirmed: 'true' }),
    }).toString();
  }

  function respond(url: URL, signed: Record<string, string>): string {
    const given = tokens.get(signed['oauth_token'] ?? '');
    if (url.pathname === '/request') return newToken('request', signed['oauth_callback']);
    if (url.pathname === '/access') {
      if (given?.kind !== 'request' || given.verifier !== signed['oauth_verifier']) {
        throw new Error('The verifier is another.');
      }
      tokens.delete(signed['oauth_token'] ?? '');
      return newToken('access');
    }
    if (given?.kind !== 'access') throw new Error('That needs an access token.');
    return JSON.stringify({ id: 'acc1', name: 'Grace', q: url.searchParams.get('q') });
  }

  const service = { override: undefined as OAuth1Service['override'] };
  const server = createServer((req: IncomingMessage, res: ServerResponse) => {
    const url = new URL(req.url ?? '/', `http://${req.headers.host ?? ''}`);
    try {
      if (service.override && req.method === 'POST') {
        res.writeHead(service.override.status).end(service.override.body);
        return;
      }
      const body = respond(url, judged(req, url));
      const type = body.startsWith('{') ? 'application/json' : 'application/x-www-form-urlencoded';
      res.writeHead(200, { 'content-type': type }).end(body);
    } catch (error) {
      refused.push((error as Error).message);
      res.writeHead(401).end((error as Error).message);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  return Object.assign(service, {
    url,
    refused,
    secrets,
    connector: connectorAt(url),
    consent(page: string) {
      const token = tokens.get(new URL(page).searchParams.get('oauth_token') ?? '');
      if (!token?.callback) throw new Error('There is no such request token.');
      token.verifier = randomBytes(6).toString('hex');
      const back = new URL(token.callback);
      back.searchParams.set('oauth_token', new URL(page).searchParams.get('oauth_token') ?? '');
      back.searchParams.set('oauth_verifier', token.verifier);
      return back.href;
    },
    make() {
      const made = new URLSearchParams(newToken('access'));
      return {
        token: made.get('oauth_token') ?? '',
        tokenSecret: made.get('oauth_token_secret') ?? '',
      };
    },
    forget: () => {
      tokens.clear();
    },
    close: () => server.close(),
  });
}

function connectorAt(url: string): ConnectorSpec {
  const signing = {
    kind: 'oauth1',
    signatureMethod: 'HMAC-SHA256',
    realm: 'things of {region}',
  } as const;
  return defineConnector({
    key: 'elder',
    name: 'Elder',
    category: 'development',
    description: 'A service of the specs that speaks OAuth 1.',
    docs: 'https://elder.example/docs',
    support: 'community',
    version: '1.0.0',
    checkedOn: '2026-11-21',
    setup: ['Register a consumer.'],
    servers: { api: url },
    fields: { region: { title: 'Region', type: 'text' } },
    example: { region: 'eu' },
    auth: {
      consent: {
        ...signing,
        consent: {
          requestTokenUrl: `${url}/request`,
          authorizeUrl: `${url}/authorize?lang=en`,
          accessTokenUrl: `${url}/access`,
        },
      },
      tokens: signing,
    },
    test: {
      request: { method: 'GET', path: path`/me` },
      identity: { id: '/id', name: '/name' },
      example: { url: `${url}/me`, body: { id: 'acc1', name: 'Grace' } },
    },
    limits: { docs: 'https://elder.example/docs/limits', budgets: [] },
    actions: [
      defineAction({
        name: 'find',
        summary: 'Finds things.',
        docs: 'https://elder.example/docs/find',
        risk: 'read',
        input: () => z.strictObject({ q: z.string() }),
        output: () => z.looseObject({ q: z.string().nullable() }),
        request: ({ q }) => ({ method: 'GET', path: path`/find`, query: { q } }),
        example: {
          input: { q: 'a b' },
          sends: { method: 'GET', url: `${url}/find?q=a%20b` },
          response: { body: { q: 'a b' } },
        },
      }),
    ],
  });
}
