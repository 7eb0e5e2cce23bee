import * as client from 'openid-client';

import { UsageMeter } from '../../schemas/index.js';
import { master } from '../support/hub.js';
import { openBrowser, pageOf, post } from './browser.js';
import {
  basic,
  type MadeApp,
  type OAuthSetting,
  PASSWORD,
  REDIRECT,
  startOAuth,
} from './setting.js';

let oauth: OAuthSetting;
beforeAll(async () => {
  oauth = await startOAuth({
    hub: {
      bruteForce: { perAddress: { freeAttempts: 12 } },
      pages: { loggedOut: (_model, { name }) => `<p>Good-bye from ${name}` },
    },
    host: { accountLockout: { threshold: 2, duration: 5 } },
  });
});
afterAll(() => oauth.hub.stop());
beforeEach(() => {
  // Forgets the failed attempts of other specs.
  oauth.hub.clock.advance(25 * 3_600_000);
});
const credentials = () => ({ name: oauth.team.owner.username, password: PASSWORD });

it('a user locked by Parse cannot log in anywhere, and gets the same message', async () => {
  const app = await oauth.make();
  const configuration = await oauth.discover(app);
  const url = client.buildAuthorizationUrl(configuration, {
    redirect_uri: REDIRECT,
    scope: 'openid',
    code_challenge: 'a'.repeat(43),
    code_challenge_method: 'S256',
  });
  const browser = openBrowser(oauth.hub.url);
  const page = pageOf(await browser.open(url.href));
  const name = oauth.team.viewer.username;
  const texts: string[] = [];
  for (const password of ['wrong', 'wrong', 'wrong', PASSWORD]) {
    const response = pageOf(await browser.submit(page, { name, password }));
    expect(response.status).toBe(400);
    texts.push(response.html);
  }
  expect(new Set(texts).size).toBe(1);
});

it('a page of the host replaces the hub’s', async () => {
  const page = pageOf(await openBrowser(oauth.hub.url).open(`${oauth.issuer}/logout`));
  expect([page.status, page.html]).toEqual([200, '<p>Good-bye from 127.0.0.1']);
});

