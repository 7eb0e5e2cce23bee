import { master, type TestHub } from '../support/hub.js';
import { createStore, type Store } from '../support/store.js';
import { type KeySetting, post, startKeys } from './setting.js';

const HOUR_MS = 3_600_000;

let store: Store;
let keys: KeySetting;
beforeAll(async () => {
  store = await createStore();
  keys = await startKeys({ store });
});
afterAll(async () => {
  await keys.hub.stop();
  await store.drop();
});

const works = async (key: string, at: Pick<TestHub, 'url'> = keys.hub) => {
  const { status } = await post(at, '/functions/getWebhooks', {}, { 'x-api-key': key });
  return status === 200;
};
const owner = () => keys.hub.as(keys.team.owner);

describe('a rotation', () => {
  const rotate = async (apiKeyId: string, graceHours: number) => {
    const { organizationId } = keys;
    return (await owner().rotateApiKey({ organizationId, apiKeyId, graceHours })).key;
  };

  it('lets both secrets work until the grace ends', async () => {
    const { key: before, id } = await keys.make();
    const after = await rotate(id, 720);
    expect([await works(before), await works(after)]).toEqual([true, true]);
    keys.hub.clock.advance(720 * HOUR_MS - 60_000);
    expect([await works(before), await works(after)]).toEqual([true, true]);
    keys.hub.clock.advance(60_000);
    expect([await works(before), await works(after)]).toEqual([false, true]);
  });

  it('ends the previous secret immediately without a grace period', async () => {
    const { key: before, id } = await keys.make();
    expect(await works(before)).toBe(true);
    const after = await rotate(id, 0);
    expect([await works(before), await works(after)]).toEqual([false, true]);
  });

  it('ends the secret before the previous one', async () => {
    const { key: first, id } = await keys.make();
    const second = await rotate(id, 24);
    const third = await rotate(id, 24);
    expect([await works(first), await works(second), await works(third)]).toEqual([
      false,
      true,
      true,
    ]);
  });

  it('does not outlive the key', async () => {
    const expiresAt = new Date(keys.hub.clock.now().getTime() + HOUR_MS).toISOString();
    const { key: before, id } = await keys.make({ expiresAt });
    const after = await rotate(id, 24);
    keys.hub.clock.advance(HOUR_MS);
    expect([await works(before), await works(after)]).toEqual([false, false]);
  });

  it('is revoked with the key', async () => {
    const { key: before, id: apiKeyId } = await keys.make();
    const after = await rotate(apiKeyId, 24);
    await owner().revokeApiKey({ organizationId: keys.organizationId, apiKeyId });
    expect([await works(before), await works(after)]).toEqual([false, false]);
  });

  it('of twenty at once is one', async () => {
    const { key: before, id } = await keys.make();
    const rotations = await Promise.allSettled(Array.from({ length: 20 }, () => rotate(id, 24)));
    const won = rotations.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    const codes = rotations.flatMap((each) =>
      each.status === 'rejected' ? [(each.reason as { code: number }).code] : [],
    );
    // A request that read the key after another rotation has rotated once more: each winner ended the secret two before it.
    expect(won.length + codes.length).toBe(20);
    expect(new Set(codes)).toEqual(new Set([8102]));
    const { organizationId } = keys;
    const { apiKey } = await owner().getApiKey({ organizationId, apiKeyId: id });
    const working = [];
    for (const key of [before, ...won]) if (await works(key)) working.push(key);
    expect(working).toHaveLength(2);
    expect(working.filter((key) => key.startsWith(apiKey.start))).toHaveLength(1);
  });

  it('makes the user who rotates its owner, so that no user holds the secret of another', async () => {
    const { id: apiKeyId } = await keys.make();
    const { hub, team, organizationId } = keys;
    const { apiKey } = await hub.as(team.admin).rotateApiKey({ organizationId, apiKeyId });
    expect(apiKey.ownerId).toBe(team.admin.id);
  });
});

