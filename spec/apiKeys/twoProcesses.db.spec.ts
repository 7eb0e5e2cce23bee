import { type ForkedHub, forkHub } from '../support/forkHub.js';
import { createHubStore, startHub, type TestHub } from '../support/hub.js';
import { isLong } from '../support/rounds.js';
import type { Store } from '../support/store.js';
import { type KeySetting, post, startKeys } from './setting.js';

/** Half of the calls that come at once. */
const LIMIT = isLong ? 100 : 20;

let store: Store;
let keys: KeySetting;
beforeAll(async () => {
  store = await createHubStore();
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

describe('two processes', () => {
  let other: ForkedHub;
  beforeAll(async () => {
    const { appId } = keys.hub;
    other = await forkHub({ store, inFlightMax: 10, lanesMax: 2, loops: false, appId });
  });
  afterAll(async () => {
    other.kill();
    await other.ended;
  });

  it('allow exactly half of the simultaneous calls together', async () => {
    const { key } = await keys.make({
      limits: { rules: [{ strategy: 'slidingWindow', calls: LIMIT, perSeconds: 3600 }] },
    });
    const responses = await Promise.all(
      Array.from({ length: 2 * LIMIT }, (_, nth) => works(key, nth % 2 === 0 ? keys.hub : other)),
    );
    expect(responses.filter(Boolean)).toHaveLength(LIMIT);
  });

  it('know of a revocation within a second', async () => {
    const { key, id: apiKeyId } = await keys.make();
    expect([await works(key), await works(key, other)]).toEqual([true, true]);
    const { organizationId } = keys;
    await owner().revokeApiKey({ organizationId, apiKeyId });
    expect(await works(key)).toBe(false);
    await other.advance(1_000);
    expect(await works(key, other)).toBe(false);
  });

  it('sum up the usage of both', async () => {
    const { key, id: apiKeyId } = await keys.make();
    const hubs = [keys.hub, await startHub({ store, seams: { clock: keys.hub.clock } })] as const;
    await Promise.all(Array.from({ length: 20 }, (_, nth) => works(key, hubs[nth % 2])));
    await Promise.all(hubs.map(({ app }) => app.services.apiKeys.flush()));
    await hubs[1].stop();
    const { organizationId } = keys;
    const usage = await owner().getApiKeyUsage({ organizationId, apiKeyId });
    expect(usage).toMatchObject({ calls: 20, limited: 0 });
  });
});
