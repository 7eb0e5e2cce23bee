import * as client from 'openid-client';

import { master } from '../support/hub.js';
import {
  type Browser,
  leftFor,
  openBrowser,
  type Page,
  pageOf,
  post,
  type Shown,
  tokenIn,
} from './browser.js';
import { type MadeApp, type OAuthSetting, PASSWORD, REDIRECT, startOAuth } from './setting.js';

const HOSTILE = `<script>alert(1)</script>"'><img src=x>`;

let oauth: OAuthSetting;
let app: MadeApp;
beforeAll(async () => {
  oauth = await startOAuth({
    hub: {
      branding: { name: 'Parcel', color: '#ffd166', texts: { loginButton: 'Go on' } },
      bruteForce: { perAddress: { freeAttempts: 12 }, perAccount: { freeAttempts: 4 } },
    },
    host: { verifyUserEmails: false },
  });
  app = await oauth.make();
});
afterAll(() => oauth.hub.stop());
beforeEach(() => {
  // Forgets the failed attempts of other specs.
  oauth.hub.clock.advance(25 * 3_600_000);
});

/** Opens the first page that an app redirects a browser to, a new one by default. */
async function begin(
  browser: Browser = openBrowser(oauth.hub.url),
  { of = app, ...parameters }: { of?: MadeApp } & Record<string, unknown> = {},
): Promise<Shown & { readonly browser: Browser; readonly configuration: client.Configuration }> {
  const configuration = await oauth.discover(of);
  const url = client.buildAuthorizationUrl(configuration, {
    redirect_uri: REDIRECT,
    scope: 'openid webhooks:read webhooks:write',
    state: 's',
    code_challenge: 'a'.repeat(43),
    code_challenge_method: 'S256',
    ...(parameters as Record<string, string>),
  });
  return { browser, configuration, ...(await browser.open(url.href)) };
}
const credentials = (password = PASSWORD) => ({ name: oauth.team.owner.username, password });

/** Logs in and returns the consent page. */
async function consenting(more: Parameters<typeof begin>[1] = {}) {
  // Otherwise the consent of another spec would be remembered.
  const { browser, ...shown } = await begin(undefined, { prompt: 'consent', ...more });
  const login = pageOf(shown);
  return { browser, login, page: pageOf(await browser.submit(login, credentials())) };
}
/** Returns a page without the typed text and the tokens, which always differ. */
const plain = ({ status, html }: Page) => ({
  status,
  html: html
    .replace(/name="(token|name)"[^>]*/g, '')
    .replace(/interaction\/[\w-]+/g, 'interaction/uid'),
});
const urlOf = ({ url }: Page, path: string) => `${url.split('?')[0] ?? ''}/${path}`;