describe('a device', () => {
  const GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
  let device: MadeApp;
  beforeAll(async () => {
    device = await oauth.make({ name: 'Television', grants: ['deviceCode'], redirectUris: [] });
  });
  const start = async () => {
    const configuration = await oauth.discover(device);
    return {
      configuration,
      started: await client.initiateDeviceAuthorization(configuration, { scope: 'webhooks:read' }),
    };
  };
  const poll = (deviceCode: string) =>
    oauth.post(
      '/token',
      { grant_type: GRANT, device_code: deviceCode },
      {
        authorization: `Basic ${Buffer.from(`${device.id}:${device.secret ?? ''}`).toString('base64')}`,
      },
    );

  it('is connected by its code: entered, compared, consented to', async () => {
    const { started } = await start();
    const browser = openBrowser(oauth.hub.url);
    const entry = pageOf(await browser.open(started.verification_uri));
    const confirm = pageOf(await browser.submit(entry, { user_code: started.user_code }));
    expect(confirm.html).toContain(started.user_code);
    expect(confirm.html).toContain('Television');
    const login = pageOf(await browser.submit(confirm, { confirm: 'yes' }));
    const consent = pageOf(await browser.submit(login, credentials()));
    expect(consent.html).not.toContain('Then you go back to');
    expect([entry, confirm, login, consent].map(({ status }) => status)).toEqual([
      200, 200, 200, 200,
    ]);
    const done = pageOf(
      await browser.submit(consent, {
        scope: ['webhooks:read'],
        organizationId: oauth.organizationId,
      }),
    );
    expect(done.html).toContain('Your device is connected to <strong>Television</strong>');
    expect(done.status).toBe(200);
    expect((await poll(started.device_code)).body).toMatchObject({ scope: 'webhooks:read' });
  });

  it('has its code prefilled by the complete URL, without a script, and can be canceled', async () => {
    const { started } = await start();
    const browser = openBrowser(oauth.hub.url);
    const entry = pageOf(await browser.open(started.verification_uri_complete ?? ''));
    expect(entry.html).not.toContain('<script');
    expect(entry.html).toContain(`value="${started.user_code}"`);
    const confirm = pageOf(await browser.submit(entry, { user_code: started.user_code }));
    const over = pageOf(await browser.submit(confirm, { abort: 'yes' }));
    expect(over.html).toContain('You have canceled it.');
    expect((await poll(started.device_code)).body).toMatchObject({ error: 'access_denied' });
  });

  it('waits between requests: slow_down raises the interval, of thirty at once all but one get it', async () => {
    const { started } = await start();
    expect(started.interval).toBe(5);
    const other = await oauth.make({ grants: ['deviceCode'], redirectUris: [] });
    const stolen = { grant_type: GRANT, device_code: started.device_code };
    const errorsOf = async (count: number) => {
      const all = await Promise.all(Array.from({ length: count }, () => poll(started.device_code)));
      const errors = all.map(({ body }) => String(body.error));
      return [errors.length, errors.filter((error) => error === 'authorization_pending').length];
    };
    // Another app does not slow it down.
    expect((await oauth.post('/token', stolen, basic(other))).body.error).toBe('invalid_grant');
    expect(await errorsOf(30)).toEqual([30, 1]);
    const { clock } = oauth.hub;
    for (const ms of [2_000, 4_000]) {
      clock.advance(ms);
      // It came later than the interval of the beginning, the second time.
      expect((await poll(started.device_code)).body).toMatchObject({ error: 'slow_down' });
    }
    clock.advance(60_000);
    expect(await errorsOf(20)).toEqual([20, 1]);
    clock.advance(60_000);
    expect(await errorsOf(1)).toEqual([1, 1]);
  });

  it('makes wrong codes wait, and accepts no form of another page', async () => {
    const { started } = await start();
    const browser = openBrowser(oauth.hub.url);
    const entry = pageOf(await browser.open(started.verification_uri));
    const forged = await post(browser, `${oauth.issuer}/device`, {
      xsrf: 'x',
      user_code: started.user_code,
    });
    expect(forged.status).toBe(400);
    let shown = pageOf(await browser.open(entry.url));
    for (let nth = 0; nth < 12; nth += 1) {
      shown = pageOf(await browser.submit(shown, { user_code: 'BBBB-BBBB' }));
      expect(shown.html).toContain('This code does not exist');
    }
    shown = pageOf(await browser.submit(shown, { user_code: started.user_code }));
    expect([shown.status, shown.headers.get('retry-after')]).toEqual([429, '10']);
    expect(shown.html).toContain('There were too many attempts. Try again in 10 seconds.');
  });
});

describe('a client secret', () => {
  const send = ({ id }: MadeApp, secret: string) =>
    oauth.post(
      '/token/introspection',
      { token: 'x' },
      { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
    );

  it('makes the address wait after wrong attempts, except for apps that have authenticated before', async () => {
    const [used, unused] = [await oauth.make(), await oauth.make()];
    expect((await send(used, used.secret ?? '')).status).toBe(200);
    for (let nth = 0; nth < 12; nth += 1) {
      expect((await send(unused, `${unused.secret ?? ''}${String(nth)}`)).status).toBe(401);
    }
    const refused = await send(unused, unused.secret ?? '');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '10']);
    expect((await send(used, used.secret ?? '')).status).toBe(200);
    oauth.hub.clock.advance(10_000);
    expect((await send(unused, unused.secret ?? '')).status).toBe(200);
    const rows = await oauth.hub.rest('GET', `/classes/${UsageMeter.name}?limit=1000`, master);
    expect(JSON.stringify(rows.body)).not.toContain(unused.secret ?? 'none');
  });
});
