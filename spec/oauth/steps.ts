import * as client from 'openid-client';

import { type Browser, leftFor, openBrowser, pageOf, type Shown } from './browser.js';
import { basic, type MadeApp, type OAuthSetting, PASSWORD, REDIRECT } from './setting.js';

/** Returns the steps of a request to authorize, as a browser and an app take them. */
export function stepsOf(oauth: () => OAuthSetting) {
  const verifier = 'v'.repeat(43);
  /** Opens the authorization URL of an app; parameters that are undefined are omitted. */
  async function begin(
    app: MadeApp,
    parameters: Record<string, string | undefined> = {},
    browser = openBrowser(oauth().hub.url),
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
    return { browser, ...(await browser.open(`${oauth().issuer}/auth?${query.toString()}`)) };
  }
  async function logIn(shown: Shown & { readonly browser: Browser }, user = oauth().team.owner) {
    const fields = { name: user.username, password: PASSWORD };
    return shown.browser.submit(pageOf(shown), fields);
  }
  const allow = (browser: Browser, shown: Shown, scope: readonly string[]) =>
    browser.submit(pageOf(shown), { scope, organizationId: oauth().organizationId });
  const redeem = (app: MadeApp, url: URL, redirect = REDIRECT) =>
    oauth().post(
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
    oauth()
      .hub.as(oauth().team.owner)
      .updateOAuthApp({ organizationId: oauth().organizationId, oauthAppId: app.id, ...change });

  return { begin, logIn, allow, redeem, errorOf, update };
}
