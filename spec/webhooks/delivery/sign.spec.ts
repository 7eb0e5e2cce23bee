import { createHmac, createPublicKey, verify } from 'node:crypto';

import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';

import {
  generateSecret,
  generateSigningKeyPair,
  parseSecret,
} from '../../../src/webhooks/delivery/secret.js';
import { type Message, signatureHeaders } from '../../../src/webhooks/delivery/sign.js';

interface Vector {
  readonly source: string;
  readonly secret: string;
  readonly id: string;
  readonly timestampSeconds: number;
  readonly body: string;
  readonly signature: string;
}

const FIRST = {
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  timestampSeconds: 1614265330,
};
const KEY_PAIR = {
  secret:
    'whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==',
  publicKey: 'whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=',
};

const VECTORS: readonly Vector[] = [
  {
    source: 'every library of standard-webhooks',
    ...FIRST,
    body: '{"test": 2432232314}',
    signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  },
  {
    source: 'standard-webhooks, the Rust library',
    secret: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD',
    id: 'msg_27UH4WbU6Z5A5EzD8u03UvzRbpk',
    timestampSeconds: 1649367553,
    body: '{"email":"test@example.com","username":"test_user"}',
    signature: 'v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=',
  },
  {
    source: 'a real event of OpenAI, openai-node tests/api-resources/webhooks.test.ts',
    secret: 'whsec_RdvaYFYUXuIFuEbvZHwMfYFhUf7aMYjYcmM24+Aj40c=',
    id: 'wh_685c059ae39c8190af8c71ed1022a24d',
    timestampSeconds: 1750861210,
    body: '{"id": "evt_685c059ae3a481909bdc86819b066fb6", "object": "event", "created_at": 1750861210, "type": "response.completed", "data": {"id": "resp_123"}}',
    signature: 'v1,gUAg4R2hWouRZqRQG4uJypNS8YK885G838+EHb4nKBY=',
  },
  {
    source: 'ed25519, svix-server worker.rs',
    ...FIRST,
    secret: KEY_PAIR.secret,
    body: '{"test": 2432232314}',
    signature:
      'v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==',
  },
  ...(
    [
      [1024 * 1024, 'v1,txpEUxqWZJ5nteTnymUVa+7C4NHpBeXJ6CsBAW0c3/A='],
      [256 * 1024, 'v1,Mw4Pe2WgApuT7NSqnSq0PQPV9gbLdggCl9B865x5Xh0='],
      [256 * 1024 - 1, 'v1,NTItnqyWMoFhk2Bbe5V/BMdcFRWgcSQaTgqLHX7FC7c='],
    ] as const
  ).map(([bodyBytes, signature]) => ({
    source: `${bodyBytes} letters a, svix csharp/Svix.Tests/WebhookTest.cs`,
    ...FIRST,
    body: 'a'.repeat(bodyBytes),
    signature,
  })),
];

function signatureOf(message: Message): string {
  return signatureHeaders(message)['webhook-signature'] ?? '';
}

describe('published vectors', () => {
  it.each(VECTORS)('$source', ({ secret, signature, ...message }) => {
    const secrets = [parseSecret(secret)];
    expect(signatureHeaders({ ...message, secrets })).toEqual({
      'webhook-id': message.id,
      'webhook-timestamp': String(message.timestampSeconds),
      'webhook-signature': signature,
    });
    expect(signatureOf({ ...message, secrets, body: Buffer.from(message.body) })).toBe(signature);
  });

  it('lists signatures of several secrets in the given order, of any kind', () => {
    const [first, , , asymmetric] = VECTORS;
    const secrets = [KEY_PAIR.secret, FIRST.secret].map(parseSecret);
    expect(signatureOf({ ...FIRST, body: '{"test": 2432232314}', secrets })).toBe(
      `${asymmetric?.signature} ${first?.signature}`,
    );
  });
});

