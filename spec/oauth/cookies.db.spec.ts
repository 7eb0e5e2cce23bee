import { startHub, type TestHub } from '../support/hub.js';
import { startTeam } from '../cloud/team.js';

/** The public address is https, where a proxy ends TLS and strips the first part of the path; the request itself is http. */
const PUBLIC = 'https://api.example.com/v1/hub';
let hub: TestHub;
let appId: string;
beforeAll(async () => {
  hub = await startHub({ hub: { publicUrl: PUBLIC } });
  const team = await startTeam(hub);
  const { oauthApp } = await hub.as(team.owner).createOAuthApp({
    organizationId: team.organizationId,
    name: 'Warehouse',
    redirectUris: ['https://app.example.com/callback'],
    scopes: ['webhooks:read'],
  });
  appId = oauthApp.id;
});
afterAll(() => hub.stop());

it('every cookie of the authorization server is TLS-only and limited to its path, with TLS ended at a proxy', async () => {
  const query = new URLSearchParams({
    client_id: appId,
    response_type: 'code',
    redirect_uri: 'https://app.example.com/callback',
    scope: 'webhooks:read',
    code_challenge: 'a'.repeat(43),
    code_challenge_method: 'S256',
  });
  const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '192.0.2.7' };
  const asked = await fetch(`${hub.url}/hub/oauth/auth?${query}`, { redirect: 'manual', headers });
  const cookies = asked.headers.getSetCookie();
  expect(asked.headers.get('location')).toMatch(/^\/v1\/hub\/oauth\/interaction\//);
  const names = cookies.map((cookie) => cookie.slice(0, cookie.indexOf('=')));
  expect(names).toEqual(expect.arrayContaining(['hub_oauth_step', 'hub_oauth_step.sig']));
  const page = await fetch(`${hub.url}/hub/oauth/logout`, { headers });
  const token = /name="token"\s+value="([^"]*)"/.exec(await page.text())?.[1] ?? '';
  const left = await fetch(`${hub.url}/hub/oauth/logout`, {
    method: 'POST',
    redirect: 'manual',
    headers,
    body: new URLSearchParams({ token }),
  });
  const all = [...cookies, ...page.headers.getSetCookie(), ...left.headers.getSetCookie()];
  const session = all.filter((cookie) => /^hub_oauth(?:\.sig)?=/.test(cookie));
  expect(session.length).toBeGreaterThanOrEqual(2);
  for (const cookie of all) expect(cookie).toMatch(/; secure/i);
  for (const cookie of session) expect(cookie).toMatch(/; path=\/v1\/hub\/oauth(?:;|$)/i);
  for (const cookie of all) expect(cookie).toMatch(/; path=\/v1\/hub\/oauth/i);
  for (const cookie of all) expect(cookie).toMatch(/; httponly/i);
});
