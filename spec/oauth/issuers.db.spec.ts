import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

import { ApiKey, OAuthApp } from '../../schemas/index.js';
import { anonymous, type Json, master, type TestUser } from '../support/hub.js';
import { isLong } from '../support/rounds.js';
import { basic, type MadeApp, type OAuthSetting, REDIRECT, startOAuth } from './setting.js';

const SCOPES = {
  'posts:read': { description: 'Read posts', functions: ['whoCalls'] },
  'posts:write': { description: 'Write posts', functions: ['writePost'], roles: ['owner'] },
} as const;
const HOUR_MS = 3_600_000;

let oauth: OAuthSetting;
let callerOf: ((request: object) => Promise<Json>) | undefined;
beforeAll(async () => {
  const cloud = (Parse: Json) => {
    Parse.Cloud.define('whoCalls', async (request: Json) => {
      const caller = await callerOf?.(request);
      return { user: request.user?.id, permissions: [...(caller?.permissions ?? [])].sort() };
    });
  };
  oauth = await startOAuth({ hub: { scopes: SCOPES }, host: { cloud } });
  ({ callerOf } = oauth.hub);
});
afterAll(() => oauth.hub.stop());

type Member = 'owner' | 'admin';
const as = (member: Member | TestUser) =>
  oauth.hub.as(typeof member === 'string' ? oauth.team[member] : member);
const idOf = (member: Member) => oauth.team[member].id;

/** As whom a credential acts, and with which permissions; the code of the refusal when it does not work. */
type Acting = { readonly user: string; readonly permissions: readonly string[] } | number | string;
const READS: (member: Member) => Acting = (member) => ({
  user: idOf(member),
  permissions: ['posts:read'],
});

async function actingOf(headers: Record<string, string>): Promise<Acting> {
  const { body } = await oauth.hub.call('whoCalls', {}, { ...anonymous, headers });
  return body.result ?? body.code;
}
const byToken = (token: string) => actingOf({ authorization: `Bearer ${token}` });
const byKey = (key: string) => actingOf({ 'x-api-key': key });

