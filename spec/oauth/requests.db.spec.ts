import { createHash } from 'node:crypto';
import { request } from 'node:http';

import { OAuthApp, OAuthGrant, OAuthRecord } from '../../schemas/index.js';
import { openBrowser } from './browser.js';
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
async function codeForm(app: MadeApp) {
  const { code, verifier } = await oauth.consent(app);
  return {
    grant_type: 'authorization_code',
    code,
    code_verifier: verifier,
    redirect_uri: REDIRECT,
  };
}
const refreshForm = (token: string | undefined, more: object = {}) => ({
  grant_type: 'refresh_token',
  refresh_token: String(token),
  ...more,
});
const INVALID_GRANT = { status: 400, body: { error: 'invalid_grant' } };

describe('a code', () => {
  it('that is redeemed twice revokes its tokens', async () => {
    const app = await oauth.make();
    const form = await codeForm(app);
    const first = await oauth.post('/token', form, basic(app));
    expect(await statusOf(first.body.access_token)).toBe(200);
    expect(await oauth.post('/token', form, basic(app))).toMatchObject(INVALID_GRANT);
    expect(await statusOf(first.body.access_token)).toBe(401);
    const again = refreshForm(first.body.refresh_token);
    expect(await oauth.post('/token', again, basic(app))).toMatchObject(INVALID_GRANT);
  });

  it('is valid for a minute', async () => {
    const app = await oauth.make();
    const form = await codeForm(app);
    oauth.hub.clock.advance(60_000 + 20_000);
    expect(await oauth.post('/token', form, basic(app))).toMatchObject(INVALID_GRANT);
  });

  it('is bound to one app and one redirect URI', async () => {
    const [app, other] = [await oauth.make(), await oauth.make()];
    const form = await codeForm(app);
    expect(await oauth.post('/token', form, basic(other))).toMatchObject(INVALID_GRANT);
    const elsewhere = { ...form, redirect_uri: `${REDIRECT}/` };
    expect(await oauth.post('/token', elsewhere, basic(app))).toMatchObject(INVALID_GRANT);
    expect((await oauth.post('/token', form, basic(app))).status).toBe(200);
  });

  it.each<[string, Record<string, string>]>([
    ['no verifier', { code_verifier: '' }],
    ['another verifier', { code_verifier: 'x'.repeat(43) }],
    ['a short one', { code_verifier: 'x' }],
    ['the challenge itself', { code_verifier: 'challenge' }],
  ])('is not redeemed with %s', async (_what, change) => {
    const app = await oauth.make({ authMethod: 'none' });
    const form = { ...(await codeForm(app)), ...change, client_id: app.id };
    if (change['code_verifier'] === 'challenge')
      form.code_verifier = createHash('sha256').update(form.code_verifier).digest('base64url');
    if (form.code_verifier === '') Reflect.deleteProperty(form, 'code_verifier');
    const { status, body } = await oauth.post('/token', form);
    expect([status, ['invalid_grant', 'invalid_request'].includes(body.error)]).toEqual([
      400,
      true,
    ]);
  });
});

