import { connectClient, installClients } from './foreignClients.js';
import { type OAuthSetting, startOAuth } from './setting.js';

const INSTALL_MS = 300_000;
jest.setTimeout(INSTALL_MS);

let oauth: OAuthSetting;
beforeAll(async () => {
  await installClients();
  oauth = await startOAuth({
    mount: ({ app, hub }) => {
      app.use(hub.wellKnown);
      return Promise.resolve();
    },
  });
});
afterAll(() => oauth.hub.stop());

async function statusOf(token: string): Promise<number> {
  const { status } = await oauth.hub.rest('POST', '/functions/getWebhooks', {
    headers: { authorization: `Bearer ${token}` },
  });
  return status;
}

const API = 'webhooks:read';
const IDENTITY = 'openid profile email webhooks:read';

it.each([
  { library: 'simple-oauth2', file: 'simpleOAuth2.mjs', scope: API },
  { library: 'passport-oauth2', file: 'passportOAuth2.mjs', scope: API },
  { library: 'better-auth', file: 'betterAuth.mjs', scope: IDENTITY },
  {
    library: 'Auth.js, as OpenID Connect',
    file: 'authJs.mjs',
    exported: 'connectByOidc',
    scope: IDENTITY,
  },
  { library: 'Auth.js, as OAuth', file: 'authJs.mjs', exported: 'connectByOAuth', scope: IDENTITY },
  { library: 'oauth4webapi, by RFC 8414', file: 'oauth4webapi.mjs', scope: API },
  { library: '@badgateway/oauth2-client', file: 'badgateway.mjs', scope: API },
  { library: 'the MCP SDK, from a challenge', file: 'modelContextProtocol.mjs', scope: API },
])('$library logs in, calls, refreshes and calls again', async (client) => {
  const connected = await connectClient(oauth, client);
  try {
    expect(connected.accessToken).toMatch(/^hub_oat_/);
    expect(await statusOf(connected.accessToken)).toBe(200);
    const refreshed = await connected.refresh();
    expect(refreshed).toMatch(/^hub_oat_/);
    expect(refreshed).not.toBe(connected.accessToken);
    expect(await statusOf(refreshed)).toBe(200);
    await connected.revoke?.();
    expect(await statusOf(refreshed)).toBe(connected.revoke ? 401 : 200);
  } finally {
    connected.stop();
  }
});