interface Pair {
  readonly privateKey: KeyObject;
  readonly jwk: Json;
}
function newPair(kid: string): Pair {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { kty, crv, x, y } = publicKey.export({ format: 'jwk' });
  return { privateKey, jwk: { kty, crv, x, y, kid } };
}
let assertions = 0;
function assertionOf(appId: string, { privateKey, jwk }: Pair): string {
  const iat = Math.floor(Date.now() / 1000);
  const jti = `jti ${String((assertions += 1))}`;
  const claims = { iss: appId, sub: appId, aud: oauth.issuer, iat, exp: iat + 60, jti };
  const body = [{ alg: 'ES256', kid: jwk.kid }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const key = { key: privateKey, dsaEncoding: 'ieee-p1363' } as const;
  return `${body}.${sign('sha256', Buffer.from(body), key).toString('base64url')}`;
}

type Login = (appId: string) => { form: Record<string, string>; headers: Record<string, string> };
const bySecret =
  (secret: string | undefined): Login =>
  (id) => ({ form: {}, headers: basic({ id, secret }) });
const byPair =
  (pair: Pair): Login =>
  (id) => ({
    headers: {},
    form: {
      client_assertion: assertionOf(id, pair),
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    },
  });

/** Returns the response to a request for a token of the app itself, with all scopes that the app has at that time. */
async function requestToken(oauthAppId: string, login: Login): Promise<Json> {
  const { oauthApp } = await as('owner').getOAuthApp({
    organizationId: oauth.organizationId,
    oauthAppId,
  });
  const { form, headers } = login(oauthAppId);
  const scope = oauthApp.scopes.join(' ');
  const all = { grant_type: 'client_credentials', scope, ...form };
  return (await oauth.post('/token', all, headers)).body;
}
async function actingBy(appId: string, login: Login): Promise<Acting> {
  const { access_token: token, error } = await requestToken(appId, login);
  return token === undefined ? error : byToken(token);
}

async function makeApp(member: Member | TestUser, given: object = {}): Promise<MadeApp> {
  const { oauthApp, clientSecret } = await as(member).createOAuthApp({
    organizationId: oauth.organizationId,
    name: 'Program',
    grants: ['clientCredentials'],
    redirectUris: [],
    scopes: ['posts:read'],
    ...given,
  });
  return { id: oauthApp.id, secret: clientSecret };
}
const update = (member: Member | TestUser, oauthAppId: string, change: object) =>
  as(member).updateOAuthApp({ organizationId: oauth.organizationId, oauthAppId, ...change });
const regenerate = async (
  member: Member | TestUser,
  oauthAppId: string,
  overlapHours = 1,
): Promise<string> =>
  (
    await as(member).regenerateOAuthSecret({
      organizationId: oauth.organizationId,
      oauthAppId,
      overlapHours,
    })
  ).clientSecret;
const setRole = (user: TestUser, role: Member) =>
  as('owner').setOrganizationMemberRole({
    organizationId: oauth.organizationId,
    userId: user.id,
    role,
  });
const remove = (user: TestUser) =>
  as('owner').removeOrganizationMember({
    organizationId: oauth.organizationId,
    userId: user.id,
  });
const add = (user: TestUser) =>
  as('owner').addOrganizationMember({
    organizationId: oauth.organizationId,
    userId: user.id,
    role: 'admin',
  });
async function colleague(): Promise<TestUser> {
  const user = await oauth.hub.signUp();
  await add(user);
  return user;
}

/** A credential of an app that one member issued, and how it acts when it is used. */
interface Issued {
  readonly appId: string;
  act(): Promise<Acting>;
}
interface Hands {
  readonly issuer: Member;
  readonly other: Member;
}

const secretKinds: Record<string, (hands: Hands, given?: object) => Promise<Issued>> = {
  async secret({ issuer }, given) {
    const { id, secret } = await makeApp(issuer, given);
    return { appId: id, act: () => actingBy(id, bySecret(secret)) };
  },
  async 'previous secret'({ issuer, other }, given) {
    const { id, secret } = await makeApp(issuer, given);
    await regenerate(other, id);
    return { appId: id, act: () => actingBy(id, bySecret(secret)) };
  },
  async 'opaque token'({ issuer }, given) {
    const { id, secret } = await makeApp(issuer, given);
    const { access_token: token } = await requestToken(id, bySecret(secret));
    return { appId: id, act: () => byToken(token) };
  },
  async 'JWT token'({ issuer }, given) {
    const { id, secret } = await makeApp(issuer, { tokenFormat: 'jwt', ...given });
    const { access_token: token } = await requestToken(id, bySecret(secret));
    return { appId: id, act: () => byToken(token) };
  },
};
const secretChanges: Record<string, (appId: string, other: Member) => Promise<unknown>> = {
  'adds scopes': (appId, other) =>
    update(other, appId, { scopes: ['posts:read', 'posts:write', 'webhooks:read'] }),
  'adds grants and redirect URIs': (appId, other) =>
    update(other, appId, {
      grants: ['clientCredentials', 'authorizationCode'],
      redirectUris: [REDIRECT],
    }),
  'generates a secret': (appId, other) => regenerate(other, appId),
  'generates a secret and adds scopes': async (appId, other) => {
    await update(other, appId, { scopes: ['posts:read', 'webhooks:read'] });
    await regenerate(other, appId);
    await update(other, appId, { scopes: ['posts:read', 'webhooks:read', 'events:read'] });
  },
  'changes the format and the life of tokens': (appId, other) =>
    update(other, appId, { tokenFormat: 'jwt', accessTokenSeconds: 300 }),
  'enables it': (appId, other) => update(other, appId, { isEnabled: true }),
  'takes scopes and gives them back': async (appId, other) => {
    await update(other, appId, { scopes: ['webhooks:read'] });
    await update(other, appId, { scopes: ['webhooks:read', 'posts:read'] });
  },
};
/** Changes after which the previous secret is not valid any more. */
const ENDS_PREVIOUS = ['generates a secret', 'generates a secret and adds scopes'];

const keyChanges: Record<string, (appId: string, other: Member, pair: Pair) => Promise<unknown>> = {
  'adds scopes': (appId, other) =>
    update(other, appId, { scopes: ['posts:read', 'posts:write', 'webhooks:read'] }),
  'adds a key': (appId, other, pair) =>
    update(other, appId, { jwks: { keys: [newPair('another').jwk, pair.jwk] } }),
  'renames the key': (appId, other, pair) =>
    update(other, appId, { jwks: { keys: [{ ...pair.jwk, kid: 'k1', use: 'sig' }] } }),
  'adds a key and scopes': (appId, other, pair) =>
    update(other, appId, {
      jwks: { keys: [pair.jwk, newPair('another').jwk] },
      scopes: ['posts:read', 'webhooks:read'],
    }),
};

const HANDS: readonly Hands[] = [
  { issuer: 'owner', other: 'admin' },
  { issuer: 'admin', other: 'owner' },
];
/** Each change of each kind of credential, by both members in the long form and by one of them in turn in the short. */
const rowsOf = (kinds: readonly string[], changes: object) =>
  kinds
    .flatMap((kind) => Object.keys(changes).map((change) => [kind, change] as const))
    .flatMap(([kind, change], nth) =>
      HANDS.filter((_hands, which) => isLong || which === nth % 2).map(
        ({ issuer, other }) => [kind, issuer, other, change] as const,
      ),
    );

describe('what an app got from one member acts as them, with no more than before', () => {
  it.each(rowsOf(Object.keys(secretKinds), secretChanges))(
    '%s of the %s, and the %s %s',
    async (kind, issuer, other, change) => {
      const { appId, act } = (await secretKinds[kind]?.({ issuer, other })) as Issued;
      expect(await act()).toEqual(READS(issuer));
      await secretChanges[change]?.(appId, other);
      const isOver = kind === 'previous secret' && ENDS_PREVIOUS.includes(change);
      expect(await act()).toEqual(isOver ? 'invalid_client' : READS(issuer));
    },
  );

  it.each(rowsOf(['key'], keyChanges))(
    '%s of the %s, and the %s %s',
    async (_kind, issuer, other, change) => {
      const pair = newPair('k1');
      const jwks = { keys: [pair.jwk] };
      const { id } = await makeApp(issuer, { authMethod: 'private_key_jwt', jwks });
      await keyChanges[change]?.(id, other, pair);
      expect(await actingBy(id, byPair(pair))).toEqual(READS(issuer));
    },
  );

  it.each(HANDS)('and gets no tokens for itself once the $other allows it to', async (hands) => {
    const { issuer, other } = hands;
    const users = { grants: ['authorizationCode'], redirectUris: [REDIRECT] };
    const { id, secret } = await makeApp(issuer, users);
    const grants = ['authorizationCode', 'clientCredentials'];
    const { oauthApp } = await update(other, id, { grants });
    expect(oauthApp.credentials).toEqual([{ kind: 'secret', actsAs: idOf(issuer), scopes: [] }]);
    expect(await requestToken(id, bySecret(secret))).toMatchObject({
      error: 'unauthorized_client',
      error_description: expect.stringContaining('regenerateOAuthSecret'),
    });
    await update(issuer, id, { grants });
    expect(await actingBy(id, bySecret(secret))).toEqual(READS(issuer));
  });
});

describe('what a member issues acts as them', () => {
  it.each(HANDS)('a secret that the $other generates for an app of the $issuer', async (hands) => {
    const { issuer, other } = hands;
    const { id, secret } = await makeApp(issuer);
    const next = await regenerate(other, id);
    expect(await actingBy(id, bySecret(next))).toEqual(READS(other));
    expect(await actingBy(id, bySecret(secret))).toEqual(READS(issuer));
    const { oauthApp } = await as(other).getOAuthApp({
      organizationId: oauth.organizationId,
      oauthAppId: id,
    });
    expect(oauthApp.ownerId).toBe(idOf(other));
    expect(oauthApp.credentials).toEqual([
      { kind: 'secret', actsAs: idOf(other), scopes: ['posts:read'] },
      { kind: 'previousSecret', actsAs: idOf(issuer), scopes: ['posts:read'] },
    ]);
  });

  it.each(HANDS)('a key that the $other adds to an app of the $issuer', async (hands) => {
    const { issuer, other } = hands;
    const [one, two] = [newPair('k1'), newPair('k2')];
    const jwks = { keys: [one.jwk] };
    const { id } = await makeApp(issuer, { authMethod: 'private_key_jwt', jwks });
    const { oauthApp } = await update(other, id, { jwks: { keys: [one.jwk, two.jwk] } });
    expect(await actingBy(id, byPair(one))).toEqual(READS(issuer));
    expect(await actingBy(id, byPair(two))).toEqual(READS(other));
    expect(oauthApp.credentials).toMatchObject([
      { kind: 'key', keyId: 'k1', actsAs: idOf(issuer) },
      { kind: 'key', keyId: 'k2', actsAs: idOf(other) },
    ]);
    await update(other, id, { jwks: { keys: [two.jwk] } });
    expect(await actingBy(id, byPair(one))).toBe('invalid_client');
  });

  it('with the scopes that its issuer adds, but not tokens that are out, nor a previous secret', async () => {
    const { id, secret } = await makeApp('admin');
    const next = await regenerate('owner', id);
    const { access_token: token } = await requestToken(id, bySecret(next));
    await update('owner', id, { scopes: ['posts:read', 'posts:write'] });
    const both = { user: idOf('owner'), permissions: ['posts:read', 'posts:write'] };
    expect(await actingBy(id, bySecret(next))).toEqual(both);
    expect(await byToken(token)).toEqual(READS('owner'));
    expect(await actingBy(id, bySecret(secret))).toEqual(READS('admin'));
    await update('owner', id, { scopes: ['posts:write', 'webhooks:read'] });
    await update('admin', id, { scopes: ['posts:read', 'posts:write', 'webhooks:read'] });
    expect(await requestToken(id, bySecret(next))).toMatchObject({
      scope: 'posts:write webhooks:read',
    });
  });

  it('with the permissions that they had then, also after they have got a stronger role', async () => {
    const user = await colleague();
    const scopes = ['posts:read', 'posts:write'];
    const { id, secret } = await makeApp(user, { scopes });
    const reads = { user: user.id, permissions: ['posts:read'] };
    expect(await actingBy(id, bySecret(secret))).toEqual(reads);
    await setRole(user, 'owner');
    expect(await actingBy(id, bySecret(secret))).toEqual(reads);
    const next = await regenerate(user, id);
    const { access_token: token } = await requestToken(id, bySecret(next));
    expect(await byToken(token)).toEqual({ user: user.id, permissions: scopes });
    await setRole(user, 'admin');
    expect(await byToken(token)).toEqual(reads);
    expect(await requestToken(id, bySecret(next))).toMatchObject({ scope: 'posts:read' });
  });

  it('for the owner of the app, when the master key does it', async () => {
    const { organizationId, hub } = oauth;
    const { id, secret } = await makeApp('admin');
    const change = { organizationId, oauthAppId: id, scopes: ['posts:read', 'posts:write'] };
    await hub.call(
      'updateOAuthApp',
      { ...change, scopes: ['posts:read', 'webhooks:read'] },
      master,
    );
    const more = { user: idOf('admin'), permissions: ['posts:read', 'webhooks:read'] };
    expect(await actingBy(id, bySecret(secret))).toEqual(more);
    await hub.call('updateOAuthApp', change, master);
    expect(await actingBy(id, bySecret(secret))).toEqual(READS('admin'));
  });

  it('and is named in tokens, in the audit log and at introspection', async () => {
    const { organizationId } = oauth;
    const { id, secret } = await makeApp('owner', { tokenFormat: 'jwt' });
    const { access_token: token } = await requestToken(id, bySecret(secret));
    const claims = JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());
    expect(claims).toMatchObject({ sub: id, owner_id: idOf('owner') });
    await update('owner', id, { tokenFormat: 'opaque' });
    const { access_token: opaque } = await requestToken(id, bySecret(secret));
    const form = { token: opaque };
    const { body } = await oauth.post('/token/introspection', form, basic({ id, secret }));
    expect(body).toMatchObject({ active: true, owner_id: idOf('owner') });
    await regenerate('admin', id);
    await oauth.hub.call(
      'createWebhook',
      { name: 'w', url: 'https://example.com', events: ['a.*'] },
      { headers: { authorization: `Bearer ${opaque}` } },
    );
    const { items } = await as('owner').getAuditLog({ organizationId, limit: 2 });
    expect(items).toMatchObject([
      { function: 'createWebhook', actor: 'oauthToken', actorId: idOf('owner'), keyId: id },
      {
        function: 'regenerateOAuthSecret',
        actorId: idOf('admin'),
        changes: [{ before: { owner: idOf('owner') }, after: { owner: idOf('admin') } }],
      },
    ]);
  });
});

