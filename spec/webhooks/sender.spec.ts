import { createHmac, createPublicKey, verify } from 'node:crypto';

import { createSealer } from '../../src/platform/seal.js';
import { mintKeyPair, mintSecret } from '../../src/webhooks/secret.js';
import { createSender, sealContext } from '../../src/webhooks/sender.js';
import type { SealedSecret, WebhookRow } from '../../src/webhooks/store.js';

const NOW = new Date('2026-03-04T05:06:07.890Z');
const later = (ms: number) => new Date(NOW.getTime() + ms).toISOString();
const EVENT = { id: '0mhc6xwzk3v9q2t8r4ynb1pde', body: '{"type":"a","data":{"ü":"€"}}' };
const sealer = createSealer('hub-secret-of-this-spec-0123456789ab');

function sealed(text: string, expiresAt?: string): SealedSecret {
  return {
    scheme: text.startsWith('whsk_') ? 'v1a' : 'v1',
    sealed: sealer.seal(text, sealContext('w1', 'secrets')),
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

describe('createSender', () => {
  it('sends the body as it is, its type, and what the receiver verifies', () => {
    const secret = mintSecret();
    const message = createSender(sealer, webhook({ secrets: [sealed(secret)] })).compose(
      EVENT,
      NOW,
    );
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

  it('signs with every secret that has not run out, newest first', () => {
    const [newest, overlapping, old] = [mintSecret(), mintSecret(), mintSecret()];
    const secrets = [sealed(newest), sealed(overlapping, later(1)), sealed(old, later(0))];
    const sender = createSender(sealer, webhook({ secrets }));
    const signatures = (now: Date) => sender.compose(EVENT, now).headers['webhook-signature'];
    expect(signatures(NOW)).toBe(`${hmac(newest)} ${hmac(overlapping)}`);
    // The same sender, some time later in the same hold.
    expect(signatures(new Date(NOW.getTime() + 1))?.split(' ')).toHaveLength(1);
  });

  it('signs with ed25519 where the webhook asks for it', () => {
    const pair = mintKeyPair();
    const row = webhook({ asymmetric: true, secrets: [sealed(pair.secret)] });
    const { headers } = createSender(sealer, row).compose(EVENT, NOW);
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

  it('adds the header of the older kind, made with the newest secret', () => {
    const [newest, overlapping] = [mintSecret(), mintSecret()];
    const row = webhook({
      secrets: [sealed(newest), sealed(overlapping, later(1_000))],
      legacySignatureHeader: 'X-Webhook-Signature',
    });
    const { headers } = createSender(sealer, row).compose(EVENT, NOW);
    expect(headers['X-Webhook-Signature']).toBe(
      createHmac('sha256', newest).update(EVENT.body).digest('hex'),
    );
  });

  it('adds the extra headers, and lets none of them stand in for its own', () => {
    const own = { 'X-Api-Key': 'k', 'webhook-id': 'forged', 'content-type': 'text/plain' };
    const row = webhook({
      secrets: [sealed(mintSecret())],
      headerNames: Object.keys(own),
      sealedHeaders: sealer.seal(JSON.stringify(own), sealContext('w1', 'headers')),
    });
    const { headers } = createSender(sealer, row).compose(EVENT, NOW);
    expect(headers).toMatchObject({
      'X-Api-Key': 'k',
      'webhook-id': EVENT.id,
      'content-type': 'application/json',
    });
  });

  it.each([
    ['a secret of another webhook', { secrets: [sealed(mintSecret())], id: 'w2' }],
    [
      'headers that were sealed as a secret',
      {
        secrets: [sealed(mintSecret())],
        sealedHeaders: sealer.seal('{}', sealContext('w1', 'secrets')),
      },
    ],
  ])('opens nothing that belongs elsewhere: %s', (_name, given) => {
    expect(() => createSender(sealer, webhook(given))).toThrow(/does not open/);
  });
});
