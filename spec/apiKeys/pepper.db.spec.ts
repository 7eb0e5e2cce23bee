import { startHub, type TestHub } from '../support/hub.js';
import { createStore } from '../support/store.js';
import { createTestKms } from '../vault/testVault.js';
import { post, startKeys } from './setting.js';

const works = async (key: string, at: Pick<TestHub, 'url'>) => {
  const { status } = await post(at, '/functions/getWebhooks', {}, { 'x-api-key': key });
  return status === 200;
};

describe('HUB_SECRET', () => {
  it('can change: keys work under the previous one, and without it once they were used', async () => {
    const [old, next] = [
      'the-secret-of-before-0123456789abcdef',
      'the-next-secret-0123456789abcdefgh',
    ];
    const own = await createStore();
    const appId = 'rotating';
    const begin = (secret: string, previousSecrets: string[]) =>
      startKeys({ store: own, appId, hub: { secret, previousSecrets } });
    const first = await begin(old, []);
    const [used, unused] = [await first.make(), await first.make()];
    const rotated = await first.make();
    await first.hub.as(first.team.owner).rotateApiKey({
      organizationId: first.organizationId,
      apiKeyId: rotated.id,
    });
    await first.hub.stop();
    const second = await startHub({
      store: own,
      appId,
      hub: { secret: next, previousSecrets: [old] },
    });
    expect(await works(used.key, second)).toBe(true);
    expect(await works(rotated.key, second)).toBe(true);
    await second.stop();
    // The vault, which re-encrypts after a change of the secret, takes no part in this.
    const third = await startHub({
      store: own,
      appId: 'rotated',
      hub: { secret: next, kms: createTestKms() },
    });
    expect(await works(used.key, third)).toBe(true);
    expect(await works(rotated.key, third)).toBe(true);
    expect(await works(unused.key, third)).toBe(false);
    await third.stop();
    await own.drop();
  });
});
