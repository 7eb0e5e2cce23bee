import { leftFor, pageOf, post, tokenIn } from './browser.js';
import { type OAuthSetting, startOAuth } from './setting.js';
import { stepsOf } from './steps.js';

const SIGN_UP = 'https://www.example.com/sign-up?plan=free';

let oauth: OAuthSetting;
beforeAll(async () => {
  oauth = await startOAuth({ hub: { branding: { name: 'Parcel', signUpUrl: SIGN_UP } } });
});
afterAll(() => oauth.hub.stop());
const { begin, logIn, redeem, errorOf, update } = stepsOf(() => oauth);

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
