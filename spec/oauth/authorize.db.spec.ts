import * as client from 'openid-client';

import { master } from '../support/hub.js';
import {
  type Browser,
  leftFor,
  openBrowser,
  pageOf,
  post,
  type Shown,
  tokenIn,
} from './browser.js';
import {
  basic,
  type MadeApp,
  type OAuthSetting,
  PASSWORD,
  REDIRECT,
  startOAuth,
} from './setting.js';

const SIGN_UP = 'https://www.example.com/sign-up?plan=free';

let oauth: OAuthSetting;
beforeAll(async () => {
  oauth = await startOAuth({ hub: { branding: { name: 'Parcel', signUpUrl: SIGN_UP } } });
});
afterAll(() => oauth.hub.stop());

const verifier = 'v'.repeat(43);
/** Opens the authorization URL of an app; parameters that are undefined are left out. */
async function begin(
  app: MadeApp,
  parameters: Record<string, string | undefined> = {},
  browser = openBrowser(oauth.hub.url),
): Promise<Shown & { readonly browser: Browser }> {
  const given = {
    client_id: app.id,
    response_type: 'code',
    redirect_uri: REDIRECT,
    state: 's',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...parameters,
  };
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(given))
    if (value !== undefined) query.set(name, value);
  return { browser, ...(await browser.open(`${oauth.issuer}/auth?${query.toString()}`)) };
}
async function logIn(shown: Shown & { readonly browser: Browser }, user = oauth.team.owner) {
  const fields = { name: user.username, password: PASSWORD };
  return shown.browser.submit(pageOf(shown), fields);
}
const allow = (browser: Browser, shown: Shown, scope: readonly string[]) =>
  browser.submit(pageOf(shown), { scope, organizationId: oauth.organizationId });
const redeem = (app: MadeApp, url: URL, redirect = REDIRECT) =>
  oauth.post(
    '/token',
    {
      grant_type: 'authorization_code',
      code: url.searchParams.get('code') ?? '',
      code_verifier: verifier,
      redirect_uri: redirect,
    },
    app.secret === undefined ? {} : basic(app),
  );
const errorOf = (shown: Shown) => Object.fromEntries(leftFor(shown).searchParams);
const update = (app: MadeApp, change: object) =>
  oauth.hub
    .as(oauth.team.owner)
    .updateOAuthApp({ organizationId: oauth.organizationId, oauthAppId: app.id, ...change });

