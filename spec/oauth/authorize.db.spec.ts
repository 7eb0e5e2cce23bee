import { master } from '../support/hub.js';
import { leftFor, openBrowser, pageOf } from './browser.js';
import { basic, type OAuthSetting, PASSWORD, REDIRECT, startOAuth } from './setting.js';
import { stepsOf } from './steps.js';

let oauth: OAuthSetting;
beforeAll(async () => {
  oauth = await startOAuth({ hub: { branding: { name: 'Parcel' } } });
});
afterAll(() => oauth.hub.stop());
const { begin, logIn, allow, redeem, errorOf, update } = stepsOf(() => oauth);

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
