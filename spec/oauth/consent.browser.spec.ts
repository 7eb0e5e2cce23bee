import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import * as client from 'openid-client';
import { type Browser, chromium, type Page } from 'playwright-core';

import { type MadeApp, type OAuthSetting, PASSWORD, startOAuth } from './setting.js';

let oauth: OAuthSetting;
let app: MadeApp;
let receiver: Server;
let callback: string;
/** One for all tests; each has cookies and storage of its own. */
let browser: Browser;
beforeAll(async () => {
  browser = await chromium.launch({
    executablePath: process.env['SPEC_CHROMIUM'] ?? '',
    args: FLAGS,
    headless: true,
  });
  oauth = await startOAuth({ hub: { branding: { name: 'Parcel', color: '#0f766e' } } });
  receiver = createServer((_req, res) => {
    res.setHeader('content-type', 'text/html').end('<title>The app</title>Back at the app.');
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  callback = `http://127.0.0.1:${String((receiver.address() as AddressInfo).port)}/callback`;
  app = await oauth.make({ authMethod: 'none', redirectUris: [callback], name: 'Warehouse' });
  await oauth.hub.as(oauth.team.owner).createOrganization({ name: 'Globex' });
});
afterAll(async () => {
  await browser.close();
  receiver.close();
  await oauth.hub.stop();
});

const FLAGS = [
  ...['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync', '--disable-dev-shm-usage'],
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];

/** Runs in a fresh context without JavaScript, and returns the errors that the browser reports. */
async function inBrowser(
  run: (page: Page) => Promise<void>,
  options: { readonly javaScriptEnabled?: boolean } = {},
): Promise<readonly string[]> {
  const context = await browser.newContext({ javaScriptEnabled: false, ...options });
  const browserErrors: string[] = [];
  try {
    const page = await context.newPage();
    page.on('console', (message) => browserErrors.push(message.text()));
    page.on('pageerror', (error) => browserErrors.push(error.message));
    await run(page);
  } finally {
    await context.close();
  }
  // Except the status of a failed login.
  return browserErrors.filter((text) => !text.includes('status of 400'));
}

async function begin(parameters: Readonly<Record<string, string>> = {}) {
  const configuration = await oauth.discover(app);
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const expectedState = client.randomState();
  const url = client.buildAuthorizationUrl(configuration, {
    redirect_uri: callback,
    scope: 'openid webhooks:read',
    state: expectedState,
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    ...parameters,
  });
  return { configuration, url: url.href, checks: { pkceCodeVerifier, expectedState } };
}

async function logIn(page: Page): Promise<void> {
  await page.getByLabel('User name or e-mail').fill(oauth.team.owner.username);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Log in' }).click();
}

it.each([{ javaScriptEnabled: false }, { javaScriptEnabled: true }])(
  'a user logs in, chooses and allows, and the app redeems the code: %j',
  async (options) => {
    const { configuration, url, checks } = await begin({ prompt: 'consent' });
    const browserErrors = await inBrowser(async (page) => {
      await page.goto(url);
      expect(await page.title()).toBe('Log in · Parcel');
      await page.getByLabel('User name or e-mail').fill(oauth.team.owner.username);
      await page.getByLabel('Password').fill('wrong');
      await page.keyboard.press('Enter');
      expect(await page.getByRole('alert').textContent()).toContain('is wrong');
      await logIn(page);
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(
        'Warehouse requests access to your account at Parcel',
      );
      await page.getByRole('radio', { name: 'Globex' }).check();
      await page.getByRole('button', { name: 'Allow', exact: true }).click();
      await page.waitForURL(`${callback}?**`);
      expect(await page.title()).toBe('The app');
      const tokens = await client.authorizationCodeGrant(
        configuration,
        new URL(page.url()),
        checks,
      );
      expect(tokens).toMatchObject({ scope: 'openid webhooks:read' });
      expect(tokens.claims()?.sub).toBe(oauth.team.owner.id);
    }, options);
    // No violation of the content security policy.
    expect(browserErrors).toEqual([]);
  },
);

it('a user refuses, with only the keyboard', async () => {
  const { url } = await begin({ prompt: 'consent' });
  await inBrowser(async (page) => {
    await page.goto(url);
    // The first field has the focus.
    await page.keyboard.type(oauth.team.owner.username);
    await page.keyboard.press('Tab');
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press('Enter');
    const refuse = page.getByRole('button', { name: 'Don’t allow' });
    await refuse.focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(`${callback}?**`);
    expect(new URL(page.url()).searchParams.get('error')).toBe('access_denied');
  });
});

it('another page can neither frame the consent nor send its form', async () => {
  const { url } = await begin({ prompt: 'consent' });
  await inBrowser(
    async (page) => {
      await page.goto(url);
      await logIn(page);
      await page.getByRole('button', { name: 'Allow', exact: true }).waitFor();
      const consent = page.url();
      // As a page of another site.
      await page.goto(callback.replace('127.0.0.1', 'localhost'));
      await page.setContent(
        `<iframe src="${consent}"></iframe><form method="post" action="${consent}/approve"><input name="scope" value="openid"><button>Win a prize</button></form>`,
      );
      const framed = page.frames().find((frame) => frame !== page.mainFrame());
      await framed?.waitForLoadState();
      expect(await framed?.getByRole('button', { name: 'Allow' }).count()).toBe(0);
      await page.getByRole('button', { name: 'Win a prize' }).click();
      await page.getByRole('heading', { name: 'This did not work' }).waitFor();
    },
    { javaScriptEnabled: true },
  );
});

it('pages fit a narrow screen, and what is typed and pressed is large enough for a finger', async () => {
  const { url } = await begin({ prompt: 'consent' });
  await inBrowser(async (page) => {
    await page.setViewportSize({ width: 320, height: 640 });
    await page.goto(url);
    for (const name of ['Log in', 'Allow']) {
      const button = page.getByRole('button', { name, exact: true });
      await button.waitFor();
      const box = await button.boundingBox();
      expect(box?.height).toBeGreaterThanOrEqual(44);
      expect((box?.x ?? 0) + (box?.width ?? 999)).toBeLessThanOrEqual(320);
      if (name === 'Log in') await logIn(page);
    }
  });
});

it('a device is connected', async () => {
  const device = await oauth.make({ name: 'Television', grants: ['deviceCode'], redirectUris: [] });
  const configuration = await oauth.discover(device);
  const started = await client.initiateDeviceAuthorization(configuration, {
    scope: 'webhooks:read',
  });
  await inBrowser(async (page) => {
    await page.goto(started.verification_uri);
    await page.getByLabel('Code').fill(started.user_code.toLowerCase());
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('button', { name: 'Yes, continue' }).click();
    await logIn(page);
    await page.getByRole('button', { name: 'Allow', exact: true }).click();
    await page.getByRole('heading', { name: 'All set' }).waitFor();
  });
  const tokens = await client.genericGrantRequest(
    configuration,
    'urn:ietf:params:oauth:grant-type:device_code',
    { device_code: started.device_code },
  );
  expect(tokens.scope).toBe('webhooks:read');
});