describe('scopes', () => {
  it.each([
    ['openid groups', 'groups'],
    ['groups roles', 'groups roles'],
    ['webhooks:read webhooks:everything', 'webhooks:everything'],
  ])('that do not exist are refused before any page: %s', async (scope, named) => {
    for (const given of [{}, { tokenFormat: 'jwt' } as const]) {
      const error = errorOf(await begin(await oauth.make(given), { scope }));
      expect(error).toMatchObject({ error: 'invalid_scope', state: 's', scope: named });
      expect(error['error_description']).toContain(named);
    }
  });

  it('that do not exist are refused where a request is pushed, and to a device', async () => {
    const app = await oauth.make({ grants: ['authorizationCode', 'deviceCode'] });
    const form = {
      client_id: app.id,
      response_type: 'code',
      redirect_uri: REDIRECT,
      scope: 'openid groups',
    };
    const challenge = { code_challenge: 'c'.repeat(43), code_challenge_method: 'S256' };
    for (const path of ['/request', '/device/auth']) {
      const { status, body } = await oauth.post(path, { ...form, ...challenge }, basic(app));
      expect([path, status, body.error, body.scope]).toEqual([
        path,
        400,
        'invalid_scope',
        'groups',
      ]);
    }
  });

  it('that the app may not request are named in the error', async () => {
    const app = await oauth.make({ scopes: ['openid'] });
    const error = errorOf(await begin(app, { scope: 'openid webhooks:write' }));
    expect(error).toMatchObject({ error: 'invalid_scope', scope: 'webhooks:write' });
  });

  it('are those of the app when the request names none, also for a device', async () => {
    const app = await oauth.make({
      scopes: ['openid', 'webhooks:read'],
      grants: ['authorizationCode'],
    });
    for (const scope of [undefined, '']) {
      const shown = await begin(app, { scope, prompt: 'consent' });
      const consent = await logIn(shown);
      expect(pageOf(consent).html).toContain('value="webhooks:read"');
      const url = leftFor(await allow(shown.browser, consent, ['openid', 'webhooks:read']));
      expect((await redeem(app, url)).body.scope).toBe('openid webhooks:read');
    }
    const device = await oauth.make({ grants: ['deviceCode'], redirectUris: [] });
    const { body } = await oauth.post('/device/auth', {}, basic(device));
    const browser = openBrowser(oauth.hub.url);
    const entry = pageOf(await browser.open(body.verification_uri_complete));
    const confirm = pageOf(await browser.submit(entry, { user_code: body.user_code }));
    const login = { browser, ...(await browser.submit(confirm, { confirm: 'yes' })) };
    expect(pageOf(await logIn(login)).html).toContain('value="webhooks:read"');
  });

  it('include offline_access for each app that may refresh; without it there is no refresh token', async () => {
    const app = await oauth.make({ scopes: ['openid'] });
    const ask = async (approve: string[]) => {
      const shown = await begin(app, { scope: 'openid offline_access', prompt: 'consent' });
      const consent = await shown.browser.submit(pageOf(shown), {
        name: oauth.team.owner.username,
        password: PASSWORD,
      });
      expect(pageOf(consent).html).toContain('value="offline_access"');
      const url = leftFor(await shown.browser.submit(pageOf(consent), { scope: approve }));
      return (await redeem(app, url)).body;
    };
    expect((await ask(['openid', 'offline_access'])).refresh_token).toEqual(expect.any(String));
    expect((await ask(['openid'])).refresh_token).toBeUndefined();
    const other = await oauth.make({ scopes: ['openid'], grants: ['authorizationCode'] });
    const shown = await begin(other, { scope: 'openid offline_access', prompt: 'consent' });
    expect(pageOf(await logIn(shown)).html).not.toContain('offline_access');
  });
});

