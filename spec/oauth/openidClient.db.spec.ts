import * as client from 'openid-client';

import { verifyAccessToken } from '../../index.js';
import { openBrowser } from './browser.js';
import { type OAuthSetting, PASSWORD, REDIRECT, startOAuth } from './setting.js';

let oauth: OAuthSetting;
beforeAll(async () => {
  oauth = await startOAuth();
});
afterAll(() => oauth.hub.stop());

/** Calls a function of the hub with an access token, without a client library. */
async function call(token: string, name = 'getWebhooks', params: object = {}) {
  const response = await fetch(`${oauth.hub.url}/parse/functions/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(params),
  });
  return { status: response.status, body: (await response.json()) as never };
}

describe('an app of a third party', () => {
  it('gets from discovery to a token by code and PKCE, calls with it, and refreshes it', async () => {
    const app = await oauth.make();
    const { url, configuration, verifier, state } = await oauth.consent(app);
    expect(url.searchParams.get('iss')).toBe(oauth.issuer);
    const tokens = await client.authorizationCodeGrant(configuration, url, {
      pkceCodeVerifier: verifier,
      expectedState: state,
    });
    expect(tokens).toMatchObject({
      access_token: expect.stringMatching(/^hub_oat_[\w-]{43}$/),
      refresh_token: expect.stringMatching(/^hub_ort_[\w-]{43}$/),
      expires_in: 600,
      scope: 'webhooks:read',
    });
    expect(await call(tokens.access_token)).toMatchObject({
      status: 200,
      body: { result: { items: [] } },
    });
    const next = await client.refreshTokenGrant(configuration, tokens.refresh_token ?? '');
    expect(next.refresh_token).not.toBe(tokens.refresh_token);
    expect((await call(next.access_token)).status).toBe(200);
  });

  it('gets the approved claims of the user from the ID token and userinfo', async () => {
    const app = await oauth.make();
    const tokens = await oauth.tokens(app, { scope: 'openid profile email' });
    const { owner } = oauth.team;
    const claims = (tokens as unknown as client.TokenEndpointResponseHelpers).claims();
    expect(claims).toMatchObject({ sub: owner.id, preferred_username: owner.username });
    const configuration = await oauth.discover(app);
    const info = await client.fetchUserInfo(configuration, tokens.access_token, owner.id);
    expect(info).toMatchObject({ email: `${owner.username}@example.com`, email_verified: false });
    // Identity scopes give no access.
    expect((await call(tokens.access_token)).status).toBe(401);
  });

  it('acts by client credentials in its own organization, as its owner', async () => {
    const app = await oauth.make({ grants: ['clientCredentials'], redirectUris: [] });
    const configuration = await oauth.discover(app);
    const tokens = await client.clientCredentialsGrant(configuration, { scope: 'webhooks:read' });
    expect(tokens.refresh_token).toBeUndefined();
    expect((await call(tokens.access_token)).status).toBe(200);
    expect((await call(tokens.access_token, 'createWebhook')).body).toEqual({
      code: 7003,
      error:
        'The permission webhooks:write is missing: it is not among the scopes of the OAuth app’s access token.',
    });
  });

  it('gets tokens on a device without a browser', async () => {
    const app = await oauth.make({ grants: ['deviceCode', 'refreshToken'], redirectUris: [] });
    const configuration = await oauth.discover(app);
    const begun = await client.initiateDeviceAuthorization(configuration, {
      scope: 'webhooks:read',
    });
    const browser = openBrowser(oauth.hub.url);
    let shown = await browser.open(begun.verification_uri);
    const next = async (fields: Record<string, string | readonly string[]>) => {
      if (!shown.page) throw new Error('The browser was sent away.');
      shown = await browser.submit(shown.page, fields);
    };
    await next({ user_code: begun.user_code });
    await next({ confirm: 'yes' });
    await next({ name: oauth.team.owner.username, password: PASSWORD });
    await next({ scope: ['webhooks:read'], organizationId: oauth.organizationId });
    expect(shown.page?.html).toContain('Warehouse');
    const tokens = await client.pollDeviceAuthorizationGrant(configuration, {
      ...begun,
      interval: 0.001,
    });
    expect((await call(tokens.access_token)).status).toBe(200);
    expect(tokens.refresh_token).toEqual(expect.any(String));
  });

  it('pushes its request, and only its reference goes through the browser', async () => {
    const app = await oauth.make();
    const configuration = await oauth.discover(app);
    const verifier = client.randomPKCECodeVerifier();
    const begin = await client.buildAuthorizationUrlWithPAR(configuration, {
      redirect_uri: REDIRECT,
      scope: 'webhooks:read',
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    expect([...begin.searchParams.keys()].sort()).toEqual(['client_id', 'request_uri']);
    const { url } = await oauth.approve(begin);
    const tokens = await client.authorizationCodeGrant(configuration, url, {
      pkceCodeVerifier: verifier,
    });
    expect((await call(tokens.access_token)).status).toBe(200);
  });

  it('binds its tokens to a key by DPoP, and they do not work without it', async () => {
    // For an app without a secret: otherwise a refresh token is bound to the client by its secret.
    const app = await oauth.make({ authMethod: 'none' });
    const { url, configuration, verifier, state } = await oauth.consent(app);
    const pair = await client.randomDPoPKeyPair('ES256');
    const DPoP = client.getDPoPHandle(configuration, pair);
    const tokens = await client.authorizationCodeGrant(
      configuration,
      url,
      { pkceCodeVerifier: verifier, expectedState: state },
      undefined,
      { DPoP },
    );
    expect(tokens.token_type).toBe('dpop');
    const target = new URL(`${oauth.hub.url}/parse/functions/getWebhooks`);
    const response = await client.fetchProtectedResource(
      configuration,
      tokens.access_token,
      target,
      'POST',
      '{}',
      new Headers({ 'content-type': 'application/json' }),
      { DPoP },
    );
    expect(response.status).toBe(200);
    expect((await call(tokens.access_token)).status).toBe(401);
    const refreshed = await client.refreshTokenGrant(
      configuration,
      tokens.refresh_token ?? '',
      undefined,
      { DPoP },
    );
    await expect(
      client.refreshTokenGrant(configuration, refreshed.refresh_token ?? ''),
    ).rejects.toThrow();
  });

  it('introspects and revokes its tokens', async () => {
    const app = await oauth.make();
    const tokens = await oauth.tokens(app);
    const configuration = await oauth.discover(app);
    expect(await client.tokenIntrospection(configuration, tokens.access_token)).toMatchObject({
      active: true,
      client_id: app.id,
      scope: 'webhooks:read',
      sub: oauth.team.owner.id,
    });
    expect((await call(tokens.access_token)).status).toBe(200);
    await client.tokenRevocation(configuration, tokens.access_token);
    expect(await client.tokenIntrospection(configuration, tokens.access_token)).toEqual({
      active: false,
    });
    expect((await call(tokens.access_token)).status).toBe(401);
    // Revoking one token of a sign-in revokes the others.
    await expect(
      client.refreshTokenGrant(configuration, tokens.refresh_token ?? ''),
    ).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it('authenticates with a signature instead of a secret', async () => {
    const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
      'sign',
      'verify',
    ]);
    const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', pair.publicKey);
    const app = await oauth.make({
      authMethod: 'private_key_jwt',
      jwks: { keys: [{ kty: kty as 'EC', crv, x, y, kid: 'k1' }] },
      grants: ['clientCredentials'],
      redirectUris: [],
    });
    const auth = client.PrivateKeyJwt({ key: pair.privateKey, kid: 'k1' });
    const configuration = await oauth.discover(app, auth);
    const tokens = await client.clientCredentialsGrant(configuration, { scope: 'webhooks:read' });
    expect((await call(tokens.access_token)).status).toBe(200);
  });

  it('gets tokens that other services can verify themselves', async () => {
    const app = await oauth.make({ tokenFormat: 'jwt', accessTokenSeconds: 300 });
    const tokens = await oauth.tokens(app);
    const configuration = await oauth.discover(app);
    const { jwks_uri: uri = '' } = configuration.serverMetadata();
    const jwks = (await (await fetch(uri)).json()) as { keys: object[] };
    const audience = `${oauth.hub.url}/hub`;
    expect(
      verifyAccessToken(tokens.access_token, { issuer: oauth.issuer, audience, jwks }),
    ).toMatchObject({
      sub: oauth.team.owner.id,
      client_id: app.id,
      organization_id: oauth.organizationId,
      scope: 'webhooks:read',
    });
    expect((await call(tokens.access_token)).status).toBe(200);
    const { items } = await oauth.hub.as(oauth.team.owner).getOAuthGrants({ oauthAppId: app.id });
    await oauth.hub.as(oauth.team.owner).revokeOAuthGrant({ oauthGrantId: items[0]?.id ?? '' });
    // The hub still detects a revoked one.
    expect((await call(tokens.access_token)).status).toBe(401);
  });

  it('gets the same consent without a page, unless the app has no secret', async () => {
    const app = await oauth.make();
    const { browser } = await oauth.consent(app);
    const again = await oauth.consent(app, { browser, approve: ['none of these'] });
    expect(again.code).not.toBe('');
    const native = await oauth.make({ authMethod: 'none', redirectUris: ['http://127.0.0.1/cb'] });
    const redirect = 'http://127.0.0.1:51234/cb';
    const one = await oauth.consent(native, { browser, redirect });
    expect(one.url.origin).toBe('http://127.0.0.1:51234');
    await expect(
      oauth.consent(native, { browser, redirect, approve: ['none of these'] }),
    ).rejects.toThrow('not sent back');
  });

  it('publishes its metadata', async () => {
    const at = (path: string) => fetch(`${oauth.issuer}/.well-known/${path}`).then((r) => r.json());
    const metadata = await at('openid-configuration');
    expect(await at('oauth-authorization-server')).toEqual(metadata);
    expect(metadata).toMatchObject({
      issuer: oauth.issuer,
      response_types_supported: ['code'],
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
      token_endpoint_auth_methods_supported: expect.not.arrayContaining(['client_secret_jwt']),
    });
    expect(metadata).not.toHaveProperty('registration_endpoint');
  });
});
