import { createPublicKey, verify } from 'node:crypto';
import { inspect } from 'node:util';

import {
  generateSecret,
  generateSigningKeyPair,
  parseSecret,
  suppliedSecret,
} from '../../../src/webhooks/delivery/secret.js';
import { signatureHeaders } from '../../../src/webhooks/delivery/sign.js';

// Published by Svix: svix-server, core/types/mod.rs and worker.rs.
const PRIVATE =
  'whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==';
const PUBLIC = 'whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=';

const ofBytes = (count: number) => `whsec_${Buffer.alloc(count, 7).toString('base64')}`;

describe('parseSecret', () => {
  it.each([
    'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD',
    'whsec_RdvaYFYUXuIFuEbvZHwMfYFhUf7aMYjYcmM24+Aj40c=',
    ofBytes(24),
    ofBytes(64),
  ])('reads the HMAC secret %s', (text) => {
    const secret = parseSecret(text);
    expect(secret.scheme).toBe('v1');
    expect(secret.key.export().toString('base64')).toBe(text.slice('whsec_'.length));
  });

  it('reads an ed25519 secret and knows its public key', () => {
    expect(parseSecret(PRIVATE)).toMatchObject({ scheme: 'v1a', publicKey: PUBLIC });
  });

  const refused: readonly (readonly [string, string])[] = [
    ['', 'starts with whsec_ (HMAC) or whsk_ (ed25519)'],
    ['w', 'starts with whsec_ (HMAC) or whsk_ (ed25519)'],
    ['hwsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD', 'starts with whsec_'],
    [' whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD', 'without spaces'],
    ['C2FVsBQIhrscChlQIMV+b5sSYspob7oD', 'starts with whsec_'],
    [PUBLIC, 'public key (whpk_)'],
    ['whsec_', 'holds 24 to 64 bytes in base64; this one holds 0'],
    ['whsec_%', 'is not base64'],
    ['whsec_wronglength', 'is not base64'],
    ['whsec_wronglengths', 'this one holds 9'],
    ['whsec_d3JvbmdsZW5ndGg=', 'this one holds 11'],
    [ofBytes(23), 'this one holds 23'],
    [ofBytes(65), 'this one holds 65'],
    ['whsec_C2FVsBQIhrscChlQIMV-b5sSYspob7oD', 'is not base64'],
    ['whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD\n', 'is not base64'],
    ['whsec_RdvaYFYUXuIFuEbvZHwMfYFhUf7aMYjYcmM24+Aj40c', 'is not base64'],
    // The last letter has unused bits set: another spelling of the same key.
    ['whsec_RdvaYFYUXuIFuEbvZHwMfYFhUf7aMYjYcmM24+Aj40d=', 'is not base64'],
    [PRIVATE.slice(0, -2), 'is not base64'],
    [PRIVATE.slice(0, -4), 'this one holds 63'],
    [`whsk_${PUBLIC.slice('whpk_'.length)}`, 'this one holds 32'],
    [PRIVATE.replace('X0dRqSKJp4', 'aaaaaaaaaa'), 'do not belong together'],
  ];

  it.each(refused)('refuses %j', (text, why) => {
    expect(() => parseSecret(text)).toThrow(why);
  });

  it('never repeats a secret in its message', () => {
    for (const [text] of refused) {
      const given = text.slice('whsec_'.length);
      if (given.length < 8) continue;
      expect(() => parseSecret(text)).toThrow(
        expect.objectContaining({ message: expect.not.stringContaining(given) }),
      );
    }
  });

  it('shows nothing of a secret when it is logged', () => {
    for (const text of ['whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD', PRIVATE]) {
      const secret = parseSecret(text);
      const bytes = Buffer.from(text.replace(/^whs\w+_/, ''), 'base64').subarray(0, 24);
      for (const shown of [
        JSON.stringify(secret),
        inspect(secret, { showHidden: true, depth: 9 }),
      ]) {
        expect(shown).not.toContain(bytes.toString('base64'));
        expect(shown).not.toContain(bytes.toString('hex'));
      }
    }
  });
});

describe('suppliedSecret', () => {
  it('accepts valid ones unchanged and refuses others with one message', () => {
    expect(suppliedSecret.parse(PRIVATE)).toBe(PRIVATE);
    expect(suppliedSecret.parse(ofBytes(64))).toBe(ofBytes(64));
    for (const [text, why] of [
      ['whsec_%', 'is not base64'],
      [`whsec_${'A'.repeat(1_000_000)}`, 'at most 200 characters'],
    ] as const) {
      const issues = suppliedSecret.safeParse(text).error?.issues ?? [];
      expect(issues).toEqual([expect.objectContaining({ message: expect.stringContaining(why) })]);
    }
  });
});

describe('generating secrets', () => {
  it('generates HMAC secrets of 32 bytes, never the same', () => {
    const secrets = Array.from({ length: 100 }, generateSecret);
    expect(new Set(secrets).size).toBe(100);
    for (const text of secrets) {
      expect(text).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
      expect(parseSecret(text).key.symmetricKeySize).toBe(32);
    }
  });

  it('generates pairs whose public key verifies what the secret signs', () => {
    const pair = generateSigningKeyPair();
    expect(generateSigningKeyPair().secret).not.toBe(pair.secret);
    const secret = parseSecret(pair.secret);
    expect(secret).toMatchObject({ scheme: 'v1a', publicKey: pair.publicKey });

    const { 'webhook-signature': header = '' } = signatureHeaders({
      id: 'm',
      timestampSeconds: 1,
      body: 'b',
      secrets: [secret],
    });
    const x = Buffer.from(pair.publicKey.slice('whpk_'.length), 'base64').toString('base64url');
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    const signature = Buffer.from(header.slice('v1a,'.length), 'base64');
    expect(verify(null, Buffer.from('m.1.b'), key, signature)).toBe(true);
    expect(verify(null, Buffer.from('m.1.c'), key, signature)).toBe(false);
  });
});