describe('consent', () => {
  it('always includes openid, which cannot be unticked', async () => {
    const app = await oauth.make();
    const shown = await begin(app, { scope: 'openid webhooks:read' });
    const consent = await logIn(shown);
    expect(pageOf(consent).html).toMatch(/value="openid"\s+checked disabled/);
    expect(pageOf(consent).html).toMatch(/value="webhooks:read"\s+checked\s*\/>/);
    const url = leftFor(await allow(shown.browser, consent, ['webhooks:read']));
    const { body } = await redeem(app, url);
    expect([body.scope, typeof body.id_token]).toEqual(['openid webhooks:read', 'string']);
  });

  it('asks again for what was refused when the app asks again, and keeps what was granted', async () => {
    const app = await oauth.make();
    const both = { scope: 'openid webhooks:read webhooks:write' };
    const shown = await begin(app, both);
    const { browser } = shown;
    const first = leftFor(await allow(browser, await logIn(shown), ['webhooks:read']));
    expect((await redeem(app, first)).body.scope).toBe('openid webhooks:read');
    // What was granted is not asked again.
    expect(
      errorOf(await begin(app, { scope: 'webhooks:read', prompt: 'none' }, browser)),
    ).toHaveProperty('code');
    const silent = await begin(app, { ...both, prompt: 'none' }, browser);
    expect(errorOf(silent)).toMatchObject({ error: 'consent_required' });
    const again = await begin(app, { scope: 'webhooks:write' }, browser);
    const second = leftFor(await allow(browser, again, ['webhooks:write']));
    expect((await redeem(app, second)).body.scope).toBe('webhooks:write');
    // Both are granted now.
    const all = leftFor(await begin(app, { ...both, prompt: 'none' }, browser));
    const { body } = await redeem(app, all);
    expect(String(body.scope).split(' ').sort()).toEqual(both.scope.split(' '));
    // Refused again, it is no longer granted.
    const third = await begin(app, { ...both, prompt: 'consent' }, browser);
    await allow(browser, third, ['openid', 'webhooks:write']);
    const after = await begin(app, { ...both, prompt: 'none' }, browser);
    expect(errorOf(after)).toMatchObject({ error: 'consent_required' });
  });

  it('keeps no permission of another organization', async () => {
    const app = await oauth.make();
    const { organization } = await oauth.hub.as(oauth.team.owner).createOrganization({ name: 'B' });
    const shown = await begin(app, { scope: 'webhooks:read' });
    const { browser } = shown;
    await allow(browser, await logIn(shown), ['webhooks:read']);
    const other = pageOf(await begin(app, { scope: 'webhooks:write' }, browser));
    const fields = { scope: 'webhooks:write', organizationId: organization.id };
    leftFor(await browser.submit(other, fields));
    const after = await begin(app, { scope: 'webhooks:read', prompt: 'none' }, browser);
    expect(errorOf(after)).toMatchObject({ error: 'consent_required' });
  });

  const LOOPBACK = 'http://127.0.0.1:4001/cb';
  it.each([
    ['of an app with a secret on localhost', { redirectUris: [LOOPBACK] }, 'code'],
    [
      'of an app with a secret that says it is native',
      { redirectUris: [LOOPBACK], applicationType: 'native' },
      'interaction_required',
    ],
    [
      'of an app without a secret on localhost',
      { redirectUris: [LOOPBACK], authMethod: 'none' },
      'interaction_required',
    ],
    [
      'of an app without a secret that says it is web, on localhost',
      { redirectUris: [LOOPBACK, REDIRECT], authMethod: 'none', applicationType: 'web' },
      'interaction_required',
    ],
    ['of an app in a browser', { redirectUris: [REDIRECT], authMethod: 'none' }, 'code'],
    [
      'of a native app with an https:// URL',
      { redirectUris: [REDIRECT], authMethod: 'none', applicationType: 'native' },
      'interaction_required',
    ],
  ] as const)('%s is remembered or not', async (_what, given, expected) => {
    const app = await oauth.make({ ...given, redirectUris: [...given.redirectUris] });
    const [redirect_uri] = given.redirectUris;
    const ask = { redirect_uri, scope: 'openid' };
    const shown = await begin(app, ask);
    const consent = await logIn(shown);
    leftFor(await shown.browser.submit(pageOf(consent), { scope: 'openid' }));
    const result = errorOf(await begin(app, { ...ask, prompt: 'none' }, shown.browser));
    expect(result['error'] ?? Object.keys(result)[0]).toBe(expected);
  });
});

