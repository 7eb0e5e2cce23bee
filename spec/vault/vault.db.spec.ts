import { Webhook as Verifier } from 'standardwebhooks';

import { reencryptSecrets } from '../../cloud/jobs/reencryptSecrets.js';
import { EncryptionKey, Webhook } from '../../schemas/index.js';
import { forgetSchemas } from '../support/hostFixtures/plainHost.js';
import {
  createHubStore,
  type Json,
  master,
  startHub,
  type TestHub,
  type TestHubOptions,
} from '../support/hub.js';
import { type Receiver, startReceiver } from '../support/receiver.js';
import type { Store } from '../support/store.js';

const MINUTE = 60_000;
const FIRST = 'the first hub secret, of this spec alone';
const SECOND = 'the second hub secret, of this spec alone';

describe('the vault', () => {
  let store: Store;
  let receiver: Receiver;
  let hub: TestHub;
  let running: TestHub | undefined;
  let appId: string | undefined;
  beforeEach(async () => {
    [store, receiver] = await Promise.all([createHubStore(), startReceiver()]);
    appId = undefined;
  });
  afterEach(async () => {
    await Promise.all([stop(), receiver.close()]);
    await store.drop();
  });

  /** Starts a hub on the database of the spec, always as the same application. */
  async function start(secret = FIRST, options: TestHubOptions['hub'] = {}): Promise<TestHub> {
    forgetSchemas();
    running = hub = await startHub({
      store,
      hub: { secret, ...options },
      ...(appId !== undefined && { appId }),
    });
    appId = hub.appId;
    return hub;
  }
  async function stop(): Promise<void> {
    const stopping = running;
    running = undefined;
    await stopping?.stop();
  }
  const status = async (): Promise<Json> => {
    const { body } = await hub.call('getEncryptionStatus', {}, master);
    if (!body.result) throw new Error(JSON.stringify(body) + hub.logLines.slice(-3).join('\n'));
    return body.result;
  };
  const rotate = (params: object) => hub.call('rotateEncryptionKey', params, master);
  const activeId = async () =>
    (await status()).keys.find(({ state }: Json) => state === 'active').id as string;
  const states = async () => (await status()).keys.map(({ state }: Json) => state);

  async function createWebhooks(count: number) {
    const client = hub.as(await hub.signUp());
    await client.createOrganization({ name: 'Acme' });
    const made = [];
    for (let n = 0; n < count; n += 1) {
      const { webhook, secret } = await client.createWebhook({
        name: `w${n}`,
        url: `${receiver.url}/${n}`,
        events: ['order.*'],
        headers: { 'X-Key': `credential ${n}` },
      });
      made.push({ id: webhook.id, secret });
    }
    return { client, made };
  }

  /** Checks that every request was signed with the secret that was shown for its webhook. */
  function checkSignatures(made: readonly { readonly secret: string }[]): void {
    expect(receiver.requests.length).toBeGreaterThan(0);
    for (const { path, headers, body } of receiver.requests as Json) {
      const secret = made[Number(path.slice(1))]?.secret ?? '';
      expect(() => new Verifier(secret).verify(body.toString(), headers)).not.toThrow();
      expect(headers['x-key']).toBe(`credential ${path.slice(1)}`);
    }
  }

  it('encrypts secrets under the first key, which exists from the start', async () => {
    await start();
    const { made } = await createWebhooks(2);
    const { keys, reencryption } = await status();
    expect(keys).toEqual([
      expect.objectContaining({
        state: 'active',
        generation: 1,
        iterations: 100_000,
        encryptedValues: 4,
      }),
    ]);
    expect(reencryption).toBeUndefined();
    const rows = await hub.app.database.loadMany(
      Webhook,
      made.map(({ id }) => id),
    );
    const stored = JSON.stringify([
      rows,
      await hub.app.database.loadMany(EncryptionKey, [keys[0].id]),
    ]);
    for (const { secret } of made) expect(stored).not.toContain(secret.slice('whsec_'.length));
    expect(stored).not.toContain('credential');
    expect(hub.logLines.join('\n')).not.toContain('credential');
  });

  it('rotates: a new key encrypts, values of the old one can be decrypted and are re-encrypted, and the old one retires', async () => {
    await start();
    const { client, made } = await createWebhooks(3);
    const first = await activeId();
    const { body } = await rotate({ activeKeyId: first });
    expect(body.result.activeKeyId).not.toBe(first);
    expect(await states()).toEqual(['decryptOnly', 'active']);
    await client.publishEvent({ type: 'order.paid', data: {} });
    await hub.app.services.deliverDue();
    checkSignatures(made);

    await hub.drain();
    const done = await status();
    expect(done.reencryption).toMatchObject({
      reencrypted: 3,
      left: 0,
      broken: 0,
      finishedAt: expect.any(String),
    });
    expect(done.keys.map(({ encryptedValues }: Json) => encryptedValues)).toEqual([0, 6]);
    // Another process may encrypt with the old key until it has read the keys again.
    expect(await states()).toEqual(['decryptOnly', 'active']);
    hub.clock.advance(3 * MINUTE);
    await hub.drain();
    expect(await states()).toEqual(['retired', 'active']);
    await client.publishEvent({ type: 'order.paid', data: {} });
    await hub.app.services.deliverDue();
    expect(receiver.requests).toHaveLength(6);
    checkSignatures(made);
  });

  it('stages a key, which encrypts nothing until it is activated', async () => {
    await start();
    const first = await activeId();
    expect((await rotate({ activeKeyId: first, stage: true })).body.result.activeKeyId).toBe(first);
    expect(await states()).toEqual(['active', 'staged']);
    await createWebhooks(1);
    expect((await status()).keys.map(({ encryptedValues }: Json) => encryptedValues)).toEqual([
      2, 0,
    ]);
    await rotate({ activeKeyId: first, stage: true });
    expect(await states()).toEqual(['active', 'staged']);
    await rotate({ activeKeyId: first });
    expect(await states()).toEqual(['decryptOnly', 'active']);
  });

  it('creates one new key in twenty concurrent rotations', async () => {
    await start();
    const first = await activeId();
    const responses = await Promise.all(
      Array.from({ length: 20 }, () => rotate({ activeKeyId: first })),
    );
    const kinds = responses.map(({ body }) => (body.result ? 'rotated' : body.code));
    expect(kinds.filter((kind) => kind === 'rotated')).toHaveLength(1);
    expect(kinds.filter((kind) => kind === 7501)).toHaveLength(19);
    expect(await states()).toEqual(['decryptOnly', 'active']);
  });

  it('does not start with another secret, and names the wrong variable', async () => {
    await start();
    await createWebhooks(1);
    await stop();
    await expect(start(SECOND)).rejects.toThrow(
      new RegExp(
        `HUB_SECRET is not the one .* HUB_PREVIOUS_SECRET .* the job ${reencryptSecrets.name},`,
      ),
    );
    await start();
    expect(await states()).toEqual(['active']);
  });

  it('migrates to another secret: both at first, then only the new one', async () => {
    await start();
    const { made } = await createWebhooks(2);
    await stop();
    await start(SECOND, { previousSecrets: [FIRST] });
    await rotate({ activeKeyId: await activeId() });
    await hub.drain();
    hub.clock.advance(3 * MINUTE);
    await hub.drain();
    expect(await states()).toEqual(['retired', 'active']);
    await stop();
    await start(SECOND);
    await hub.call(
      'publishEvent',
      { type: 'order.paid', data: {}, organizationId: await organizationOf(made[0]?.id) },
      master,
    );
    await hub.app.services.deliverDue();
    checkSignatures(made);
  });

  async function organizationOf(webhookId = ''): Promise<string> {
    const [row] = await hub.app.database.loadMany(Webhook, [webhookId]);
    return row?.organization ?? '';
  }

  it('sends nothing for a webhook with the encrypted secret of another', async () => {
    await start();
    const { client, made } = await createWebhooks(2);
    const [one, two] = await hub.app.database.loadMany(
      Webhook,
      made.map(({ id }) => id),
    );
    if (!one || !two) throw new Error('Two webhooks were to be there.');
    await hub.app.database.change(Webhook, { id: one.id, was: {}, set: { secrets: two.secrets } });
    await client.publishEvent({ type: 'order.paid', data: {} });
    await hub.app.services.deliverDue();
    expect(receiver.requests).toHaveLength(1);
    checkSignatures(made);
    const line = hub.logLines.find((text) => text.includes('lanes.workFailed'));
    expect(line).toContain('cannot be decrypted');
    // Re-encryption leaves the value as it is, logs it, and continues.
    await rotate({ activeKeyId: await activeId() });
    await hub.drain();
    expect((await status()).reencryption).toMatchObject({ broken: 1, reencrypted: 1 });
  });

  it('leaves a webhook that is changed while it is re-encrypted', async () => {
    await start();
    const { client, made } = await createWebhooks(5);
    await rotate({ activeKeyId: await activeId() });
    await Promise.all([
      hub.drain(),
      ...made.map(({ id }) =>
        client.updateWebhook({ webhookId: id, headers: { 'X-Key': 'changed' } }),
      ),
    ]);
    hub.clock.advance(3 * MINUTE);
    await hub.drain();
    hub.clock.advance(3 * MINUTE);
    await hub.drain();
    const { keys } = await status();
    expect(keys.map(({ encryptedValues }: Json) => encryptedValues)).toEqual([0, 10]);
    await client.publishEvent({ type: 'order.paid', data: {} });
    await hub.app.services.deliverDue();
    expect((receiver.requests as Json).map(({ headers }: Json) => headers['x-key'])).toEqual(
      Array.from({ length: 5 }, () => 'changed'),
    );
  });
});
