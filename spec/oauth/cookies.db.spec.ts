import { startTeam, type Team } from '../cloud/team.js';
import { startHub, type TestHub } from '../support/hub.js';
import { PASSWORD } from './setting.js';

/** The public address is https, where a proxy ends TLS; what reaches the hub is http. */
const PUBLIC = 'https://api.example.com/v1/hub';
let hub: TestHub;
let team: Team;
let appId: string;
beforeAll(async () => {
  hub = await startHub({
    hub: { publicUrl: PUBLIC },
    mount: ({ app, hub: { router } }) => {
      app.use('/v1/hub', router);
      return Promise.resolve();
    },
  });
  team = await startTeam(hub);
  const { oauthApp } = await hub.as(team.owner).createOAuthApp({
    organizationId: team.organizationId,
    name: 'Warehouse',
    redirectUris: ['https://app.example.com/callback'],
    scopes: ['webhooks:read'],
  });
  appId = oauthApp.id;
});
afterAll(() => hub.stop());

/** A browser behind the proxy: it follows redirects and keeps every cookie line that it was sent. */
function openBrowser() {
  const lines: string[] = [];
  const jar = new Map<string, string>();
  async function go(
    url: string,
    form?: Record<string, string>,
  ): Promise<{ url: string; html: string }> {
    const { pathname, search } = new URL(url, PUBLIC);
    const response = await fetch(`${hub.url}${pathname}${search}`, {
      redirect: 'manual',
      headers: {
        'x-forwarded-proto': 'https',
        cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '),
      },
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      lines.push(line);
      if (value !== '') jar.set(name, value);
    }
    const location = response.headers.get('location');
    return location === null ? { url: pathname, html: await response.text() } : go(location);
  }
  return { lines, go };
}

it('every cookie of the authorization server is TLS-only and limited to its path, with TLS ended at a proxy', async () => {
  const query = new URLSearchParams({
    client_id: appId,
    response_type: 'code',
    redirect_uri: 'https://app.example.com/callback',
    scope: 'webhooks:read',
    code_challenge: 'a'.repeat(43),
    code_challenge_method: 'S256',
  });
  const { lines, go } = openBrowser();
  const tokenIn = (html: string) => /name="token"\s+value="([^"]*)"/.exec(html)?.[1] ?? '';
  const page = await go(`${PUBLIC}/oauth/auth?${query.toString()}`);
  const fields = { token: tokenIn(page.html), name: team.owner.username, password: PASSWORD };
  expect((await go(`${page.url}/login`, fields)).html).toContain('requests access');
  const leaving = await go(`${PUBLIC}/oauth/logout`);
  await go(leaving.url, { token: tokenIn(leaving.html) });

  const names = new Set(lines.map((line) => line.slice(0, line.indexOf('='))));
  const expected = ['hub_oauth', 'hub_oauth.sig', 'hub_oauth_step', 'hub_oauth_browser'];
  expect([...names]).toEqual(expect.arrayContaining(expected));
  for (const line of lines) {
    expect(line).toMatch(/; secure/i);
    expect(line).toMatch(/; httponly/i);
    expect(line).toMatch(
      /^hub_oauth(?:\.sig)?=/.test(line)
        ? /; path=\/v1\/hub\/oauth(?:;|$)/i
        : /; path=\/v1\/hub\/oauth\//i,
    );
  }
  // Both are deleted where they were set.
  const deleted = lines.filter((line) => /^hub_oauth(?:\.sig)?=;/.test(line));
  expect(deleted.length).toBeGreaterThanOrEqual(2);
});