describe('an app', () => {
  it('is native or web as it says, otherwise by its secret and its redirect URIs', async () => {
    const typeOf = async (given: Parameters<OAuthSetting['make']>[0]) => {
      const { id: oauthAppId } = await oauth.make(given);
      const { organizationId } = oauth;
      const { oauthApp } = await oauth.hub
        .as(oauth.team.owner)
        .getOAuthApp({ organizationId, oauthAppId });
      return oauthApp.applicationType;
    };
    const local = { redirectUris: ['http://localhost/cb'] };
    expect(await typeOf(local)).toBe('web');
    expect(await typeOf({ ...local, authMethod: 'none' })).toBe('native');
    expect(await typeOf({ ...local, authMethod: 'none', applicationType: 'web' })).toBe('web');
    expect(await typeOf({ applicationType: 'native' })).toBe('native');
  });

  it.each([
    [
      'http://127.0.0.1:4001/cb',
      ['http://127.0.0.1/cb', 'http://127.0.0.1:80/cb', 'http://127.0.0.1:1/cb'],
    ],
    [
      'http://127.0.0.1:80/cb',
      ['http://127.0.0.1/cb', 'http://127.0.0.1:80/cb', 'http://127.0.0.1:9/cb'],
    ],
    ['http://[::1]/cb', ['http://[::1]:80/cb', 'http://[::1]:50123/cb', 'http://[::1]/cb']],
  ])('at %s is redirected to any port', async (registered, requested) => {
    for (const authMethod of ['client_secret', 'none'] as const) {
      const app = await oauth.make({ authMethod, redirectUris: [registered] });
      for (const redirect_uri of requested) {
        const shown = await begin(app, { redirect_uri, scope: 'openid' });
        expect([redirect_uri, pageOf(shown).status]).toEqual([redirect_uri, 200]);
      }
      const wrong = await begin(app, { redirect_uri: `${registered}/x`, scope: 'openid' });
      expect(pageOf(wrong).status).toBe(400);
    }
  });

  it('is redirected to a scheme without a dot that its owner has listed', async () => {
    const redirectUris = ['vscode://publisher.extension/callback'];
    const listed = { authMethod: 'none' as const, redirectUris };
    const app = await oauth.make({ ...listed, privateUseSchemes: ['vscode'] });
    const shown = await begin(app, { redirect_uri: redirectUris[0], scope: 'openid' });
    const consent = await logIn(shown);
    expect(pageOf(consent).html).toContain('<strong>vscode:</strong>');
    const url = leftFor(await shown.browser.submit(pageOf(consent), { scope: 'openid' }));
    expect(url.href).toMatch(/^vscode:\/\/publisher\.extension\/callback\?code=/);
    const call = oauth.make({ ...listed, redirectUris, privateUseSchemes: [] });
    await expect(call).rejects.toThrow('privateUseSchemes, such as vscode://callback');
    await expect(update(app, { privateUseSchemes: [] })).rejects.toThrow(
      'listed in privateUseSchemes',
    );
    for (const scheme of ['javascript', 'https', 'mailto', 'VSCODE', 'com.example', 'a:b'])
      await expect(update(app, { privateUseSchemes: [scheme] })).rejects.toThrow(/scheme/);
  });

  it('that is disabled says so, on pages and to the app', async () => {
    const app = await oauth.make({ grants: ['authorizationCode', 'refreshToken', 'deviceCode'] });
    const { refresh_token: token = '' } = await oauth.tokens(app);
    const open = await begin(app, { scope: 'openid' });
    const { body: device } = await oauth.post('/device/auth', {}, basic(app));
    const phone = openBrowser(oauth.hub.url);
    const entry = pageOf(await phone.open(device.verification_uri));
    await update(app, { isEnabled: false });
    const WORDS = 'This app has been disabled by its owner';
    const shown = pageOf(await begin(app, { scope: 'openid' }));
    expect([shown.status, shown.html]).toEqual([400, expect.stringContaining(WORDS)]);
    const late = pageOf(await logIn(open));
    expect([late.status, late.html]).toEqual([403, expect.stringContaining(WORDS)]);
    const form = { grant_type: 'refresh_token', refresh_token: token };
    for (const [path, fields] of [
      ['/token', form],
      ['/device/auth', {}],
    ] as const) {
      const { status, body } = await oauth.post(path, fields, basic(app));
      expect([status, body.error]).toEqual([401, 'invalid_client']);
      expect(body.error_description).toContain(WORDS);
    }
    const code = pageOf(await phone.submit(entry, { user_code: device.user_code }));
    expect(code.html).toContain('This code does not exist');
    // Another disabled app cannot be told from one that never was by anything but its own id.
    expect(pageOf(await begin({ id: 'nobody', secret: undefined }, {})).html).not.toContain(WORDS);
  });

  it('that the host has verified has a mark, which a member’s change of what users see removes', async () => {
    const app = await oauth.make();
    const { organizationId } = oauth;
    await expect(update(app, { isVerified: true })).rejects.toThrow(/master key/);
    await expect(oauth.make({ isVerified: true })).rejects.toThrow(/master key/);
    const mark = { organizationId, oauthAppId: app.id, isVerified: true };
    const asMaster = (more: object = {}) =>
      oauth.hub.rest('POST', '/functions/updateOAuthApp', master, { ...mark, ...more });
    const explain = () =>
      oauth.hub.as(oauth.team.owner).explainOAuthConsent({ organizationId, oauthAppId: app.id });
    expect((await asMaster()).status).toBe(200);
    expect((await explain()).isVerified).toBe(true);
    const consent = async () => pageOf(await logIn(await begin(app, { prompt: 'consent' }))).html;
    expect(await consent()).toContain('Verified by Parcel');
    const other = `${new URL(REDIRECT).origin}/other`;
    for (const harmless of [
      { name: 'Warehouse' },
      { redirectUris: [REDIRECT, other] },
      { grantDays: 300 },
    ]) {
      expect((await update(app, harmless)).oauthApp.isVerified).toBe(true);
    }
    for (const change of [
      { name: 'Parcel' },
      { branding: { text: 'By Parcel' } },
      { redirectUris: [REDIRECT, 'https://evil.example/cb'] },
      { postLogoutRedirectUris: ['https://evil2.example/bye'] },
    ]) {
      expect((await update(app, change)).oauthApp.isVerified).toBe(false);
      expect((await asMaster()).status).toBe(200);
    }
    await update(app, { name: 'Warehouse 2' });
    expect(await consent()).not.toContain('Verified by Parcel');
  });
});

