import { AsyncLocalStorage } from 'node:async_hooks';

import { OAuthApp } from '../../schemas/index.js';
import { isSecretOfApp } from '../../src/oauth/apps/appSecret.js';
import { createAdapter, type RequestContext } from '../../src/oauth/server/adapter.js';
import { loadSigningKeys } from '../../src/oauth/server/keySet.js';
import { createSeals } from '../../src/oauth/server/seal.js';
import { oauthStore } from '../../src/oauth/store.js';
import { createPeppers } from '../../src/platform/crypto/index.js';
import type { Database } from '../../src/platform/database/index.js';
import type { Rows } from '../../src/platform/parse/index.js';
import { rounds } from '../support/rounds.js';
import { basic, type OAuthSetting, type Posted, REDIRECT, startOAuth } from './setting.js';

const ROUNDS = rounds(20);
/** Over HTTP, where a round takes a while. */
const ROUNDS_OVER_HTTP = rounds(3);
const AT_ONCE = 20;
const HUB_SECRET = 'hub-secret-of-the-spec-0123456789abcdef';

let oauth: OAuthSetting;
beforeAll(async () => {
  oauth = await startOAuth();
});
afterAll(() => oauth.hub.stop());

const atOnce = <Result>(run: (nth: number) => Promise<Result>) =>
  Promise.all(Array.from({ length: AT_ONCE }, (_, nth) => run(nth)));
const valuesOf = (responses: readonly Posted[], name: string) => [
  ...new Set(responses.map(({ body }) => body[name] as string)),
];