describe('the standardwebhooks package as receiver', () => {
  // The package only supports the current time.
  const timestampSeconds = Math.floor(Date.now() / 1000);
  const texts = [generateSecret(), generateSecret()];
  const secrets = texts.map(parseSecret);
  const read = { jsonParse: false };
  const body = fc.oneof(fc.json(), fc.string({ unit: 'binary' }), fc.constant(''));

  it('verifies any body, with either of two secrets and with no third', () => {
    const unrelated = new Webhook(generateSecret());
    fc.assert(
      fc.property(fc.uuid(), body, (id, text) => {
        const headers = signatureHeaders({ id, timestampSeconds, body: text, secrets });
        for (const secret of texts) new Webhook(secret).verify(text, headers, read);
        expect(() => unrelated.verify(text, headers, read)).toThrow('No matching signature');
      }),
    );
  });

  it('refuses another body, another id and another time', () => {
    const headers = signatureHeaders({ id: 'msg_1', timestampSeconds, body: 'one', secrets });
    const receiver = new Webhook(texts[0] ?? '');
    receiver.verify('one', headers, read);
    for (const changed of [
      { text: 'One', headers },
      { text: 'one', headers: { ...headers, 'webhook-id': 'msg_2' } },
      { text: 'one', headers: { ...headers, 'webhook-timestamp': String(timestampSeconds - 1) } },
    ]) {
      expect(() => receiver.verify(changed.text, changed.headers, read)).toThrow('No matching');
    }
  });

  it('signs as the package does', () => {
    fc.assert(
      fc.property(body, (text) => {
        const at = new Date(timestampSeconds * 1000);
        const theirs = texts.map((secret) => new Webhook(secret).sign('msg_1', at, text));
        expect(signatureOf({ id: 'msg_1', timestampSeconds, body: text, secrets })).toBe(
          theirs.join(' '),
        );
      }),
    );
  });
});

describe('ed25519', () => {
  it('verifies with the public key over any bytes, text or not', () => {
    const pair = generateSigningKeyPair();
    const secrets = [parseSecret(pair.secret)];
    const x = Buffer.from(pair.publicKey.slice('whpk_'.length), 'base64').toString('base64url');
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const header = signatureOf({ id: 'msg_1', timestampSeconds: 7, body: bytes, secrets });
        const signature = Buffer.from(header.slice('v1a,'.length), 'base64');
        const signed = Buffer.concat([Buffer.from('msg_1.7.'), bytes]);
        expect(header.startsWith('v1a,')).toBe(true);
        expect(verify(null, signed, key, signature)).toBe(true);
        expect(verify(null, Buffer.concat([signed, Buffer.from('!')]), key, signature)).toBe(false);
      }),
    );
  });
});

describe('the legacy header', () => {
  it("is the example of GitHub's documentation", () => {
    // https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
    const headers = signatureHeaders({
      ...FIRST,
      body: 'Hello, World!',
      secrets: [parseSecret(FIRST.secret)],
      legacyHeader: { name: 'X-Webhook-Signature', secret: "It's a Secret to Everybody" },
    });
    expect(headers['X-Webhook-Signature']).toBe(
      '757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
    );
    expect(Object.keys(headers)).toHaveLength(4);
  });

  it('takes the whole text of a whsec_ secret as its key', () => {
    const headers = signatureHeaders({
      ...FIRST,
      body: 'é',
      secrets: [parseSecret(FIRST.secret)],
      legacyHeader: { name: 'X-Signature', secret: FIRST.secret },
    });
    const expected = createHmac('sha256', Buffer.from(FIRST.secret)).update(Buffer.from('é'));
    expect(headers['X-Signature']).toBe(expected.digest('hex'));
  });
});

describe('messages that cannot be signed', () => {
  const good: Message = { ...FIRST, body: '', secrets: [parseSecret(FIRST.secret)] };
  const named = (name: string) => ({ legacyHeader: { name, secret: 's' } });
  it.each<[string, Partial<Message>]>([
    ['needs a secret', { secrets: [] }],
    ['text without a dot', { id: '' }],
    ['text without a dot', { id: 'msg.1' }],
    ['whole seconds', { timestampSeconds: 1614265330.5 }],
    ['whole seconds', { timestampSeconds: -1 }],
    ['whole seconds', { timestampSeconds: NaN }],
    ['cannot be named', named('Webhook-Signature')],
    ['cannot be named', named('webhook-id')],
  ])('%s: %j', (why, change) => {
    expect(() => signatureHeaders({ ...good, ...change })).toThrow(why);
  });
});