describe('prompt', () => {
  it('select_account shows who is logged in, who continues or logs in as another', async () => {
    const app = await oauth.make();
    const ask = { scope: 'openid', prompt: 'select_account' };
    const shown = await begin(app, ask);
    const { browser } = shown;
    // Without a session, logging in is the choice.
    leftFor(await browser.submit(pageOf(await logIn(shown)), { scope: 'openid' }));
    const chooser = pageOf(await begin(app, ask, browser));
    expect(chooser.html).toContain(`Continue as ${oauth.team.owner.username}`);
    const forged = await post(browser, `${chooser.url}/account`, { token: 'x' });
    expect(forged.status).toBe(403);
    expect(errorOf(await browser.submit(chooser, { token: tokenIn(chooser) }))).toHaveProperty(
      'code',
    );
    const both = pageOf(await begin(app, { ...ask, prompt: 'select_account login' }, browser));
    const login = await browser.submit(both, { token: tokenIn(both) });
    expect(pageOf(login).html).toContain('type="password"');
    expect(errorOf(await logIn({ ...login, browser }))).toHaveProperty('code');
    const third = pageOf(await begin(app, ask, browser));
    const other = await browser.open(`${third.url}?switch=1`);
    const consent = pageOf(await logIn({ ...other, browser }, oauth.team.admin));
    expect(consent.html).toContain(`<strong>${oauth.team.admin.username}</strong>`);
    expect(errorOf(await begin(app, { ...ask, prompt: 'none select_account' }))).toMatchObject({
      error: 'invalid_request',
    });
  });

  it('create leads to the host’s page, which sends people back to log in', async () => {
    const app = await oauth.make();
    const shown = await begin(app, { scope: 'openid', prompt: 'create' });
    const target = leftFor(shown);
    expect(target.origin + target.pathname).toBe('https://www.example.com/sign-up');
    expect(target.searchParams.get('plan')).toBe('free');
    const back = target.searchParams.get('return_to') ?? '';
    expect(back).toMatch(new RegExp(`^${oauth.issuer}/interaction/[\\w-]+\\?switch=1$`));
    const login = await shown.browser.open(back);
    expect(pageOf(login).html).toContain('Create an account');
    expect(pageOf(login).html).toContain(
      'https://www.example.com/sign-up?plan=free&amp;return_to=',
    );
    const consent = await logIn({ ...login, browser: shown.browser });
    expect(
      errorOf(await shown.browser.submit(pageOf(consent), { scope: 'openid' })),
    ).toHaveProperty('code');
  });

  it('has the values that the discovery document lists', async () => {
    const document = await (await fetch(`${oauth.issuer}/.well-known/openid-configuration`)).json();
    expect(document).toMatchObject({
      prompt_values_supported: ['none', 'login', 'consent', 'select_account', 'create'],
      end_session_endpoint: `${oauth.issuer}/logout`,
    });
    const app = await oauth.make();
    const error = errorOf(await begin(app, { scope: 'openid', prompt: 'other' }));
    expect(error['error']).toBe('invalid_request');
  });
});

