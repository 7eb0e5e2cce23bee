import { Webhook as Verifier } from 'standardwebhooks';

import { reencryptSecrets } from '../../cloud/jobs/reencryptSecrets.js';
import { EncryptionKey, Webhook } from '../../schemas/index.js';
import { createHub } from '../../src/app/hub.js';
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

  describe('for the code of the host', () => {
    const context = (userId: string) => ({ purpose: 'bank account', userId });
    const secretOf = (userId: string) => `iban of ${userId}`;
    /** Stores a value for each user in a class of the host. */
    async function storeValues(users: readonly string[]): Promise<void> {
      for (const userId of users) {
        const iban = await hub.vault.encrypt({ value: secretOf(userId), context: context(userId) });
        await hub.rest('POST', '/classes/HostAccount', master, { userId, iban });
      }
    }
    async function values(): Promise<Json[]> {
      const { body } = await hub.rest('GET', '/classes/HostAccount?order=userId', master);
      return body.results;
    }
    const decrypted = async () =>
      Promise.all(
        (await values()).map(({ userId, iban }) => hub.vault.decrypt(iban, context(userId))),
      );
    const users = ['u1', 'u2', 'u3'];
    const DAY = 24 * 60 * MINUTE;
    const rotateAndWait = async () => {
      await rotate({ activeKeyId: await activeId() });
      await hub.drain();
      hub.clock.advance(3 * MINUTE);
      await hub.drain();
    };

    it('keeps the keys of its values, whose places it does not know', async () => {
      await start();
      await storeValues(users);
      await rotateAndWait();
      hub.clock.advance(2 * DAY);
      await hub.call('getEncryptionStatus', {}, master);
      await reencryptSecrets.run({
        services: hub.app.services,
        progress: () => undefined,
        signal: new AbortController().signal,
      });
      await hub.drain();
      expect(await states()).toEqual(['decryptOnly', 'active']);
      expect((await status()).keys.map(({ usedByHost }: Json) => usedByHost)).toEqual([
        true,
        false,
      ]);
      expect(await decrypted()).toEqual(users.map(secretOf));
      const [first] = await values();
      expect(await hub.vault.validate(first.iban, context('u1'))).toMatchObject({
        valid: true,
        isCurrent: false,
      });
      const text = await hub.vault.rotate({ text: first.iban, context: context('u1') });
      expect(text).not.toBe(first.iban);
      expect(await hub.vault.validate(text, context('u1'))).toMatchObject({ isCurrent: true });
      expect(await hub.vault.rotate({ text, context: context('u1') })).toBe(text);
    });

    it('re-encrypts its values where it names its classes, and retires their keys after a day', async () => {
      const contextOf = ({ userId }: Json) => context(userId);
      const classes = [{ className: 'HostAccount', fields: ['iban'], contextOf }];
      await start(FIRST, { vault: { classes } });
      await storeValues(users);
      await hub.rest('POST', '/classes/HostAccount', master, { userId: 'u4' });
      await hub.rest('POST', '/classes/HostAccount', master, { userId: 'u5', iban: 'v1.broken' });
      const before = await values();
      await rotateAndWait();
      const { keys, reencryption } = await status();
      expect(reencryption).toMatchObject({ rows: 5, reencrypted: 3, broken: 1 });
      expect(keys.map(({ encryptedValues }: Json) => encryptedValues)).toEqual([0, 3]);
      const after = await values();
      expect(after.map(({ updatedAt }) => updatedAt)).toEqual(
        before.map(({ updatedAt }) => updatedAt),
      );
      expect(after[4].iban).toBe('v1.broken');
      // The host may still store what it encrypted under the old key.
      expect(await states()).toEqual(['decryptOnly', 'active']);
      hub.clock.advance(DAY);
      await hub.drain();
      expect(await states()).toEqual(['retired', 'active']);
      const texts = after.slice(0, 3).map(({ userId, iban }) => [userId, iban]);
      for (const [userId, iban] of texts) {
        expect(await hub.vault.decrypt(iban, context(userId))).toBe(secretOf(userId));
      }
      const old = hub.vault.decrypt(before[0].iban, context('u1'));
      await expect(old).rejects.toMatchObject({ name: 'ValueNotDecrypted', code: 7503 });
    });

    it('says before the start what is missing', async () => {
      const { vault } = createHub({ secret: FIRST, publicUrl: 'http://localhost/hub' }, {});
      const given = { purpose: 'p' };
      const encrypting = vault.encrypt({ value: 'x', context: given });
      await expect(encrypting).rejects.toThrow(/^Start Parse Server first/);
      await expect(vault.validate('v1', given)).rejects.toThrow(/^Start Parse Server first/);
    });

    it('does not decrypt the hub’s own values, nor does the hub decrypt those of the host', async () => {
      await start();
      const { made } = await createWebhooks(1);
      const [row] = await hub.app.database.loadMany(Webhook, [made[0]?.id ?? '']);
      if (!row) throw new Error('The webhook is not there.');
      const { organization: organizationId, id: userId, sealedHeaders = '' } = row;
      for (const purpose of ['sealedHeaders', 'value', 'Webhook']) {
        const given = { purpose, organizationId, userId };
        expect(await hub.vault.validate(sealedHeaders, given)).toEqual({ valid: false });
      }
      const given = { purpose: 'sealedHeaders', organizationId, userId };
      const text = await hub.vault.encrypt({ value: '{}', context: given });
      const context = { organization: organizationId, field: 'sealedHeaders', recordId: userId };
      const opened = hub.app.services.vault.open(text, { ...context, className: 'Webhook' });
      await expect(opened).rejects.toThrow('cannot be decrypted');
    });
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
