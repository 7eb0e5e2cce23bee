import { generateKeyPairSync, sign } from 'node:crypto';

import { addMember, anotherOrganization } from '../cloud/team.js';
import { basic, type MadeApp, type OAuthSetting, REDIRECT, startOAuth } from './setting.js';

let oauth: OAuthSetting;
beforeAll(async () => {
  oauth = await startOAuth();
});
afterAll(() => oauth.hub.stop());

/** Returns the status of a request with an access token. */
async function statusOf(token: string | undefined): Promise<number> {
  const response = await fetch(`${oauth.hub.url}/parse/functions/getWebhooks`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${String(token)}` },
    body: '{}',
  });
  return response.status;
}
const refreshForm = (token: string | undefined, more: object = {}) => ({
  grant_type: 'refresh_token',
  refresh_token: String(token),
  ...more,
});
const INVALID_GRANT = { status: 400, body: { error: 'invalid_grant' } };

const owner = () => oauth.hub.as(oauth.team.owner);
const organization = () => oauth.organizationId;

describe('a user who approves', () => {
  it('may approve less, and nothing that was not requested', async () => {
    const app = await oauth.make();
    const scope = 'webhooks:read webhooks:write';
    const tokens = await oauth.tokens(app, { scope, approve: ['webhooks:read'] });
    expect(tokens.scope).toBe('webhooks:read');
    await expect(
      oauth.consent(await oauth.make(), { approve: ['webhooks:read', 'webhooks:write'] }),
    ).rejects.toThrow('not sent back');
  });

  it('chooses one of their organizations, in which the token acts and in no other', async () => {
    const app = await oauth.make();
    const { hub, team } = oauth;
    const elsewhere = await anotherOrganization(hub, team);
    const tokens = await oauth.tokens(app, { organizationId: elsewhere });
    const inside = await hub.call(
      'createEventType',
      { organizationId: oauth.organizationId, name: 'a.b' },
      { headers: { authorization: `Bearer ${tokens.access_token}` } },
    );
    expect(inside.body.code).toBe(7005);
    await expect(
      oauth.consent(await oauth.make(), { user: team.viewer, organizationId: elsewhere }),
    ).rejects.toThrow('not sent back');
  });

  it('grants no more than their own permissions, at the time and later', async () => {
    const app = await oauth.make();
    const { hub, team, organizationId } = oauth;
    const user = team.developer;
    const { access_token: token } = await oauth.tokens(app, { user, scope: 'webhooks:write' });
    const write = () =>
      hub.call(
        'createWebhook',
        { name: 'w', url: hub.url, events: ['a.*'] },
        { headers: { authorization: `Bearer ${token}` } },
      );
    expect((await write()).body.code).not.toBe(7003);
    const change = { organizationId, userId: user.id, role: 'viewer' } as const;
    await hub.as(team.owner).setOrganizationMemberRole(change);
    expect((await write()).body.code).toBe(7003);
    await hub.as(team.owner).setOrganizationMemberRole({ ...change, role: 'developer' });
  });
});

describe('what a user approved', () => {
  const NEW = 'https://new.example.com/callback';
  const change = (oauthAppId: string, given: object) =>
    oauth.hub
      .as(oauth.team.admin)
      .updateOAuthApp({ organizationId: organization(), oauthAppId, ...given });

  it('is not sent to a redirect URI that was added later, until they approve again', async () => {
    const app = await oauth.make();
    const { browser } = await oauth.consent(app);
    const silently = async (redirect: string) => {
      const wish = { parameters: { prompt: 'none' }, redirect, browser };
      const { searchParams } = (await oauth.consent(app, wish)).url;
      return searchParams.get('error') ?? (searchParams.has('code') ? 'code' : 'nothing');
    };
    expect(await silently(REDIRECT)).toBe('code');
    oauth.hub.clock.advance(1_000);
    await change(app.id, { redirectUris: [REDIRECT, NEW] });
    expect([await silently(REDIRECT), await silently(NEW)]).toEqual(['code', 'consent_required']);
    oauth.hub.clock.advance(1_000);
    await oauth.consent(app, { redirect: NEW, browser });
    expect([await silently(REDIRECT), await silently(NEW)]).toEqual(['code', 'code']);
    oauth.hub.clock.advance(1_000);
    await change(app.id, { redirectUris: [REDIRECT] });
    await change(app.id, { redirectUris: [REDIRECT, NEW] });
    expect([await silently(REDIRECT), await silently(NEW)]).toEqual(['code', 'consent_required']);
  });

  it('is what a refresh token grants, whoever adds scopes or issues the secret that it is used with', async () => {
    const app = await oauth.make({ scopes: ['webhooks:read'] });
    const { hub, team, organizationId } = oauth;
    const { refresh_token: token } = await oauth.tokens(app, { user: team.viewer });
    await change(app.id, { scopes: ['webhooks:read', 'events:read'] });
    const renewed = { organizationId, oauthAppId: app.id, overlapHours: 0 };
    const { clientSecret: secret } = await hub.as(team.admin).regenerateOAuthSecret(renewed);
    const send = async (more: object) =>
      (await oauth.post('/token', refreshForm(token, more), basic({ ...app, secret }))).body;
    const refused = await send({ scope: 'webhooks:read events:read' });
    expect(refused).toMatchObject({ error: 'invalid_scope' });
    const { access_token: access, scope } = await send({});
    expect(scope).toBe('webhooks:read');
    const headers = { authorization: `Bearer ${String(access)}` };
    expect((await hub.call('getEvents', {}, { headers })).body.code).toBe(7003);
    await hub.call('createEventType', { name: 'a.b' }, { headers });
    const { items } = await owner().getAuditLog({ organizationId, limit: 1 });
    expect(items).toMatchObject([{ actor: 'oauthToken', actorId: team.viewer.id }]);
  });
});

describe('tokens are revoked immediately', () => {
  it('when the user who approved revokes the grant, and no other user can', async () => {
    const app = await oauth.make();
    const { hub, team } = oauth;
    const { access_token: token } = await oauth.tokens(app, { user: team.viewer });
    expect(await statusOf(token)).toBe(200);
    const { items } = await hub.as(team.viewer).getOAuthGrants({ oauthAppId: app.id });
    const oauthGrantId = items[0]?.id ?? '';
    for (const other of [team.developer, team.outsider]) {
      const { body } = await hub.call('revokeOAuthGrant', { oauthGrantId }, other);
      expect(body.code).toBe(8207);
    }
    await hub.as(team.viewer).revokeOAuthGrant({ oauthGrantId });
    expect(await statusOf(token)).toBe(401);
  });

  it('when an administrator revokes it for the organization', async () => {
    const app = await oauth.make();
    const { hub, team, organizationId } = oauth;
    const { access_token: token } = await oauth.tokens(app, { user: team.viewer });
    const requested = { organizationId, oauthAppId: app.id };
    expect((await hub.call('getOAuthGrants', requested, team.outsider)).body.code).toBe(7005);
    const { items } = await hub.as(team.admin).getOAuthGrants(requested);
    expect(items).toMatchObject([{ userId: team.viewer.id, appName: 'Warehouse' }]);
    await hub.as(team.admin).revokeOAuthGrant({ oauthGrantId: items[0]?.id ?? '' });
    expect(await statusOf(token)).toBe(401);
  });

  it.each<[string, (app: MadeApp) => Promise<unknown>]>([
    [
      'disabled',
      ({ id }) =>
        owner().updateOAuthApp({
          organizationId: organization(),
          oauthAppId: id,
          isEnabled: false,
        }),
    ],
    [
      'deleted',
      ({ id }) => owner().deleteOAuthApp({ organizationId: organization(), oauthAppId: id }),
    ],
  ])('when the app is %s, permanently', async (_what, end) => {
    const app = await oauth.make();
    const tokens = await oauth.tokens(app);
    expect(await statusOf(tokens.access_token)).toBe(200);
    await end(app);
    expect(await statusOf(tokens.access_token)).toBe(401);
    const { status, body } = await oauth.post(
      '/token',
      refreshForm(tokens.refresh_token),
      basic(app),
    );
    expect([status, body.error]).toEqual([401, 'invalid_client']);
    const { items } = await owner().getOAuthGrants({
      organizationId: organization(),
      oauthAppId: app.id,
    });
    expect(items).toEqual([]);
  });

  it('when the user who approved leaves the organization, and stay revoked when they return', async () => {
    const app = await oauth.make();
    const { hub, organizationId } = oauth;
    const user = await hub.signUp();
    const join = () => addMember(hub, { organizationId, userId: user.id, role: 'viewer' });
    await join();
    const tokens = await oauth.tokens(app, { user });
    expect(await statusOf(tokens.access_token)).toBe(200);
    await owner().removeOrganizationMember({ organizationId, userId: user.id });
    expect(await statusOf(tokens.access_token)).toBe(401);
    await join();
    expect(await statusOf(tokens.access_token)).toBe(401);
    const again = await oauth.post('/token', refreshForm(tokens.refresh_token), basic(app));
    expect(again).toMatchObject(INVALID_GRANT);
  });

  it('when the owner of an app leaves, for the tokens of the app itself, and stay revoked when they return', async () => {
    const app = await oauth.make({ grants: ['clientCredentials'], redirectUris: [] });
    const { hub, organizationId } = oauth;
    const user = await hub.signUp();
    const join = () => addMember(hub, { organizationId, userId: user.id, role: 'admin' });
    await join();
    const { clientSecret: secret } = await hub
      .as(user)
      .regenerateOAuthSecret({ organizationId, oauthAppId: app.id, overlapHours: 0 });
    const form = { grant_type: 'client_credentials', scope: 'webhooks:read' };
    const { body } = await oauth.post('/token', form, basic({ ...app, secret }));
    expect(await statusOf(body.access_token)).toBe(200);
    await owner().removeOrganizationMember({ organizationId, userId: user.id });
    await join();
    expect(await statusOf(body.access_token)).toBe(401);
  });

  it('when the user is deleted', async () => {
    const app = await oauth.make();
    const { hub, organizationId } = oauth;
    const user = await hub.signUp();
    await addMember(hub, { organizationId, userId: user.id, role: 'viewer' });
    const tokens = await oauth.tokens(app, { user });
    await hub.rest('DELETE', `/users/${user.id}`, user);
    // The function checks the permissions of the user, who no longer exists.
    expect(await statusOf(tokens.access_token)).toBe(400);
    const again = await oauth.post('/token', refreshForm(tokens.refresh_token), basic(app));
    expect(again).toMatchObject(INVALID_GRANT);
  });

  it('when they expire', async () => {
    const app = await oauth.make({ accessTokenSeconds: 60 });
    const { access_token: token } = await oauth.tokens(app);
    oauth.hub.clock.advance(59_000);
    expect(await statusOf(token)).toBe(200);
    oauth.hub.clock.advance(2_000);
    expect(await statusOf(token)).toBe(401);
  });
});

describe('a client', () => {
  it('has two secrets during the overlap, never shown again, and then one', async () => {
    const app = await oauth.make({ grants: ['clientCredentials'], redirectUris: [] });
    const send = async (secret: string | undefined) =>
      (await oauth.post('/token', { grant_type: 'client_credentials' }, basic({ ...app, secret })))
        .status;
    const made = await owner().regenerateOAuthSecret({
      organizationId: organization(),
      oauthAppId: app.id,
      overlapHours: 1,
    });
    expect([await send(app.secret), await send(made.clientSecret)]).toEqual([200, 200]);
    oauth.hub.clock.advance(3_600_000);
    expect([await send(app.secret), await send(made.clientSecret)]).toEqual([401, 200]);
    const { oauthApp } = await owner().getOAuthApp({
      organizationId: organization(),
      oauthAppId: app.id,
    });
    expect(JSON.stringify(oauthApp)).not.toContain(made.clientSecret.slice(12));
    expect(oauth.hub.logLines.join('')).not.toContain(made.clientSecret.slice(12));
  });

  it.each<[string, () => Record<string, string>, number]>([
    ['unknown', () => basic({ id: 'nobody', secret: 'x' }), 401],
    ['without a secret', () => ({}), 400],
    ['with two credentials', () => ({ authorization: 'Basic YTpi, Basic YTpi' }), 400],
  ])('is refused: %s', async (_what, headers, status) => {
    const response = await oauth.post('/token', { grant_type: 'client_credentials' }, headers());
    expect(response.status).toBe(status);
  });

  it('gets no token by a password or by a grant type that it does not have', async () => {
    const app = await oauth.make();
    for (const grant of ['password', 'implicit', 'client_credentials', 'urn:x']) {
      const form = { grant_type: grant, username: 'a', password: 'b' };
      const { status, body } = await oauth.post('/token', form, basic(app));
      expect([status, body.error]).toEqual([
        400,
        grant === 'client_credentials' ? 'invalid_request' : 'unsupported_grant_type',
      ]);
    }
  });

  it('introspects and revokes only its own tokens, and does not learn about others', async () => {
    const [app, other] = [await oauth.make(), await oauth.make()];
    const open = await oauth.make({ authMethod: 'none' });
    const { access_token: token } = await oauth.tokens(app);
    const look = async (form: Record<string, string>, headers = {}) =>
      (await oauth.post('/token/introspection', form, headers)).body;
    expect(await look({ token }, basic(other))).toEqual({ active: false });
    expect(await look({ token: 'hub_oat_none' }, basic(other))).toEqual({ active: false });
    const own = await oauth.tokens(open);
    expect((await look({ token: own.access_token, client_id: open.id })).active).not.toBe(true);
    const revoked = await oauth.post('/token/revocation', { token }, basic(other));
    const unknown = await oauth.post('/token/revocation', { token: 'no' }, basic(other));
    expect([revoked.status, revoked.body]).toEqual([unknown.status, unknown.body]);
    expect(await statusOf(token)).toBe(200);
  });

  it('can use each assertion once, and only for this server', async () => {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { kty, crv, x, y } = pair.publicKey.export({ format: 'jwk' });
    const app = await oauth.make({
      authMethod: 'private_key_jwt',
      grants: ['clientCredentials'],
      redirectUris: [],
      jwks: { keys: [{ kty: kty as 'EC', crv, x, y, kid: 'k1' }] },
    });
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: app.id, sub: app.id, aud: oauth.issuer, iat: now, exp: now + 60 };
    const assertion = (change: object, header: object = { alg: 'ES256', kid: 'k1' }) => {
      const body = [header, { ...claims, ...change }]
        .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
        .join('.');
      const key = { key: pair.privateKey, dsaEncoding: 'ieee-p1363' } as const;
      return `${body}.${sign('sha256', Buffer.from(body), key).toString('base64url')}`;
    };
    const send = async (text: string) =>
      (
        await oauth.post('/token', {
          grant_type: 'client_credentials',
          client_assertion: text,
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        })
      ).status;
    const once = assertion({ jti: 'one' });
    expect([await send(once), await send(once)]).toEqual([200, 401]);
    const twenty = assertion({ jti: 'two' });
    const responses = await Promise.all(Array.from({ length: 20 }, () => send(twenty)));
    expect(responses.filter((status) => status === 200)).toHaveLength(1);
    for (const wrong of [
      assertion({ jti: 'a', aud: 'https://evil.example' }),
      assertion({ jti: 'b', exp: now - 60 }),
      assertion({ jti: 'c', sub: 'nobody' }),
      assertion({}),
      assertion({ jti: 'd' }, { alg: 'none' }),
      assertion({ jti: 'e' }, { alg: 'HS256', kid: 'k1' }),
    ])
      expect(await send(wrong)).not.toBe(200);
  });

  it('cannot register itself', async () => {
    expect((await oauth.post('/reg', {})).status).toBe(404);
  });
});