describe('when a member leaves, what they issued', () => {
  it('gets no tokens and has none, also after they return, until it is issued again', async () => {
    const user = await colleague();
    const { id, secret } = await makeApp(user);
    const { access_token: token } = await requestToken(id, bySecret(secret));
    const next = await regenerate('admin', id);
    const { access_token: kept } = await requestToken(id, bySecret(next));
    const [theirs, own] = [newPair('k1'), newPair('k2')];
    const jwks = { keys: [theirs.jwk] };
    const keyed = await makeApp(user, { authMethod: 'private_key_jwt', jwks });
    await update('owner', keyed.id, { jwks: { keys: [theirs.jwk, own.jwk] } });
    await remove(user);
    const check = async () => {
      expect(await byToken(token)).toBe(7011);
      expect(await actingBy(id, bySecret(secret))).toBe('unauthorized_client');
      expect(await actingBy(keyed.id, byPair(theirs))).toBe('unauthorized_client');
      expect(await byToken(kept)).toEqual(READS('admin'));
      expect(await actingBy(id, bySecret(next))).toEqual(READS('admin'));
      expect(await actingBy(keyed.id, byPair(own))).toEqual(READS('owner'));
    };
    await check();
    await add(user);
    await check();
    const again = await regenerate(user, id);
    expect(await actingBy(id, bySecret(again))).toEqual({
      user: user.id,
      permissions: ['posts:read'],
    });
  });

  it('gets no tokens and has none when their account is deleted', async () => {
    const user = await colleague();
    const { id, secret } = await makeApp(user);
    const { access_token: token } = await requestToken(id, bySecret(secret));
    await regenerate('owner', id);
    await oauth.hub.rest('DELETE', `/users/${user.id}`, master);
    expect(await byToken(token)).toBe(7011);
    expect(await actingBy(id, bySecret(secret))).toBe('unauthorized_client');
  });
});