describe('twenty concurrent requests', () => {
  it('that redeem one code get one set of tokens, which is revoked: one of them may be stolen', async () => {
    const app = await oauth.make();
    const { browser } = await oauth.consent(app);
    for (let round = 0; round < ROUNDS_OVER_HTTP; round += 1) {
      const { code, verifier } = await oauth.consent(app, { browser });
      const form = {
        grant_type: 'authorization_code',
        code,
        code_verifier: verifier,
        redirect_uri: REDIRECT,
      };
      const responses = await atOnce(() => oauth.post('/token', form, basic(app)));
      const statuses = responses.map(({ status }) => status).sort();
      expect(statuses).toEqual([200, ...Array.from({ length: AT_ONCE - 1 }, () => 400)]);
      const [token = ''] = valuesOf(responses, 'access_token').filter((value) => value);
      await expect(callers().admit(requestWith(token))).rejects.toMatchObject({
        kind: 'OAuthTokenNotValid',
      });
    }
  });

  it('that use one refresh token get the same successor, and nothing is revoked', async () => {
    const app = await oauth.make();
    let { refresh_token: token = '' } = await oauth.tokens(app);
    for (let round = 0; round < ROUNDS_OVER_HTTP; round += 1) {
      const form = { grant_type: 'refresh_token', refresh_token: token };
      const responses = await atOnce(() => oauth.post('/token', form, basic(app)));
      expect(responses.map(({ status }) => status)).toEqual(responses.map(() => 200));
      const [successor = '', ...others] = valuesOf(responses, 'refresh_token');
      expect(others).toEqual([]);
      expect(successor).not.toBe(token);
      expect(valuesOf(responses, 'access_token')).toHaveLength(1);
      token = successor;
    }
  });

  it('that use one refresh token without a grace period get one successor, which is revoked', async () => {
    const app = await oauth.make({ refreshGraceSeconds: 0 });
    for (let round = 0; round < ROUNDS_OVER_HTTP; round += 1) {
      const { refresh_token: token = '' } = await oauth.tokens(app);
      const form = { grant_type: 'refresh_token', refresh_token: token };
      const responses = await atOnce(() => oauth.post('/token', form, basic(app)));
      const won = responses.filter(({ status }) => status === 200);
      expect(won.length).toBeLessThanOrEqual(1);
      const next = { ...form, refresh_token: String(won[0]?.body.refresh_token) };
      expect((await oauth.post('/token', next, basic(app))).body.error).toBe('invalid_grant');
    }
  });

  it.each([
    ['AuthorizationCode', 1, 1],
    ['DeviceCode', 1, 1],
    ['RefreshToken', AT_ONCE, 1],
  ])(
    'that consume a %s at the storage: %d succeed, with %d successor',
    async (kind, through, of) => {
      const contexts = new AsyncLocalStorage<RequestContext>();
      const adapter = adapterWith(() => contexts.getStore())(kind);
      for (let round = 0; round < ROUNDS; round += 1) {
        const value = `${kind} ${String(round)}`;
        const grantId = `race${String(round)}`;
        await adapter.upsert(value, { exp: 1, clientId: 'app', grantId }, 600);
        const seeds = await atOnce(async () => {
          const requestContext: RequestContext = {
            isTokenRequest: true,
            graceSeconds: 10,
            notes: {},
          };
          return contexts.run(requestContext, () =>
            adapter.consume(value).then(
              () => requestContext.notes.successorSeed,
              () => undefined,
            ),
          );
        });
        const won = seeds.filter((seed) => seed !== undefined);
        expect([won.length, new Set(won).size]).toEqual([through, of]);
      }
    },
  );

  it('that change one secret leave one that works, issued by the member who got it', async () => {
    const app = await oauth.make();
    const { apps } = oauth.hub.app.services.oauth;
    const { organizationId, team, hub } = oauth;
    const members = await Promise.all(
      [team.owner, team.admin].map(async ({ id: userId }) => {
        const actor = { kind: 'user', userId } as const;
        const { tenancy } = hub.app.services;
        return { actor, organization: await tenancy.membershipOf(actor, organizationId) };
      }),
    );
    const peppers = createPeppers([HUB_SECRET], 'oauth app secret');
    for (let round = 0; round < ROUNDS; round += 1) {
      const made = await Promise.allSettled(
        Array.from({ length: AT_ONCE }, async (_, nth) => {
          const caller = members[nth % 2] as (typeof members)[number];
          const { secret } = await apps.regenerateSecret(caller, app.id, 0);
          return { secret, userId: caller.actor.userId };
        }),
      );
      const secrets = made.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
      const [row] = await hub.app.database.loadMany(OAuthApp, [app.id]);
      if (!row) throw new Error('The app is not there.');
      const now = hub.clock.now();
      const work = secrets.filter(({ secret }) => isSecretOfApp(row, { secret, peppers, now }));
      expect(work).toHaveLength(1);
      const [one] = work;
      const issued = one && (await apps.loadSecretIssuance(app.id, one.secret));
      expect([issued?.issuer, row.owner]).toEqual([one?.userId, one?.userId]);
    }
  });

  it('that start on an empty database create one set of keys', async () => {
    const { database, services } = oauth.hub.app;
    const store = storeOf(database);
    // Like processes with another secret: none of them can decrypt the stored keys.
    const seals = createSeals(['another-secret-of-the-spec-0123456789abcdef']);
    const deps = { store, seals, clock: { ...oauth.hub.clock, now: () => services.now() } };
    const sets = await atOnce(() => loadSigningKeys(deps));
    expect(new Set(sets.map(([key]) => key?.kid)).size).toBe(1);
  });
});

/** The storage of the authorization server, without the server. */
function adapterWith(requestContext: () => RequestContext | undefined) {
  const { clock, app } = oauth.hub;
  return createAdapter({
    clock,
    requestContext,
    store: storeOf(app.database),
    seals: createSeals([HUB_SECRET]),
    reusedError: () => new Error('used'),
    slowDownError: () => new Error('slow down'),
    isPolledTooFast: () => Promise.resolve(false),
    loadClient: () => Promise.resolve(undefined),
    onRevoked: () => undefined,
  });
}

function storeOf(database: Database) {
  // These races do not cover the removal of rows.
  return oauthStore({ rows: { remove: () => Promise.resolve() } as unknown as Rows, database });
}

const callers = () => oauth.hub.app.services.oauth.callers;
const requestWith = (token: string) => ({ token, method: 'POST', url: oauth.hub.url });
