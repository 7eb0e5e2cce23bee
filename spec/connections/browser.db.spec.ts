import { runInNewContext } from 'node:vm';

import { startHub, type TestHub, type TestUser } from '../support/hub.js';
import { APP, arrived, begin, comeBack } from './browser.js';
import { type Provider, startProvider } from './provider.js';

describe('consents in a browser', () => {
  let hub: TestHub;
  let provider: Provider;
  let owner: TestUser;
  beforeAll(async () => {
    provider = await startProvider();
    hub = await startHub({
      hub: {
        connectors: [provider.connector],
        oauthClients: { acme: { clientId: 'client of the hub', clientSecret: 'secret' } },
        returnUrls: [`${APP}settings`],
      },
    });
    owner = await hub.signUp();
    await hub.as(owner).createOrganization({ name: 'Acme' });
  });
  afterAll(async () => {
    provider.close();
    await hub.stop();
  });
  afterEach(() => {
    provider.tokenRequests.length = 0;
  });

  const client = () => hub.as(owner);
  const stateOf = async (id: string) =>
    (await client().getConnections({ limit: 100 })).items.find((each) => each.id === id)?.state;

  it('begin at the hub, which sets a cookie for the callback only', async () => {
    const { url } = await client().startConnection({ connector: 'acme', name: 'x' });
    expect(url).toMatch(/\/hub\/oauth\/start\?state=/);
    const { set, status, state } = await begin(url);
    expect(status).toBe(303);
    expect(set).toMatch(
      /^hub_consent_[\w-]{16}=[\w-]{43}; Max-Age=900; Path=\/hub\/oauth\/callback; Expires=[^;]+; HttpOnly; SameSite=Lax$/,
    );
    expect(set).not.toContain(state);
  });

  it('are refused in a browser that did not begin, and left to the one that did', async () => {
    const [ours, theirs] = await Promise.all(
      ['x', 'y'].map((name) => client().startConnection({ connector: 'acme', name })),
    );
    const mine = await begin(ours?.url ?? '');
    const other = await begin(theirs?.url ?? '');
    const { state } = mine;
    const proof = other.cookie.split('=')[1] ?? '';
    for (const cookie of [
      '',
      other.cookie,
      `${mine.cookie.split('=')[0] ?? ''}=${proof}`,
      `${mine.cookie}x`,
    ]) {
      const refused = await comeBack(hub.url, { state, cookie });
      expect([refused.status, await refused.text()]).toEqual([
        400,
        expect.stringContaining('The consent was started in another browser'),
      ]);
    }
    expect(provider.tokenRequests).toHaveLength(0);
    const both = await comeBack(hub.url, {
      state,
      cookie: `${other.cookie}; ${mine.cookie}`,
    });
    expect(both.status).toBe(200);
    expect(await stateOf(ours?.connection.id ?? '')).toBe('connected');
  });

  it('are not finished at the callback when no browser began at the hub', async () => {
    const params = { connector: 'acme', name: 'x', browser: false };
    const { url } = await client().startConnection(params);
    const state = new URL(url).searchParams.get('state') ?? '';
    expect((await comeBack(hub.url, { state, cookie: '' })).status).toBe(400);
    expect(provider.tokenRequests).toHaveLength(0);
  });

  it('show a confirmation page to a browser that does not come from a page of the host’s', async () => {
    const { url } = await client().startConnection({ connector: 'acme', name: '<b>x</b>' });
    for (const headers of [{}, { referer: 'https://evil.example/' }]) {
      const response = await fetch(url, { redirect: 'manual', headers });
      const page = await response.text();
      expect([response.status, response.headers.getSetCookie()]).toEqual([200, []]);
      expect(page).toContain('“&lt;b&gt;x&lt;/b&gt;” is to be connected to Acme');
      expect(page).toContain('<form method="post"><button>Go on to Acme</button>');
    }
    const post = (origin: string) =>
      fetch(url, { method: 'POST', redirect: 'manual', headers: { origin, referer: APP } });
    expect((await post('https://evil.example')).headers.getSetCookie()).toEqual([]);
    expect((await post('null')).headers.getSetCookie()).toEqual([]);
    const agreed = await post(hub.url);
    expect(agreed.status).toBe(303);
    expect((await comeBack(hub.url, arrived(agreed))).status).toBe(200);
  });

  it('notify the window that opened theirs, if it is the host’s, by a script that the policy allows', async () => {
    const { url, connection } = await client().startConnection({ connector: 'acme', name: 'x' });
    const response = await comeBack(hub.url, await begin(url));
    const page = await response.text();
    const nonce = /<script nonce="([^"]+)">/.exec(page)?.[1] ?? 'none';
    expect(response.headers.get('content-security-policy')).toContain(
      `script-src 'nonce-${nonce}'`,
    );
    const script = /<script[^>]*>(.*)<\/script>/.exec(page)?.[1] ?? '';
    const messages: unknown[] = [];
    const opener = { postMessage: (...given: unknown[]) => messages.push(given) };
    runInNewContext(script, { window: { opener, close: () => messages.push('closed') } });
    const message = { type: 'hub:connection', connectionId: connection.id, state: 'connected' };
    expect(JSON.parse(JSON.stringify(messages))).toEqual([
      [message, 'https://app.example.com'],
      'closed',
    ]);
  });
});