describe('logging in', () => {
  it('and consenting return a code, by user name and by e-mail address; neither password nor token is shown or logged', async () => {
    const { username } = oauth.team.owner;
    for (const name of [username, `${username}@example.com`]) {
      const { browser, ...first } = await begin(undefined, { prompt: 'consent' });
      const consent = pageOf(await browser.submit(pageOf(first), { name, password: PASSWORD }));
      expect(consent.html).toContain('Warehouse requests access to your account at Parcel');
      expect(consent.html).toContain(`<strong>${username}</strong>`);
      expect(consent.html).toContain('An app of Acme');
      expect(consent.html).toContain('<strong>app.example.com</strong>');
      expect(consent.html).not.toContain(PASSWORD);
      const url = leftFor(
        await browser.submit(consent, {
          scope: ['openid', 'webhooks:read'],
          organizationId: oauth.organizationId,
        }),
      );
      expect(url.origin + url.pathname).toBe(REDIRECT);
      expect(url.searchParams.get('code')).toBeTruthy();
      // The same choice is remembered; one of other scopes is not.
      const again = await begin(browser, { scope: 'openid webhooks:read' });
      expect(leftFor(again).searchParams.get('code')).toBeTruthy();
    }
    expect(oauth.hub.logLines.join('')).not.toContain(PASSWORD);
    const { body } = await oauth.hub.rest('GET', '/sessions', master);
    // No Parse session is created besides those of signing up.
    expect(body.results).toHaveLength(5);
  });

  it('shows the same for a wrong password, an unknown user and a malformed name', async () => {
    const { browser, ...first } = await begin(undefined, { prompt: 'consent' });
    const page = pageOf(first);
    const tries = [
      credentials('wrong'),
      { name: 'nobody-at-all', password: 'wrong' },
      { name: HOSTILE, password: 'wrong' },
      { name: '{"$ne":null}', password: 'wrong' },
    ];
    const responses: Page[] = [];
    for (const fields of tries) responses.push(pageOf(await browser.submit(page, fields)));
    const [one, ...others] = responses.map(plain);
    expect(one?.status).toBe(400);
    expect(one?.html).toContain('The user name or password is wrong.');
    for (const other of others) expect(other).toEqual(one);
    expect(responses[2]?.html).not.toMatch(/<script|<img/);
    // The error page works like the first one.
    const last = responses[3] ?? page;
    expect(pageOf(await browser.submit(last, credentials())).html).toContain('requests access');
  });

  it('makes wrong attempts wait, for existing and unknown users', async () => {
    const texts: object[] = [];
    for (const name of [oauth.team.admin.username, 'nobody-either']) {
      const { browser, ...first } = await begin();
      const page = pageOf(first);
      for (let nth = 0; nth < 4; nth += 1) {
        expect(pageOf(await browser.submit(page, { name, password: 'wrong' })).status).toBe(400);
      }
      const refused = pageOf(await browser.submit(page, { name, password: PASSWORD }));
      expect(refused.status).toBe(429);
      expect(refused.headers.get('retry-after')).toBe('1');
      texts.push(plain(refused));
    }
    expect(texts[0]).toEqual(texts[1]);
    expect(JSON.stringify(texts[0])).toContain('Try again in 1 seconds.');
  });

  it('shares one count of an account with Parse Server’s own log-in, by user name and by e-mail address', async () => {
    const { username } = oauth.team.developer;
    const email = `${username}@example.com`;
    const { browser, ...first } = await begin();
    const page = pageOf(first);
    const atParse = (name: string, password: string) =>
      oauth.hub.rest('POST', '/login', {}, { username: name, password });
    for (const name of [username, email]) {
      expect(pageOf(await browser.submit(page, { name, password: 'wrong' })).status).toBe(400);
      expect((await atParse(name, 'wrong')).status).toBe(404);
    }
    expect((await atParse(email, PASSWORD)).status).toBe(429);
    for (const name of [username, email])
      expect(pageOf(await browser.submit(page, { name, password: PASSWORD })).status).toBe(429);
  });

  it('sets cookies that scripts cannot read and other sites do not send', async () => {
    const { browser, ...first } = await begin();
    const page = pageOf(first);
    const fields = { token: tokenIn(page), ...credentials() };
    const response = await post(browser, urlOf(page, 'login'), fields);
    const [cookie = '', ...others] = response.headers.getSetCookie();
    expect(others).toEqual([]);
    expect(cookie).toMatch(
      /^hub_oauth_browser=[^;]+; Max-Age=15552000; Path=\/hub\/oauth\/interaction; .*HttpOnly; SameSite=Lax$/,
    );
    expect(cookie).not.toContain(oauth.team.owner.username);
  });

  it('continues in a known browser during a brute-force attack from elsewhere', async () => {
    const name = oauth.team.developer.username;
    const { browser: known, ...first } = await begin();
    pageOf(await known.submit(pageOf(first), { name, password: PASSWORD }));
    const outsider = await begin();
    for (let nth = 0; nth < 5; nth += 1) {
      await outsider.browser.submit(pageOf(outsider), { name, password: 'wrong' });
    }
    const waits = await outsider.browser.submit(pageOf(outsider), { name, password: PASSWORD });
    expect(pageOf(waits).status).toBe(429);
    const again = await begin(known, { prompt: 'login' });
    const inside = pageOf(await known.submit(pageOf(again), { name, password: PASSWORD }));
    expect(inside.html).toContain('requests access');
  });

  // `hub_oauth_browser=%E0%A4%A` once caused status 500 until the cookie was gone, and any sibling domain can set one.
  it.each(['%E0%A4%A', '%', 'a%zz', '"', ';'])(
    'works despite a cookie that cannot be decoded: %s',
    async (value) => {
      const browser = openBrowser(oauth.hub.url) as Browser & { cookies: Map<string, string> };
      browser.cookies.set('hub_oauth_browser', value);
      const login = pageOf(await begin(browser));
      const { page, left } = await browser.submit(login, credentials());
      // Another spec may have consented already.
      expect(left?.href ?? page?.html).toMatch(/[?&]code=|requests access/);
    },
  );

  it('works with a session token, and not with an expired or invented one', async () => {
    const { sessionToken } = oauth.team.viewer;
    const { browser, ...first } = await begin();
    const page = pageOf(first);
    const fields = { token: tokenIn(page) };
    const url = urlOf(page, 'login');
    const wrong = await post(browser, url, { ...fields, sessionToken: 'r:0123456789abcdef' });
    expect(wrong.status).toBe(400);
    const right = await post(browser, url, fields, { 'x-parse-session-token': sessionToken });
    expect(right.status).toBe(303);
    const consent = pageOf(await browser.open(right.headers.get('location') ?? ''));
    expect(consent.html).toContain(`<strong>${oauth.team.viewer.username}</strong>`);
    expect(consent.html).not.toContain(sessionToken);

    const late = await oauth.hub.signUp();
    const { body } = await oauth.hub.rest('GET', '/sessions', master);
    const { objectId } = body.results.find(
      ({ user }: { user: { objectId: string } }) => user.objectId === late.id,
    );
    const past = { __type: 'Date', iso: '2020-01-01T00:00:00.000Z' };
    await oauth.hub.rest('PUT', `/sessions/${String(objectId)}`, master, { expiresAt: past });
    const next = await begin();
    const token = tokenIn(pageOf(next));
    const over = await post(next.browser, urlOf(pageOf(next), 'login'), {
      token,
      sessionToken: late.sessionToken,
    });
    expect(over.status).toBe(400);
    expect(oauth.hub.logLines.join('')).not.toContain(sessionToken);
  });

  it('begins a new session, whatever cookies the browser sends', async () => {
    const { browser, page } = await consenting();
    const before = new Map(browser.cookies);
    const over = pageOf(await browser.open(`${page.url}?switch=1`));
    expect(pageOf(await browser.open(urlOf(page, 'login'))).url).toBe(page.url);
    const { username: name } = oauth.team.admin;
    const other = pageOf(await browser.submit(over, { name, password: PASSWORD }));
    expect(other.html).toContain(`<strong>${name}</strong>`);
    expect(browser.cookies.get('hub_oauth')).not.toBe(before.get('hub_oauth'));
    const fixed = openBrowser(oauth.hub.url) as Browser & { cookies: Map<string, string> };
    fixed.cookies.set('hub_oauth', 'chosen-by-somebody-else');
    const { browser: victim, ...first } = await begin(fixed);
    await victim.submit(pageOf(first), credentials());
    expect(victim.cookies.get('hub_oauth')).not.toBe('chosen-by-somebody-else');
    // The previous session is not valid.
    const thief = openBrowser(oauth.hub.url) as Browser & { cookies: Map<string, string> };
    for (const name of ['hub_oauth', 'hub_oauth.sig']) {
      thief.cookies.set(name, before.get(name) ?? '');
    }
    expect(pageOf(await begin(thief)).html).toContain('type="password"');
  });

  it('shows the branding of the host, without scripts', async () => {
    const hostile = await oauth.make({ name: HOSTILE, branding: { text: HOSTILE } });
    const { login, page } = await consenting({ of: hostile });
    expect(login.html).toContain('Log in to Parcel');
    expect(login.html).toContain('>Go on</button>');
    for (const { html } of [login, page]) {
      expect(html).not.toMatch(/<script|<img/);
      expect(html).toContain('&lt;script&gt;alert(1)');
    }
  });
});

