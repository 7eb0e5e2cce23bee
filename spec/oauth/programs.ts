import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

import type { Client } from '../../cloud/manifest.js';
import { anonymous, type Json, type TestUser } from '../support/hub.js';
import { basic, type MadeApp, type OAuthSetting, startOAuth } from './setting.js';

const SCOPES = {
  'posts:read': { description: 'Read posts', functions: ['whoCalls'] },
  'posts:write': { description: 'Write posts', functions: ['writePost'], roles: ['owner'] },
} as const;

export type Member = 'owner' | 'admin';

/** As whom a credential acts, and with which permissions; the code of the refusal when it does not work. */
export type Acting =
  { readonly user: string; readonly permissions: readonly string[] } | number | string;

/** How an app authenticates. */
export type Login = (appId: string) => {
  readonly form: Record<string, string>;
  readonly headers: Record<string, string>;
};

/** A key pair of an app. */
export interface Pair {
  readonly privateKey: KeyObject;
  readonly jwk: Json;
}

/** Apps that get tokens for themselves, with scopes of the host: posts:read, and posts:write for owners only. */
export interface Programs {
  readonly oauth: OAuthSetting;
  as(member: Member | TestUser): Client;
  /** Registers an app with client credentials and the scope posts:read, unless `given` overrides it. */
  make(member: Member | TestUser, given?: object): Promise<MadeApp>;
  byPair(pair: Pair): Login;
  /** Returns the response to a request for a token of the app itself, with all scopes that the app has at that time. */
  requestToken(appId: string, login: Login): Promise<Json>;
  actingBy(appId: string, login: Login): Promise<Acting>;
  actingOf(headers: Record<string, string>): Promise<Acting>;
}

export async function startPrograms(): Promise<Programs> {
  const registered: { callerOf?: (request: object) => Promise<Json> } = {};
  const cloud = (Parse: Json) => {
    Parse.Cloud.define('whoCalls', async (request: Json) => {
      const caller = await registered.callerOf?.(request);
      return { user: request.user?.id, permissions: [...(caller?.permissions ?? [])].sort() };
    });
  };
  const oauth = await startOAuth({ hub: { scopes: SCOPES }, host: { cloud } });
  registered.callerOf = oauth.hub.callerOf;
  const { organizationId, team, hub } = oauth;
  const as = (member: Member | TestUser) =>
    hub.as(typeof member === 'string' ? team[member] : member);

  async function actingOf(headers: Record<string, string>): Promise<Acting> {
    const { body } = await hub.call('whoCalls', {}, { ...anonymous, headers });
    return body.result ?? body.code;
  }
  async function requestToken(oauthAppId: string, login: Login): Promise<Json> {
    const { oauthApp } = await as('owner').getOAuthApp({ organizationId, oauthAppId });
    const { form, headers } = login(oauthAppId);
    const scope = oauthApp.scopes.join(' ');
    const all = { grant_type: 'client_credentials', scope, ...form };
    return (await oauth.post('/token', all, headers)).body;
  }
  return {
    oauth,
    as,
    actingOf,
    requestToken,
    async make(member, given = {}) {
      const { oauthApp, clientSecret } = await as(member).createOAuthApp({
        organizationId,
        name: 'Program',
        grants: ['clientCredentials'],
        redirectUris: [],
        scopes: ['posts:read'],
        ...given,
      });
      return { id: oauthApp.id, secret: clientSecret };
    },
    byPair: (pair) => (id) => ({
      headers: {},
      form: {
        client_assertion: assertionOf(oauth.issuer, id, pair),
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      },
    }),
    async actingBy(appId, login) {
      const { access_token: token, error } = await requestToken(appId, login);
      return token === undefined ? error : actingOf({ authorization: `Bearer ${token}` });
    },
  };
}

export const bySecret =
  (secret: string | undefined): Login =>
  (id) => ({ form: {}, headers: basic({ id, secret }) });

export function newPair(kid: string): Pair {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { kty, crv, x, y } = publicKey.export({ format: 'jwk' });
  return { privateKey, jwk: { kty, crv, x, y, kid } };
}

let assertions = 0;
function assertionOf(issuer: string, appId: string, { privateKey, jwk }: Pair): string {
  // The library compares with the clock of its process.
  const iat = Math.floor(Date.now() / 1000);
  const jti = `jti ${String((assertions += 1))}`;
  const claims = { iss: appId, sub: appId, aud: issuer, iat, exp: iat + 60, jti };
  const body = [{ alg: 'ES256', kid: jwk.kid }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const key = { key: privateKey, dsaEncoding: 'ieee-p1363' } as const;
  return `${body}.${sign('sha256', Buffer.from(body), key).toString('base64url')}`;
}