describe('a request to authorize', () => {
  const begin = async (app: MadeApp, change: Record<string, string | undefined>) => {
    const query = new URLSearchParams();
    const parameters = {
      client_id: app.id,
      response_type: 'code',
      scope: 'webhooks:read',
      state: 's',
      redirect_uri: REDIRECT,
      code_challenge: 'x'.repeat(43),
      code_challenge_method: 'S256',
      ...change,
    };
    for (const [name, value] of Object.entries(parameters)) {
      if (value !== undefined) query.set(name, value);
    }
    return openBrowser(oauth.hub.url).open(`${oauth.issuer}/auth?${query.toString()}`);
  };

  it.each<[string, Record<string, string | undefined>, string]>([
    ['without a challenge', { code_challenge: undefined }, 'invalid_request'],
    ['with a plain challenge', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['without the method of it', { code_challenge_method: undefined }, 'invalid_request'],
    ['with an unknown method', { code_challenge_method: 's256' }, 'invalid_request'],
    ['for an immediate token', { response_type: 'token' }, 'unsupported_response_type'],
    ['for an immediate ID token', { response_type: 'id_token' }, 'unsupported_response_type'],
    ['for scopes that the app may not request', { scope: 'events:publish' }, 'invalid_scope'],
    ['for a resource of another server', { resource: 'https://evil.example/' }, 'invalid_target'],
    ['with a request object', { request: 'e30.e30.' }, 'request_not_supported'],
  ])('is refused %s, with an error to the app', async (_what, change, error) => {
    const { left } = await begin(await oauth.make(), change);
    expect(`${left?.origin ?? ''}${left?.pathname ?? ''}`).toBe(REDIRECT);
    // Other response types than code return the error in the fragment.
    const returned = new URLSearchParams(
      (left?.search ?? '') + (left?.hash ?? '').replace('#', '?'),
    );
    expect(Object.fromEntries(returned)).toMatchObject({
      error,
      state: 's',
      iss: oauth.issuer,
    });
  });

  it.each([
    `${REDIRECT}/`,
    `${REDIRECT}?x=1`,
    `${REDIRECT}#x`,
    `${REDIRECT}/../evil`,
    `${REDIRECT}%2e`,
    'https://app.example.com/Callback',
    'https://APP.example.com/callback',
    'https://app.example.com:443/callback',
    'https://app.example.com@evil.example/callback',
    'https://evil.example/?https://app.example.com/callback',
    'https://app.example.com.evil.example/callback',
    'https://sub.app.example.com/callback',
    'http://app.example.com/callback',
    'https://app.example.com\\@evil.example/callback',
    'https://äpp.example.com/callback',
    '//app.example.com/callback',
    'javascript:alert(1)//https://app.example.com/callback',
    'http://127.0.0.1/callback',
    '',
  ])('is not redirected to %s', async (redirect) => {
    const { left, page } = await begin(await oauth.make(), { redirect_uri: redirect });
    expect(left).toBeUndefined();
    expect(page?.status).toBe(400);
    expect(page?.html).not.toContain('evil.example');
  });

  it('is not redirected with two redirect URIs', async () => {
    const app = await oauth.make();
    const query = `client_id=${app.id}&response_type=code&redirect_uri=${REDIRECT}&redirect_uri=https://evil.example`;
    const { left, page } = await openBrowser(oauth.hub.url).open(`${oauth.issuer}/auth?${query}`);
    expect([left, page?.status]).toEqual([undefined, 400]);
  });

  it('accepts any port of a loopback address, and no other path or host', async () => {
    const app = await oauth.make({ authMethod: 'none', redirectUris: ['http://127.0.0.1/cb'] });
    const at = async (redirect: string) => (await begin(app, { redirect_uri: redirect })).page;
    expect((await at('http://127.0.0.1:50123/cb'))?.status).toBe(200);
    for (const wrong of ['http://localhost:50123/cb', 'http://127.0.0.1:50123/x'])
      expect((await at(wrong))?.status).toBe(400);
  });

  it('of an unknown, disabled or deleted app shows an error', async () => {
    const app = await oauth.make();
    const { owner } = oauth.team;
    await oauth.hub.as(owner).updateOAuthApp({
      organizationId: oauth.organizationId,
      oauthAppId: app.id,
      isEnabled: false,
    });
    for (const id of [app.id, 'nobody', "x' OR '1'='1"]) {
      const { left, page } = await begin({ id, secret: undefined }, {});
      expect([left, page?.status]).toEqual([undefined, 400]);
    }
  });
});

describe('a refresh token', () => {
  it('that is reused after the grace period revokes all its successors', async () => {
    const app = await oauth.make({ refreshGraceSeconds: 10 });
    const { refresh_token: first } = await oauth.tokens(app);
    const one = await oauth.post('/token', refreshForm(first), basic(app));
    oauth.hub.clock.advance(9_000);
    const again = await oauth.post('/token', refreshForm(first), basic(app));
    expect(again.body.refresh_token).toBe(one.body.refresh_token);
    expect(await statusOf(again.body.access_token)).toBe(200);
    oauth.hub.clock.advance(1_500);
    expect(await oauth.post('/token', refreshForm(first), basic(app))).toMatchObject(INVALID_GRANT);
    expect(await statusOf(again.body.access_token)).toBe(401);
    const next = refreshForm(one.body.refresh_token);
    expect(await oauth.post('/token', next, basic(app))).toMatchObject(INVALID_GRANT);
  });

  it('that was used is not active, even during the grace period', async () => {
    const app = await oauth.make();
    const { refresh_token: first = '' } = await oauth.tokens(app);
    await oauth.post('/token', refreshForm(first), basic(app));
    const { body } = await oauth.post('/token/introspection', { token: first }, basic(app));
    expect(body).toEqual({ active: false });
  });

  it('is bound to one app, and grants no more than was approved', async () => {
    const [app, other] = [await oauth.make(), await oauth.make()];
    const { refresh_token: token } = await oauth.tokens(app);
    const stolen = await oauth.post('/token', refreshForm(token), basic(other));
    expect(stolen).toMatchObject(INVALID_GRANT);
    const more = refreshForm(token, { scope: 'webhooks:read webhooks:write' });
    expect((await oauth.post('/token', more, basic(app))).body.error).toBe('invalid_scope');
    expect((await oauth.post('/token', refreshForm(token), basic(app))).status).toBe(200);
  });

  it('grants less when less is requested, and not all again within the grace period', async () => {
    const app = await oauth.make();
    const { refresh_token: token } = await oauth.tokens(app, {
      scope: 'webhooks:read webhooks:write',
    });
    const send = (scope: string) => oauth.post('/token', refreshForm(token, { scope }), basic(app));
    const [less, more] = [await send('webhooks:read'), await send('webhooks:write')];
    expect([less.body.scope, more.body.scope]).toEqual(['webhooks:read', 'webhooks:write']);
    expect(less.body.access_token).not.toBe(more.body.access_token);
    expect(less.body.refresh_token).toBe(more.body.refresh_token);
  });

  it('expires when it is unused, and with the grant', async () => {
    const app = await oauth.make({ refreshTokenDays: 1, grantDays: 2 });
    const { refresh_token: unused } = await oauth.tokens(app);
    let { refresh_token: token } = await oauth.tokens(app);
    for (const hours of [20, 20]) {
      oauth.hub.clock.advance(hours * 3_600_000);
      const { body } = await oauth.post('/token', refreshForm(token), basic(app));
      token = body.refresh_token;
    }
    expect(await oauth.post('/token', refreshForm(unused), basic(app))).toMatchObject(
      INVALID_GRANT,
    );
    oauth.hub.clock.advance(20 * 3_600_000);
    expect(await oauth.post('/token', refreshForm(token), basic(app))).toMatchObject(INVALID_GRANT);
  });
});

describe('the server', () => {
  it('has the configured issuer, regardless of the Host header', async () => {
    const { port } = new URL(oauth.hub.url);
    const body = await new Promise<string>((resolve, reject) => {
      const headers = {
        host: 'evil.example',
        'x-forwarded-host': 'evil.example',
        'x-forwarded-proto': 'https',
      };
      const path = '/hub/oauth/.well-known/openid-configuration';
      request({ host: '127.0.0.1', port, path, headers }, (res) => {
        let text = '';
        res.on('data', (chunk: Buffer) => (text += chunk.toString()));
        res.on('end', () => resolve(text));
      })
        .on('error', reject)
        .end();
    });
    expect(body).not.toContain('evil.example');
    expect(JSON.parse(body).token_endpoint).toBe(`${oauth.issuer}/token`);
  });

  it('stores no token, code or secret in plain text, and logs none', async () => {
    const app = await oauth.make();
    const { url, code, verifier } = await oauth.consent(app);
    const form = {
      grant_type: 'authorization_code',
      code,
      code_verifier: verifier,
      redirect_uri: REDIRECT,
    };
    const { body } = await oauth.post('/token', form, basic(app));
    await oauth.post('/token', refreshForm(body.refresh_token), basic(app));
    await oauth.post('/token', refreshForm('hub_ort_wrong'), basic(app));
    const secrets = [code, verifier, body.access_token, body.refresh_token, app.secret ?? ''];
    const kept = await Promise.all(
      [OAuthApp, OAuthGrant, OAuthRecord].map(({ name }) =>
        oauth.hub.rest('GET', `/classes/${name}?limit=1000`, {
          masterKey: 'master-key-of-the-spec',
        }),
      ),
    );
    const text = JSON.stringify(kept) + oauth.hub.logLines.join('');
    expect(url.searchParams.get('code')).toBe(code);
    for (const secret of secrets) {
      expect(secret.length).toBeGreaterThan(20);
      expect(text).not.toContain(secret);
    }
  });

  it('deletes expired records, and keeps the others', async () => {
    const app = await oauth.make();
    const { refresh_token: token } = await oauth.tokens(app);
    oauth.hub.clock.advance(2 * 86_400_000);
    const { signal } = new AbortController();
    expect(await oauth.hub.app.services.oauth.prune({ signal })).toBeGreaterThan(0);
    expect(await oauth.hub.app.services.oauth.prune({ signal })).toBe(0);
    expect((await oauth.post('/token', refreshForm(token), basic(app))).status).toBe(200);
  });
});
