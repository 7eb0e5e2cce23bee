import * as client from 'openid-client';

import type { Client } from '../../cloud/manifest.js';
import { startTeam, type Team } from '../cloud/team.js';
import { startHub, type TestHub, type TestHubOptions, type TestUser } from '../support/hub.js';
import { type Browser, openBrowser } from './browser.js';

export const PASSWORD = 'a-long-Passphrase-1';
export const REDIRECT = 'https://app.example.com/callback';

/** A third-party app of the team's organization, with its helpers. */
export interface OAuthSetting {
  readonly hub: TestHub;
  readonly team: Team;
  readonly organizationId: string;
  readonly issuer: string;
  /** Creates an app of the owner with a secret, unless `given` overrides it. */
  make(given?: Partial<Parameters<Client['createOAuthApp']>[0]>): Promise<MadeApp>;
  /** The app's own view of the authorization server. */
  discover(app: MadeApp, auth?: client.ClientAuth): Promise<client.Configuration>;
  /** Signs a user in and approves; returns the redirect URL and the values needed to redeem the code. */
  consent(app: MadeApp, wish?: Wish): Promise<Consented>;
  /** Opens the authorization URL of an app, signs in and approves. */
  approve(begin: URL, wish?: Wish): Promise<{ readonly url: URL; readonly browser: Browser }>;
  /** Runs the whole flow to code and tokens. */
  tokens(app: MadeApp, wish?: Wish): Promise<client.TokenEndpointResponse>;
  /** Sends a form to the token endpoint, unchanged. */
  post(path: string, form: Record<string, string>, headers?: object): Promise<Posted>;
}

export interface MadeApp {
  readonly id: string;
  readonly secret: string | undefined;
}
export interface Posted {
  readonly status: number;
  readonly headers: Headers;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- responses of an HTTP server, checked by expectations
  readonly body: any;
}
interface Wish {
  readonly scope?: string;
  readonly user?: TestUser;
  readonly organizationId?: string;
  readonly approve?: readonly string[];
  readonly browser?: Browser;
  readonly redirect?: string;
  readonly parameters?: Readonly<Record<string, string>>;
}
interface Consented {
  readonly url: URL;
  readonly code: string;
  readonly verifier: string;
  readonly state: string;
  readonly redirect: string;
  readonly configuration: client.Configuration;
  readonly browser: Browser;
}

export async function startOAuth(options: TestHubOptions = {}): Promise<OAuthSetting> {
  const hub = await startHub(options);
  const team = await startTeam(hub);
  const { organizationId } = team;
  const issuer = `${hub.url}/hub/oauth`;

  const discover: OAuthSetting['discover'] = (app, auth) =>
    client.discovery(
      new URL(issuer),
      app.id,
      undefined,
      auth ?? (app.secret === undefined ? client.None() : client.ClientSecretBasic(app.secret)),
      { execute: [client.allowInsecureRequests] },
    );

  async function consent(app: MadeApp, wish: Wish = {}): Promise<Consented> {
    const configuration = await discover(app);
    const { scope = 'webhooks:read', redirect = REDIRECT } = wish;
    const verifier = client.randomPKCECodeVerifier();
    const state = client.randomState();
    const begin = client.buildAuthorizationUrl(configuration, {
      redirect_uri: redirect,
      scope,
      state,
      code_challenge_method: 'S256',
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      ...wish.parameters,
    });
    const { url, browser } = await approve(begin, wish);
    const code = url.searchParams.get('code') ?? '';
    return { url, code, verifier, state, redirect, configuration, browser };
  }

  async function approve(begin: URL, wish: Wish = {}) {
    const browser = wish.browser ?? openBrowser(hub.url);
    const { left: url, page } = await approved(browser, await browser.open(begin.href), wish);
    if (!url) throw new Error(`The browser was not sent back: ${page?.html ?? ''}`);
    return { url, browser };
  }

  async function approved(
    browser: Browser,
    shown: Awaited<ReturnType<Browser['open']>>,
    wish: Wish,
  ) {
    let now = shown;
    const { user = team.owner, scope = 'webhooks:read' } = wish;
    if (now.page?.html.includes('type="password"')) {
      now = await browser.submit(now.page, { name: user.username, password: PASSWORD });
    }
    if (!now.page?.html.includes('name="scope"')) return now;
    const organization = wish.organizationId ?? organizationId;
    return browser.submit(now.page, {
      scope: wish.approve ?? scope.split(' '),
      ...(now.page.html.includes('name="organizationId"') && { organizationId: organization }),
    });
  }

  return {
    hub,
    team,
    organizationId,
    issuer,
    discover,
    consent,
    approve,
    async make(given = {}) {
      const { oauthApp, clientSecret } = await hub.as(team.owner).createOAuthApp({
        organizationId,
        name: 'Warehouse',
        redirectUris: [REDIRECT],
        scopes: ['openid', 'profile', 'email', 'webhooks:read', 'webhooks:write'],
        ...given,
      });
      return { id: oauthApp.id, secret: clientSecret };
    },
    async tokens(app, wish) {
      const { configuration, url, verifier, state } = await consent(app, wish);
      return client.authorizationCodeGrant(configuration, url, {
        pkceCodeVerifier: verifier,
        expectedState: state,
      });
    },
    async post(path, form, headers = {}) {
      const response = await fetch(`${issuer}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
        body: new URLSearchParams(form),
      });
      const text = await response.text();
      const body: unknown = text.startsWith('{') ? JSON.parse(text) : text;
      return { status: response.status, headers: response.headers, body };
    },
  };
}

export function basic({ id, secret = '' }: MadeApp): { authorization: string } {
  return { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` };
}
