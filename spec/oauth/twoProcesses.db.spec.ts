import { addMember } from '../cloud/team.js';
import { createHubStore, startHub, type TestHub } from '../support/hub.js';
import type { Store } from '../support/store.js';
import { basic, type OAuthSetting, startOAuth } from './setting.js';

let store: Store;
let one: OAuthSetting;
let two: TestHub;
beforeAll(async () => {
  store = await createHubStore();
  one = await startOAuth({ store });
  two = await startHub({ store });
});
afterAll(async () => {
  await one.hub.stop();
  await two.stop();
  await store.drop();
});

const statusAt = async (hub: TestHub, token: string) =>
  (await hub.call('getWebhooks', {}, { headers: { authorization: `Bearer ${token}` } })).status;

async function refresh(hub: TestHub, token: string, headers: object) {
  const response = await fetch(`${hub.url}/hub/oauth/token`, {
    method: 'POST',
    headers: { ...headers },
    body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: token }),
  });
  return (await response.json()) as { readonly refresh_token?: string };
}

describe('two processes on one database', () => {
  it('accept each other’s tokens, until one second after one of them revoked them', async () => {
    const app = await one.make();
    const { access_token: token } = await one.tokens(app);
    expect([await statusAt(one.hub, token), await statusAt(two, token)]).toEqual([200, 200]);
    const owner = one.hub.as(one.team.owner);
    const { items } = await owner.getOAuthGrants({ oauthAppId: app.id });
    await one.hub.as(one.team.owner).revokeOAuthGrant({ oauthGrantId: items[0]?.id ?? '' });
    expect(await statusAt(one.hub, token)).toBe(401);
    two.clock.advance(1_000);
    expect(await statusAt(two, token)).toBe(401);
  });

  it('return one successor, from either of them', async () => {
    const app = await one.make();
    const { refresh_token: token = '' } = await one.tokens(app);
    const responses = await Promise.all(
      Array.from({ length: 20 }, (_, nth) =>
        refresh(nth % 2 === 0 ? one.hub : two, token, basic(app)),
      ),
    );
    const successors = new Set(responses.map((response) => response.refresh_token));
    expect([successors.size, [...successors][0]]).toEqual([1, expect.any(String)]);
  });

  it('let each secret act as the member who issued it, and end it with the member, within a second', async () => {
    const { hub, team, organizationId } = one;
    const app = await one.make({ grants: ['clientCredentials'], redirectUris: [] });
    const owner = hub.as(team.owner);
    const user = await hub.signUp();
    await addMember(hub, { organizationId, userId: user.id, role: 'admin' });
    const asked = { organizationId, oauthAppId: app.id };
    const { clientSecret: secret } = await hub.as(user).regenerateOAuthSecret(asked);
    const tokenAt = async (at: TestHub, headers: object): Promise<string> => {
      const response = await fetch(`${at.url}/hub/oauth/token`, {
        method: 'POST',
        headers: { ...headers },
        body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'webhooks:read' }),
      });
      return ((await response.json()) as { access_token?: string }).access_token ?? '';
    };
    const old = await tokenAt(two, basic(app));
    const next = await tokenAt(two, basic({ ...app, secret }));
    const statuses = async () =>
      [await statusAt(two, old), await statusAt(two, next)].map((status) => status === 200);
    expect(await statuses()).toEqual([true, true]);
    await owner.removeOrganizationMember({ organizationId, userId: user.id });
    two.clock.advance(1_000);
    expect(await statuses()).toEqual([true, false]);
    expect(await tokenAt(two, basic({ ...app, secret }))).toBe('');
    expect(await statusAt(two, await tokenAt(two, basic(app)))).toBe(200);
  });

  it('sign with the same keys', async () => {
    const keysOf = async ({ url }: TestHub) => (await fetch(`${url}/hub/oauth/jwks`)).json();
    expect(await keysOf(two)).toEqual(await keysOf(one.hub));
  });
});