describe('consent', () => {
  const allow = () => ({ scope: ['openid'], organizationId: oauth.organizationId });

  it('is refused with an error to the app', async () => {
    const { browser, page } = await consenting();
    const response = await post(browser, urlOf(page, 'refuse'), { token: tokenIn(page) });
    const url = leftFor(await browser.open(response.headers.get('location') ?? ''));
    expect(url.searchParams.get('error')).toBe('access_denied');
    expect(url.searchParams.get('state')).toBe('s');
  });

  it('can be canceled before the user has logged in', async () => {
    const { browser, ...first } = await begin();
    const page = pageOf(first);
    const response = await post(browser, urlOf(page, 'refuse'), { token: tokenIn(page) });
    const url = leftFor(await browser.open(response.headers.get('location') ?? ''));
    expect(url.searchParams.get('error')).toBe('access_denied');
  });

  it('accepts no form without the token of this page, or with that of another', async () => {
    const { browser, login, page } = await consenting();
    const other = await consenting();
    const tokens = ['', 'made-up', tokenIn(login), tokenIn(other.page), `${tokenIn(page)}x`];
    for (const path of ['approve', 'refuse', 'login']) {
      for (const token of tokens) {
        const fields = { token, scope: 'openid', organizationId: oauth.organizationId };
        const response = await post(browser, urlOf(page, path), fields);
        expect([path, token, response.status]).toEqual([path, token, 403]);
        expect(await response.text()).toContain('The form was not sent from this page.');
      }
    }
    expect(leftFor(await browser.submit(page, allow())).searchParams.get('code')).toBeTruthy();
  });

  it('belongs to the browser of the step, and to no other', async () => {
    const { page } = await consenting();
    const outsider = await consenting();
    const anonymous = openBrowser(oauth.hub.url);
    for (const browser of [outsider.browser, anonymous]) {
      const shown = pageOf(await browser.open(page.url));
      expect(shown.status).toBe(410);
      expect(shown.html).toContain('This page has expired or belongs to another browser.');
      const response = await post(browser, urlOf(page, 'approve'), {
        token: tokenIn(page),
        scope: 'openid',
        organizationId: oauth.organizationId,
      });
      expect(response.status).toBe(410);
    }
  });

  it('is given by the user who saw the page, not by another who has logged in since', async () => {
    const { browser, page } = await consenting();
    const over = pageOf(await browser.open(`${page.url}?switch=1`));
    const { username: name } = oauth.team.admin;
    await browser.submit(over, { name, password: PASSWORD });
    const late = await browser.submit(page, allow()).catch((error: Error) => error);
    expect(late).toMatchObject({ page: { status: expect.any(Number) } });
    expect([403, 410]).toContain(pageOf(late as Shown).status);
  });

  it('grants no scope and no organization that the page did not offer', async () => {
    const { browser, page } = await consenting({ scope: 'openid webhooks:read' });
    const foreign = await oauth.hub.as(oauth.team.outsider).createOrganization({ name: 'Other' });
    for (const fields of [
      { ...allow(), scope: ['openid', 'webhooks:write'] },
      { ...allow(), scope: ['events:publish'] },
      { ...allow(), organizationId: foreign.organization.id },
      { ...allow(), organizationId: '' },
    ]) {
      expect(pageOf(await browser.submit(page, fields)).status).toBe(400);
    }
    expect(leftFor(await browser.submit(page, allow())).searchParams.get('code')).toBeTruthy();
  });

  it('is not possible for a user without an organization', async () => {
    const loner = await oauth.hub.signUp();
    const { browser, ...first } = await begin();
    const page = pageOf(
      await browser.submit(pageOf(first), { name: loner.username, password: PASSWORD }),
    );
    expect(page.html).toContain('You are not a member of an organization');
    expect(page.html).not.toContain('>Allow<');
  });

  it('expires with its step', async () => {
    const { browser, page } = await consenting();
    await browser.submit(page, allow());
    const late = pageOf(await browser.submit(page, allow()));
    expect([late.status, late.html.includes('Go back to the app')]).toEqual([410, true]);
  });

  it('is preceded by no page to sign up where the host has none', async () => {
    const refused = leftFor(await begin(undefined, { prompt: 'create' }));
    expect(refused.searchParams.get('error')).toBe('invalid_request');
    const { configuration, ...shown } = await begin();
    expect(pageOf(shown).html).not.toContain('Create an account');
    expect(configuration.serverMetadata()['prompt_values_supported']).not.toContain('create');
  });

  it('shows no page with prompt=none, and asks again with prompt=consent', async () => {
    const none = await begin(undefined, { prompt: 'none' });
    expect(leftFor(none).searchParams.get('error')).toBe('login_required');
    const { browser, page } = await consenting({ scope: 'openid' });
    await browser.submit(page, { scope: ['openid'] });
    const silent = await begin(browser, { scope: 'openid', prompt: 'none' });
    expect(leftFor(silent).searchParams.get('code')).toBeTruthy();
    const requested = await begin(browser, { scope: 'openid', prompt: 'consent' });
    expect(pageOf(requested).html).toContain('requests access');
  });
});