describe('logging out at the request of an app', () => {
  const BYE = 'https://app.example.com/bye';
  async function loggedIn() {
    const app = await oauth.make({ postLogoutRedirectUris: [BYE, 'http://127.0.0.1/bye'] });
    const shown = await begin(app, { scope: 'openid' });
    const url = leftFor(
      await shown.browser.submit(pageOf(await logIn(shown)), { scope: 'openid' }),
    );
    const hint = String((await redeem(app, url)).body.id_token);
    const open = (parameters: Record<string, string>) =>
      shown.browser.open(`${oauth.issuer}/logout?${new URLSearchParams(parameters).toString()}`);
    const isLoggedIn = async () =>
      leftFor(
        await begin(app, { scope: 'openid', prompt: 'none' }, shown.browser),
      ).searchParams.has('code');
    return { app, hint, open, isLoggedIn, browser: shown.browser };
  }

  it('with its ID token ends the session and returns to the app', async () => {
    const { hint, open, isLoggedIn } = await loggedIn();
    const left = leftFor(
      await open({ id_token_hint: hint, post_logout_redirect_uri: BYE, state: 'a&b' }),
    );
    expect(left.href).toBe(`${BYE}?state=a%26b`);
    expect(await isLoggedIn()).toBe(false);
  });

  it('without an ID token, or with that of another user, asks the user first', async () => {
    const { app, open, isLoggedIn, browser } = await loggedIn();
    const { hint: others } = await (async () => {
      const shown = await begin(app, { scope: 'openid' });
      const consent = await logIn(shown, oauth.team.admin);
      const url = leftFor(await shown.browser.submit(pageOf(consent), { scope: 'openid' }));
      return { hint: String((await redeem(app, url)).body.id_token) };
    })();
    for (const parameters of [{ client_id: app.id }, { id_token_hint: others }]) {
      const page = pageOf(await open({ ...parameters, post_logout_redirect_uri: BYE, state: 's' }));
      expect(page.html).toContain('Log out of Parcel?');
      expect(page.headers.get('content-security-policy')).toContain(
        "form-action 'self' https://app.example.com",
      );
      expect(await isLoggedIn()).toBe(true);
    }
    const page = pageOf(
      await open({ client_id: app.id, post_logout_redirect_uri: 'http://127.0.0.1:5000/bye' }),
    );
    const left = leftFor(await browser.submit(page, { token: tokenIn(page) }));
    expect(left.href).toBe('http://127.0.0.1:5000/bye');
    expect(await isLoggedIn()).toBe(false);
  });

  it('goes nowhere else, and takes no ID token that was made up', async () => {
    const { app, hint, open, isLoggedIn } = await loggedIn();
    const other = await oauth.make();
    const [head = '', body = '', signature = ''] = hint.split('.');
    for (const parameters of [
      { id_token_hint: hint, post_logout_redirect_uri: 'https://evil.example/' },
      { id_token_hint: hint, post_logout_redirect_uri: `${BYE}/x` },
      { post_logout_redirect_uri: BYE },
      { client_id: other.id, post_logout_redirect_uri: BYE },
      { client_id: other.id, id_token_hint: hint },
      { client_id: 'nobody' },
      { id_token_hint: 'x' },
      { id_token_hint: `${head}.${body}.${signature.slice(0, -4)}AAAA` },
      { id_token_hint: `${Buffer.from('{"alg":"none"}').toString('base64url')}.${body}.` },
    ] as Record<string, string>[]) {
      const page = pageOf(await open(parameters));
      expect([page.status, page.html]).toEqual([400, expect.stringContaining('not valid')]);
      expect(page.html).not.toContain('evil.example');
    }
    expect(await isLoggedIn()).toBe(true);
    await update(app, { isEnabled: false });
    const disabled = pageOf(await open({ client_id: app.id }));
    expect(disabled.html).toContain('disabled by its owner');
  });

  it('may be a form, which asks as well', async () => {
    const { app, browser, isLoggedIn } = await loggedIn();
    const sent = await post(browser, `${oauth.issuer}/logout`, { client_id: app.id });
    expect([sent.status, sent.headers.get('location')]).toEqual([
      303,
      `/hub/oauth/logout?client_id=${app.id}`,
    ]);
    expect(await isLoggedIn()).toBe(true);
  });
});
