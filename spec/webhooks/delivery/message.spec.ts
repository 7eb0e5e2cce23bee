import { createHmac, createPublicKey, verify } from 'node:crypto';

import {
  createMessageComposer,
  encryptionContextOf,
} from '../../../src/webhooks/delivery/message.js';
import { generateSecret, generateSigningKeyPair } from '../../../src/webhooks/delivery/secret.js';
import type { SealedSecret, WebhookRow } from '../../../src/webhooks/store.js';
import { openTestVault } from '../../vault/testVault.js';

const NOW = new Date('2026-03-04T05:06:07.890Z');
const later = (ms: number) => new Date(NOW.getTime() + ms).toISOString();
const EVENT = { id: '0mhc6xwzk3v9q2t8r4ynb1pde', body: '{"type":"a","data":{"ü":"€"}}' };
const vault = openTestVault();
const W1 = { id: 'w1', organization: 'o1' };

async function sealed(text: string, expiresAt?: string): Promise<SealedSecret> {
  return {
    scheme: text.startsWith('whsk_') ? 'v1a' : 'v1',
    sealed: await vault.seal(text, encryptionContextOf(W1, 'secrets')),
    ...(expiresAt !== undefined && { expiresAt }),
  };
}

function webhook(given: Partial<WebhookRow>): WebhookRow {
  return {
    id: 'w1',
    organization: 'o1',
    name: 'orders',
    url: 'https://example.com/hooks',
    status: 'active',
    events: ['*'],
    headerNames: [],
    retryWaitsSeconds: [],
    timeoutSeconds: 15,
    asymmetric: false,
    secrets: [],
    secretChangedAt: NOW,
    revision: 0,
    createdAt: NOW,
    updatedAt: NOW,
    ...given,
  };
}

function hmac(secret: string): string {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const timestamp = Math.floor(NOW.getTime() / 1000);
  const message = `${EVENT.id}.${timestamp}.${EVENT.body}`;
  return `v1,${createHmac('sha256', key).update(message).digest('base64')}`;
}

describe('createMessageComposer', () => {
  it('sends the unchanged body, its type, and the signature headers', async () => {
    const secret = generateSecret();
    const message = (
      await createMessageComposer(vault, webhook({ secrets: [await sealed(secret)] }))
    ).compose(EVENT, NOW);
    expect(message).toEqual({
      body: EVENT.body,
      headers: {
        'content-type': 'application/json',
        'webhook-id': EVENT.id,
        'webhook-timestamp': '1772600767',
        'webhook-signature': hmac(secret),
      },
    });
  });

  it('signs with every secret that has not expired, newest first', async () => {
    const [newest, overlapping, old] = [generateSecret(), generateSecret(), generateSecret()];
    const secrets = await Promise.all([
      sealed(newest),
      sealed(overlapping, later(1)),
      sealed(old, later(0)),
    ]);
    const composer = await createMessageComposer(vault, webhook({ secrets }));
    const signatures = (now: Date) => composer.compose(EVENT, now).headers['webhook-signature'];
    expect(signatures(NOW)).toBe(`${hmac(newest)} ${hmac(overlapping)}`);
    // The same composer later, during the same hold.
    expect(signatures(new Date(NOW.getTime() + 1))?.split(' ')).toHaveLength(1);
  });

  it('signs with ed25519 if the webhook requires it', async () => {
    const pair = generateSigningKeyPair();
    const row = webhook({ asymmetric: true, secrets: [await sealed(pair.secret)] });
    const { headers } = (await createMessageComposer(vault, row)).compose(EVENT, NOW);
    const [scheme, signature = ''] = (headers['webhook-signature'] ?? '').split(',');
    const spki = Buffer.concat([
      Buffer.from('302a300506032b6570032100', 'hex'),
      Buffer.from(pair.publicKey.slice('whpk_'.length), 'base64'),
    ]);
    const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
    const signed = Buffer.from(`${EVENT.id}.1772600767.${EVENT.body}`);
    expect(scheme).toBe('v1a');
    expect(verify(null, signed, key, Buffer.from(signature, 'base64'))).toBe(true);
  });

  it('adds the legacy signature header, computed with the newest secret', async () => {
    const [newest, overlapping] = [generateSecret(), generateSecret()];
    const row = webhook({
      secrets: [await sealed(newest), await sealed(overlapping, later(1_000))],
      legacySignatureHeader: 'X-Webhook-Signature',
    });
    const { headers } = (await createMessageComposer(vault, row)).compose(EVENT, NOW);
    expect(headers['X-Webhook-Signature']).toBe(
      createHmac('sha256', newest).update(EVENT.body).digest('hex'),
    );
  });

  it('adds the extra headers, and lets none of them replace its own', async () => {
    const own = { 'X-Api-Key': 'k', 'webhook-id': 'forged', 'content-type': 'text/plain' };
    const row = webhook({
      secrets: [await sealed(generateSecret())],
      headerNames: Object.keys(own),
      sealedHeaders: await vault.seal(
        JSON.stringify(own),
        encryptionContextOf(W1, 'sealedHeaders'),
      ),
    });
    const { headers } = (await createMessageComposer(vault, row)).compose(EVENT, NOW);
    expect(headers).toMatchObject({
      'X-Api-Key': 'k',
      'webhook-id': EVENT.id,
      'content-type': 'application/json',
    });
  });

  it.each([
    [
      'a secret of another webhook',
      async () => ({ secrets: [await sealed(generateSecret())], id: 'w2' }),
    ],
    [
      'a secret of another organization',
      async () => ({ secrets: [await sealed(generateSecret())], organization: 'o2' }),
    ],
    [
      'headers that were encrypted as a secret',
      async () => ({
        secrets: [await sealed(generateSecret())],
        sealedHeaders: await vault.seal('{}', encryptionContextOf(W1, 'secrets')),
      }),
    ],
  ])('decrypts nothing of another context: %s', async (_name, given) => {
    await expect(createMessageComposer(vault, webhook(await given()))).rejects.toThrow(
      /cannot be decrypted/,
    );
  });
});