describe('every page', () => {
  it('is not framed or cached, runs no script, and sends its form only to the hub and the app', async () => {
    const { browser, login, page } = await consenting();
    const device = pageOf(await browser.open(`${oauth.issuer}/device`));
    const logout = pageOf(await browser.open(`${oauth.issuer}/logout`));
    const stale = pageOf(await browser.open(`${oauth.issuer}/interaction/none`));
    const wrong = pageOf(await browser.open(`${oauth.issuer}/auth?client_id=none`));
    expect([stale.status, wrong.status]).toEqual([410, 400]);
    for (const each of [login, page, device, logout, stale, wrong]) {
      expect(Object.fromEntries(each.headers)).toMatchObject({
        'cache-control': 'no-store',
        'content-type': 'text/html; charset=utf-8',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
      });
      const policy = each.headers.get('content-security-policy') ?? '';
      expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; form-action /);
      expect(policy).toContain("frame-ancestors 'none'");
      const isOfApp = each === login || each === page;
      expect(policy).toContain(
        `form-action 'self'${isOfApp ? ' https://app.example.com' : ''}; base-uri`,
      );
    }
    expect(wrong.html).toContain('invalid_client');
  });

  it('has the configured address, regardless of the request', async () => {
    const { browser, page } = await consenting();
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { cookie, 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' };
    for (const url of [page.url, `${oauth.issuer}/device`, `${oauth.issuer}/logout`]) {
      const response = await fetch(url, { headers });
      expect(await response.text()).not.toContain('evil.example');
    }
  });

  it('does not redirect to an address that is not registered', async () => {
    for (const redirect_uri of [`${REDIRECT}/../x`, 'https://evil.example/', `${REDIRECT}#x`]) {
      const page = pageOf(await begin(undefined, { redirect_uri }));
      expect(page.status).toBe(400);
      expect(page.html).not.toContain('href="https://evil');
    }
  });
});

describe('logging out', () => {
  it('takes the token of its page, and ends the session', async () => {
    const { browser } = await consenting();
    const page = pageOf(await browser.open(`${oauth.issuer}/logout`));
    expect(page.html).toContain('Log out of Parcel?');
    const forged = await post(browser, page.url, { token: 'x' });
    expect(forged.status).toBe(403);
    const done = await post(browser, page.url, { token: tokenIn(page) });
    expect([done.status, await done.text()]).toEqual([
      200,
      expect.stringContaining('You are logged out'),
    ]);
    // Also with the old cookies.
    expect(pageOf(await begin(browser)).html).toContain('type="password"');
    const again = pageOf(await browser.open(`${oauth.issuer}/logout`));
    expect(again.html).toContain('You are logged out');
  });
});
