import { OAuthApp, OAuthRecord } from '../../schemas/index.js';
import { recordId } from '../../src/oauth/store.js';
import { master, type TestUser } from '../support/hub.js';
import { isLong } from '../support/rounds.js';
import {
  type Acting,
  bySecret,
  type Login,
  type Member,
  newPair,
  type Pair,
  type Programs,
  startPrograms,
} from './programs.js';
import { basic, type OAuthSetting, REDIRECT } from './setting.js';

let programs: Programs;
let oauth: OAuthSetting;
beforeAll(async () => {
  programs = await startPrograms();
  ({ oauth } = programs);
});
afterAll(() => oauth.hub.stop());

const as = (member: Member | TestUser) => programs.as(member);
const idOf = (member: Member) => oauth.team[member].id;
const READS = (member: Member): Acting => ({ user: idOf(member), permissions: ['posts:read'] });
const makeApp = (member: Member | TestUser, given?: object) => programs.make(member, given);
const update = (member: Member | TestUser, oauthAppId: string, change: object) =>
  as(member).updateOAuthApp({ ...inTeam(), oauthAppId, ...change });
const regenerate = async (member: Member | TestUser, oauthAppId: string): Promise<string> =>
  (await as(member).regenerateOAuthSecret({ ...inTeam(), oauthAppId, overlapHours: 1 }))
    .clientSecret;
const requestToken = (appId: string, login: Login) => programs.requestToken(appId, login);
const actingBy = (appId: string, login: Login) => programs.actingBy(appId, login);
const byToken = (token: string) => programs.actingOf({ authorization: `Bearer ${token}` });
const byPair = (pair: Pair) => programs.byPair(pair);
const inTeam = () => ({ organizationId: oauth.organizationId });
const setRole = (user: TestUser, role: Member) =>
  as('owner').setOrganizationMemberRole({ ...inTeam(), userId: user.id, role });
const remove = (user: TestUser) =>
  as('owner').removeOrganizationMember({ ...inTeam(), userId: user.id });
const add = (user: TestUser) =>
  as('owner').addOrganizationMember({ ...inTeam(), userId: user.id, role: 'admin' });
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
  it('acts as its owner with the scopes of that time, and its tokens too, until another member issues a secret', async () => {
    const { database } = oauth.hub.app;
    const { id, secret } = await makeApp('owner');
    const unset = { issuances: undefined, redirectsAddedAt: undefined } as object;
    await database.change(OAuthApp, { id, was: {}, set: unset });
    const { access_token: token } = await requestToken(id, bySecret(secret));
    const record = { id: recordId('ClientCredentials', token), was: {}, set: {} };
    await database.change(OAuthRecord, { ...record, set: { issuer: undefined } });
    expect([await byToken(token), await actingBy(id, bySecret(secret))]).toEqual([
      READS('owner'),
      READS('owner'),
    ]);
    await update('admin', id, { scopes: ['posts:read', 'webhooks:read'] });
    expect(await actingBy(id, bySecret(secret))).toEqual(READS('owner'));
    const next = await regenerate('admin', id);
    expect(await byToken(token)).toBe(7011);
    expect(await actingBy(id, bySecret(secret))).toEqual(READS('owner'));
    expect(await actingBy(id, bySecret(next))).toMatchObject({ user: idOf('admin') });
  });
});