describe('an app from before issuers were recorded', () => {
  it('acts as its owner with the scopes of that time, and its tokens too', async () => {
    const { database } = oauth.hub.app;
    const { id, secret } = await makeApp('owner');
    const unset = { issuances: undefined, redirectsAddedAt: undefined } as object;
    await database.change(OAuthApp, { id, was: {}, set: unset });
    expect(await actingBy(id, bySecret(secret))).toEqual(READS('owner'));
    await update('admin', id, { scopes: ['posts:read', 'webhooks:read'] });
    expect(await actingBy(id, bySecret(secret))).toEqual(READS('owner'));
    const next = await regenerate('admin', id);
    expect(await actingBy(id, bySecret(secret))).toEqual(READS('owner'));
    expect(await actingBy(id, bySecret(next))).toMatchObject({ user: idOf('admin') });
  });
});

describe('what users approved', () => {
  const users = { grants: ['authorizationCode', 'refreshToken'], redirectUris: [REDIRECT] };
  const NEW = 'https://new.example.com/callback';
  const wish = { scope: 'posts:read', parameters: { prompt: 'none' } } as const;

  it('is not sent to a redirect URI that was added later, until they approve again', async () => {
    const app = await makeApp('owner', users);
    const { browser } = await oauth.consent(app, { scope: 'posts:read' });
    const silently = async (redirect: string) => {
      const { url } = await oauth.consent(app, { ...wish, redirect, browser });
      return url.searchParams.get('error') ?? (url.searchParams.has('code') ? 'code' : 'nothing');
    };
    expect(await silently(REDIRECT)).toBe('code');
    oauth.hub.clock.advance(1_000);
    await update('admin', app.id, { redirectUris: [REDIRECT, NEW] });
    expect([await silently(REDIRECT), await silently(NEW)]).toEqual(['code', 'consent_required']);
    oauth.hub.clock.advance(1_000);
    await oauth.consent(app, { scope: 'posts:read', redirect: NEW, browser });
    expect([await silently(REDIRECT), await silently(NEW)]).toEqual(['code', 'code']);
    oauth.hub.clock.advance(1_000);
    await update('admin', app.id, { redirectUris: [REDIRECT] });
    await update('admin', app.id, { redirectUris: [REDIRECT, NEW] });
    expect([await silently(REDIRECT), await silently(NEW)]).toEqual(['code', 'consent_required']);
  });

  it('is what a refresh token grants, whoever adds scopes or issues the secret that it is used with', async () => {
    const app = await makeApp('owner', users);
    const { refresh_token: token } = await oauth.tokens(app, { scope: 'posts:read' });
    const scopes = ['posts:read', 'webhooks:read'];
    await update('admin', app.id, { scopes });
    const secret = await regenerate('admin', app.id);
    const send = async (scope?: string) =>
      (
        await oauth.post(
          '/token',
          {
            grant_type: 'refresh_token',
            refresh_token: String(token),
            ...(scope !== undefined && { scope }),
          },
          basic({ ...app, secret }),
        )
      ).body;
    expect(await send(scopes.join(' '))).toMatchObject({ error: 'invalid_scope' });
    const { access_token: access } = await send();
    expect(await byToken(access)).toEqual(READS('owner'));
  });
});