describe('limits', () => {
  const call = (key: string, at: Pick<TestHub, 'url'> = keys.hub) =>
    post(at, '/functions/getWebhooks', {}, { 'x-api-key': key });

  /** Returns the limits of both headers. */
  function headersOf(headers: Headers | undefined) {
    const policies = new Map(
      itemsOf(headers?.get('ratelimit-policy')).map((each) => [each.name, each]),
    );
    return itemsOf(headers?.get('ratelimit')).map(({ name, params }) => ({
      name,
      r: params['r'] ?? NaN,
      t: params['t'] ?? NaN,
      w: policies.get(name)?.params['w'] ?? NaN,
    }));
  }
  function itemsOf(list: string | null | undefined) {
    return (list ?? '').split(', ').map((item) => {
      const [name = '', ...params] = item.split(';');
      const values = params
        .map((param) => param.split('='))
        .map(([key, value]) => [key, Number(value)]);
      return {
        name: JSON.parse(name) as string,
        params: Object.fromEntries(values) as Record<string, number>,
      };
    });
  }

  it('allow exactly 100 of 200 calls, by the tightest limit', async () => {
    const { key, id: apiKeyId } = await keys.make({
      limits: {
        rules: [
          { strategy: 'slidingWindow', calls: 100, perSeconds: 3600 },
          { strategy: 'tokenBucket', calls: 150, perSeconds: 3600 },
        ],
        monthlyCalls: 1_000,
      },
    });
    const responses = await Promise.all(Array.from({ length: 200 }, () => call(key)));
    const refused = responses.filter(({ status }) => status !== 200);
    expect(refused).toHaveLength(100);
    expect(refused[0]).toMatchObject({ status: 429, body: { code: 8112 } });
    expect(refused[0]?.body.error).toMatch(
      /^The limit of 100 calls in 3600 seconds of this API key is reached\. Try again in \d+ seconds\.$/,
    );
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
    const { organizationId } = keys;
    expect(await owner().getApiKeyUsage({ organizationId, apiKeyId })).toMatchObject({
      calls: 100,
      limited: 100,
      days: [{ functions: [{ function: 'getWebhooks', calls: 100, limited: 100 }] }],
      limits: [{ remaining: 0 }, { remaining: expect.any(Number) }, { remaining: 900 }],
    });
  });

  it('count each call of a batch, all of it or nothing', async () => {
    const { key } = await keys.make({
      limits: { rules: [{ strategy: 'fixedWindow', calls: 3, perSeconds: 86_400 }] },
    });
    const batch = (count: number) => {
      const one = { method: 'POST', path: '/parse/functions/getWebhooks', body: {} };
      const requests = Array.from({ length: count }, () => one);
      return post(keys.hub, '/batch', { requests }, { 'x-api-key': key });
    };
    expect(await batch(4)).toMatchObject({ status: 429 });
    expect(await batch(2)).toMatchObject({ status: 200 });
    expect(await batch(2)).toMatchObject({ status: 429 });
    expect(await call(key)).toMatchObject({ status: 200 });
    expect(await call(key)).toMatchObject({ status: 429 });
  });

  it('are in the headers of every response, the one with the fewest remaining calls first', async () => {
    const { key } = await keys.make({
      limits: {
        rules: [
          { strategy: 'slidingWindow', calls: 100, perSeconds: 3600 },
          { strategy: 'fixedWindow', calls: 2, perSeconds: 86_400 },
          { strategy: 'tokenBucket', calls: 60, perSeconds: 60, burst: 5 },
        ],
        monthlyCalls: 1_000,
      },
    });
    const responses = [await call(key), await call(key), await call(key)];
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 429]);
    const remaining = responses.map(({ headers }) =>
      headersOf(headers).map(({ name, r }) => [name, r]),
    );
    expect(remaining).toEqual([
      [
        ['fixedWindow-2-86400', 1],
        ['tokenBucket-60-60', 4],
        ['slidingWindow-100-3600', 99],
        ['month', 999],
      ],
      [
        ['fixedWindow-2-86400', 0],
        ['tokenBucket-60-60', 3],
        ['slidingWindow-100-3600', 98],
        ['month', 998],
      ],
      [
        ['fixedWindow-2-86400', 0],
        ['tokenBucket-60-60', expect.any(Number)],
        ['slidingWindow-100-3600', 98],
        ['month', 998],
      ],
    ]);
    for (const { headers } of responses) {
      expect(headers.get('ratelimit-policy')).toMatch(
        /^"fixedWindow-2-86400";q=2;w=86400, "tokenBucket-60-60";q=5;w=5, "slidingWindow-100-3600";q=100;w=3600, "month";q=1000;w=(?:2419200|2505600|2592000|2678400)$/,
      );
      for (const { t, w } of headersOf(headers)) expect(t).toBeLessThanOrEqual(w);
      expect(headers.get('access-control-expose-headers')).toMatch(
        /X-Parse-Job-Status-Id.*RateLimit, RateLimit-Policy/,
      );
    }
    const refused = responses[2]?.headers;
    expect(refused?.get('retry-after')).toBe(String(headersOf(refused)[0]?.t));
    expect(refused?.get('access-control-expose-headers')).toContain('Retry-After');
  });

  it('are in no header of a key that has none', async () => {
    const { key } = await keys.make();
    const { status, headers } = await call(key);
    expect([status, headers.get('ratelimit'), headers.get('ratelimit-policy')]).toEqual([
      200,
      null,
      null,
    ]);
  });

  it.each(['slidingWindow', 'fixedWindow', 'tokenBucket'] as const)(
    'never ask to wait longer than their period: %s',
    async (strategy) => {
      const { key } = await keys.make({
        limits: { rules: [{ strategy, calls: 1, perSeconds: 60 }] },
      });
      expect((await call(key)).status).toBe(200);
      const { status, headers } = await call(key);
      expect(status).toBe(429);
      expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(60);
    },
  );

  it('are available again after their period', async () => {
    const { key } = await keys.make({
      limits: { rules: [{ strategy: 'fixedWindow', calls: 1, perSeconds: 86_400 }] },
    });
    expect([(await call(key)).status, (await call(key)).status]).toEqual([200, 429]);
    keys.hub.clock.advance(86_400_000);
    expect((await call(key)).status).toBe(200);
  });

  it('can be changed and removed', async () => {
    const { key, id: apiKeyId } = await keys.make({ limits: { monthlyCalls: 1 } });
    expect([(await call(key)).status, (await call(key)).status]).toEqual([200, 429]);
    const { organizationId } = keys;
    await owner().updateApiKey({ organizationId, apiKeyId, limits: {} });
    expect((await call(key)).status).toBe(200);
  });

  it('also apply to verifyApiKey', async () => {
    const { key, id } = await keys.make({ limits: { monthlyCalls: 1 } });
    const verify = () => keys.hub.call('verifyApiKey', { key }, master);
    expect((await verify()).body.result).toMatchObject({
      organizationId: keys.organizationId,
      apiKey: { id },
      permissions: ['webhooks:read'],
    });
    expect((await verify()).body.code).toBe(8112);
  });
});
