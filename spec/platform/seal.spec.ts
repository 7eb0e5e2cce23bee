import { webcrypto } from 'node:crypto';

import fc from 'fast-check';

import { checkHubSecret, createSealer } from '../../src/platform/seal.js';

const SECRET = 'a secret of the hub, for specs only';
const PLAIN = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const CONTEXT = ['Webhook', 'secrets', 'wh1'];
const sealer = createSealer(SECRET);

/** Opens and answers the message of the refusal; fails when the value opens. */
function refusal(sealed: string, context = CONTEXT, opener = sealer): string {
  try {
    opener.open(sealed, context);
  } catch (error) {
    expect((error as Error).constructor).toBe(Error);
    return (error as Error).message;
  }
  throw new Error(`This opened: ${sealed}`);
}

const bytesOf = (sealed: string) => Buffer.from(sealed.slice(3), 'base64url');
const textOf = (bytes: Uint8Array) => `s1.${Buffer.from(bytes).toString('base64url')}`;

describe('seal and open', () => {
  it('give back any text in its context', () => {
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(text, fc.array(text, { maxLength: 4 }), (plain, context) => {
        expect(sealer.open(sealer.seal(plain, context), context)).toBe(plain);
      }),
    );
  });

  it('work across processes: another sealer with the same secret opens it', () => {
    expect(createSealer(SECRET).open(sealer.seal(PLAIN, CONTEXT), CONTEXT)).toBe(PLAIN);
  });

  it('never give the same twice, and show nothing but the length', () => {
    const sealed = Array.from({ length: 1000 }, () => sealer.seal(PLAIN, CONTEXT));
    expect(new Set(sealed.map((text) => text.slice(3, 19))).size).toBe(1000);
    for (const text of sealed) {
      expect(text).toMatch(/^s1\.[A-Za-z0-9_-]+$/);
      expect(bytesOf(text)).toHaveLength(12 + PLAIN.length + 16);
      expect(bytesOf(text).includes('whsec')).toBe(false);
    }
  });
});

describe('the format', () => {
  // Rows in databases carry it, so these never change.
  it('opens a value sealed by the first release', () => {
    expect(
      sealer.open(
        's1.ZhvIZ7lALmrWO6tTwJM4oc9Y_hraruGKwL4j-58bL_LyPU-G_iR1a3G_LLYsdZNUNKr6gE33wgJ7CbhygXmUTGzc',
        CONTEXT,
      ),
    ).toBe(PLAIN);
  });

  it('is HKDF-SHA256 and AES-256-GCM as WebCrypto has them', async () => {
    const { subtle } = webcrypto;
    const utf8 = (text: string) => new TextEncoder().encode(text);
    const hkdf = {
      name: 'HKDF',
      hash: 'SHA-256',
      salt: new Uint8Array(),
      info: utf8('parse-integration-hub seal s1'),
    };
    const base = await subtle.importKey('raw', utf8(SECRET), 'HKDF', false, ['deriveKey']);
    const shape = { name: 'AES-GCM', length: 256 };
    const key = await subtle.deriveKey(hkdf, base, shape, false, ['encrypt', 'decrypt']);
    const additionalData = utf8('\0\0\0\x07Webhook\0\0\0\x07secrets\0\0\0\x03wh1');

    const ours = bytesOf(sealer.seal(PLAIN, CONTEXT));
    const opened = await subtle.decrypt(
      { name: 'AES-GCM', iv: ours.subarray(0, 12), additionalData, tagLength: 128 },
      key,
      ours.subarray(12),
    );
    expect(Buffer.from(opened).toString()).toBe(PLAIN);

    const iv = webcrypto.getRandomValues(new Uint8Array(12));
    const theirs = await subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, key, utf8(PLAIN));
    expect(sealer.open(textOf(Buffer.concat([iv, Buffer.from(theirs)])), CONTEXT)).toBe(PLAIN);
  });
});

describe('what does not open', () => {
  const sealed = sealer.seal(PLAIN, CONTEXT);

  it('a value with any bit of any byte flipped', () => {
    const bytes = bytesOf(sealed);
    for (let at = 0; at < bytes.length; at += 1) {
      for (let bit = 0; bit < 8; bit += 1) {
        const changed = Buffer.from(bytes);
        changed.writeUInt8(changed.readUInt8(at) ^ (1 << bit), at);
        expect(refusal(textOf(changed))).toMatch(/does not open/);
      }
    }
  });

  it('a value with any character replaced, also by one that decoders skip', () => {
    for (let at = 0; at < sealed.length; at += 1) {
      for (const character of ['A', 'B', 'z', '9', '-', '_', '+', '/', '=', '.', ' ', '\n', 'é']) {
        if (sealed[at] === character) continue;
        const changed = sealed.slice(0, at) + character + sealed.slice(at + 1);
        expect(refusal(changed)).toMatch(/does not open/);
      }
    }
  });

  it('a value cut short or grown, at either end', () => {
    const bytes = bytesOf(sealed);
    for (let length = 0; length < bytes.length; length += 1) {
      refusal(textOf(bytes.subarray(0, length)));
      refusal(textOf(bytes.subarray(bytes.length - length)));
    }
    for (const text of [
      `${sealed}A`,
      `${sealed}=`,
      ` ${sealed}`,
      `${sealed}\n`,
      '',
      's1.',
      's2.',
    ]) {
      refusal(text);
    }
    refusal(`s2.${sealed.slice(3)}`);
    refusal(sealed.slice(3));
  });

  it('a value with its tag cut to a length that GCM would allow', () => {
    const bytes = bytesOf(sealed);
    for (const tagBytes of [4, 8, 12, 13, 14, 15]) {
      refusal(textOf(bytes.subarray(0, bytes.length - 16 + tagBytes)));
    }
  });

  it.each([
    [['Webhook', 'secrets', 'wh2']],
    [['Webhook', 'sealedHeaders', 'wh1']],
    [['Other', 'secrets', 'wh1']],
    [['Webhook', 'secrets']],
    [['Webhook', 'secrets', 'wh1', '']],
    [['Webhooks', 'ecrets', 'wh1']],
    [['Webhooksecretswh1']],
    [['secrets', 'Webhook', 'wh1']],
    [[]],
  ])('in the context %j', (context) => {
    refusal(sealed, context);
  });

  it('under another secret', () => {
    refusal(sealed, CONTEXT, createSealer(`${SECRET}.`));
  });

  it('is refused with a sentence that holds nothing of it', () => {
    for (const message of [refusal(sealed, ['Webhook', 'other', 'wh1']), refusal(`${PLAIN}!`)]) {
      for (const hidden of [SECRET, PLAIN, 'MfKQ9r8', 'Webhook', 'wh1', sealed.slice(3)]) {
        expect(message).not.toContain(hidden);
      }
    }
  });
});

describe('the hub secret', () => {
  it.each([
    ['', false],
    ['x'.repeat(31), false],
    ['x'.repeat(32), true],
    ['x'.repeat(500), true],
  ])('%j: %s', (secret, good) => {
    const problem = checkHubSecret(secret);
    expect(problem === undefined).toBe(good);
    if (problem === undefined) {
      expect(createSealer(secret).open(createSealer(secret).seal('a', []), [])).toBe('a');
    } else {
      expect(problem).toMatch(/at least 32 characters/);
      expect(() => createSealer(secret)).toThrow(problem);
    }
  });
});