describe('an API key', () => {
  const inHours = (hours: number) =>
    new Date(oauth.hub.clock.now().getTime() + hours * HOUR_MS).toISOString();
  const narrow = () => ({
    scopes: ['posts:read'],
    addresses: ['127.0.0.1', '::1', '::ffff:127.0.0.1'],
    expiresAt: inHours(2),
    limits: { monthlyCalls: 3 },
  });
  const changes: Record<string, () => object> = {
    scopes: () => ({ scopes: ['posts:read', 'webhooks:read'] }),
    addresses: () => ({ addresses: [] }),
    expiresAt: () => ({ expiresAt: null }),
    limits: () => ({ limits: {} }),
  };
  const make = async (member: Member | TestUser, given: object = {}) => {
    const { organizationId } = oauth;
    const request = { organizationId, name: 'k', ...narrow(), ...given };
    const { apiKey, key } = await as(member).createApiKey(request);
    return { apiKeyId: apiKey.id, key };
  };
  const rotate = async (member: Member | TestUser, apiKeyId: string) =>
    as(member).rotateApiKey({
      organizationId: oauth.organizationId,
      apiKeyId,
      graceHours: 24,
    });
  const change = async (member: Member, apiKeyId: string, given: object) =>
    (
      await oauth.hub.call(
        'updateApiKey',
        { organizationId: oauth.organizationId, apiKeyId, ...given },
        oauth.team[member],
      )
    ).body;

  it.each(HANDS)(
    'of the $issuer acts as them until the end, and rotated by the $other as those',
    async (hands) => {
      const { issuer, other } = hands;
      const { apiKeyId, key } = await make(issuer, { limits: {} });
      const { apiKey, key: next } = await rotate(other, apiKeyId);
      expect(apiKey).toMatchObject({ ownerId: idOf(other), previousKeyOwnerId: idOf(issuer) });
      expect([await byKey(key), await byKey(next)]).toEqual([READS(issuer), READS(other)]);
      const { body } = await oauth.hub.call('verifyApiKey', { key, address: '::1' }, master);
      expect(body.result.apiKey.ownerId).toBe(idOf(issuer));
      const { key: last } = await rotate(issuer, apiKeyId);
      expect([await byKey(key), await byKey(next), await byKey(last)]).toEqual([
        7009,
        READS(other),
        READS(issuer),
      ]);
    },
  );

  it.each(
    HANDS.flatMap(({ issuer, other }) =>
      Object.keys(changes).map((name) => [issuer, other, name] as const),
    ),
  )('of the %s gets no more by the %s, who changes %s', async (issuer, other, name) => {
    const { apiKeyId, key } = await make(issuer);
    const refused = await change(other, apiKeyId, changes[name]?.() ?? {});
    expect(refused).toMatchObject({ code: 8115, error: expect.stringContaining(`(${name})`) });
    expect(await change(other, apiKeyId, { name: 'renamed', addresses: ['::1'] })).toHaveProperty(
      'result',
    );
    await change(issuer, apiKeyId, { addresses: narrow().addresses });
    // Once the other has rotated it, they can change it, and the previous secret gains nothing.
    const { key: next } = await rotate(other, apiKeyId);
    expect(await change(other, apiKeyId, changes[name]?.() ?? {})).toHaveProperty('result');
    const verify = async (which: string, address: string) =>
      (await oauth.hub.call('verifyApiKey', { key: which, address }, master)).body;
    const at = name === 'addresses' ? '192.0.2.7' : '::1';
    expect(await verify(next, at)).toHaveProperty('result');
    const previous = await verify(key, at);
    if (name === 'addresses') expect(previous.code).toBe(8109);
    else
      expect(previous.result).toMatchObject({
        permissions: ['posts:read'],
        apiKey: { ownerId: idOf(issuer) },
      });
    if (name === 'limits') {
      await verify(key, at);
      expect([(await verify(key, at)).code, (await verify(next, at)).code]).toEqual([
        8112,
        undefined,
      ]);
    }
    if (name === 'expiresAt') {
      oauth.hub.clock.advance(2 * HOUR_MS);
      expect([(await verify(key, at)).code, (await verify(next, at)).code]).toEqual([
        7009,
        undefined,
      ]);
    }
  });

  it('can be allowed more by its owner, and by the master key what its owner may', async () => {
    const { apiKeyId, key } = await make('admin');
    expect(
      await change('admin', apiKeyId, { scopes: ['posts:read', 'webhooks:read'] }),
    ).toHaveProperty('result');
    expect(await byKey(key)).toMatchObject({ permissions: ['posts:read', 'webhooks:read'] });
    const byMaster = async (scopes: string[]) =>
      (
        await oauth.hub.call(
          'updateApiKey',
          { organizationId: oauth.organizationId, apiKeyId, scopes },
          master,
        )
      ).body;
    expect(await byMaster(['posts:read', 'events:read'])).toHaveProperty('result');
    expect(await byMaster(['posts:read', 'posts:write'])).toMatchObject({ code: 8105 });
  });

  it('ends with the member who issued it, also as the previous secret', async () => {
    const user = await colleague();
    const { apiKeyId, key } = await make(user);
    const { key: next } = await rotate('owner', apiKeyId);
    await remove(user);
    expect([await byKey(key), await byKey(next)]).toEqual([7009, READS('owner')]);
    await add(user);
    expect([await byKey(key), await byKey(next)]).toEqual([7009, READS('owner')]);
  });

  it('that was rotated before issuers were recorded acts as its owner', async () => {
    const { database } = oauth.hub.app;
    const { apiKeyId, key } = await make('admin');
    await rotate('owner', apiKeyId);
    const unset = { previousOwner: undefined, previousSettings: undefined } as object;
    await database.change(ApiKey, { id: apiKeyId, was: {}, set: unset });
    expect(await byKey(key)).toEqual(READS('owner'));
  });
});
