import { createHash, createHmac, createSecretKey } from 'node:crypto';

import fc from 'fast-check';

import { decrypt, DoesNotOpen, encrypt } from '../../src/vault/aead.js';
import { boundTo } from '../../src/vault/context.js';
import { checkValueOf, deriveKey, hasCheckValue } from '../../src/vault/deriveKey.js';
import { formatSealed, parseSealed } from '../../src/vault/sealedText.js';
import { createTestKms, openTestVault } from './testVault.js';
import { aesGcm, pbkdf2 } from './vectors.js';

const CONTEXT = { organization: 'o1', className: 'Webhook', field: 'secrets', recordId: 'w1' };
const vault = openTestVault();

const hex = (text: string) => Buffer.from(text, 'hex');

describe('AES-256-GCM', () => {
  it.each(aesGcm.map((vector) => [vector.id, vector] as const))('%s', (_id, vector) => {
    const key = createSecretKey(hex(vector.key));
    const box = hex(vector.iv + vector.ct + vector.tag);
    const bound = hex(vector.aad);
    if (vector.isValid) {
      expect(encrypt(key, hex(vector.msg), { bound, nonce: hex(vector.iv) })).toEqual(box);
      expect(decrypt(key, box, bound)).toEqual(hex(vector.msg));
    } else {
      expect(() => decrypt(key, box, bound)).toThrow(DoesNotOpen);
    }
  });
});

describe('PBKDF2-HMAC-SHA256', () => {
  it.each(pbkdf2.map((vector) => [vector.id, vector] as const))('%s', async (_id, vector) => {
    const { password, salt, iterations, dk } = vector;
    const key = await deriveKey(hex(password), { salt: hex(salt), iterations });
    // The hub's key is the first block: a longer key begins with it, a shorter one is its prefix.
    const expected = hex(dk).subarray(0, 32);
    expect(key.export().subarray(0, expected.length)).toEqual(expected);
  });
});

describe('a check value', () => {
  it('belongs to one key', () => {
    const [one, other] = [
      createSecretKey(Buffer.alloc(32, 1)),
      createSecretKey(Buffer.alloc(32, 2)),
    ];
    expect(hasCheckValue(one, checkValueOf(one))).toBe(true);
    expect(hasCheckValue(other, checkValueOf(one))).toBe(false);
    expect(hasCheckValue(one, '')).toBe(false);
  });

  it('is not the key', () => {
    const key = createSecretKey(Buffer.alloc(32, 1));
    expect(checkValueOf(key)).toBe(
      createHmac('sha256', Buffer.alloc(32, 1))
        .update('parse-integration-hub key check')
        .digest('base64url'),
    );
  });
});

describe('encrypted values', () => {
  it('decrypt to the same text in their context', async () => {
    const text = fc.string({ unit: 'grapheme' });
    await fc.assert(
      fc.asyncProperty(
        text,
        fc.record({ organization: text, className: text, field: text, recordId: text }),
        async (plain, context) => {
          expect(await vault.open(await vault.seal(plain, context), context)).toBe(plain);
        },
      ),
    );
  });

  it('are never the same twice', async () => {
    const all = await Promise.all(Array.from({ length: 50 }, () => vault.seal('x', CONTEXT)));
    const parts = all.map(parseSealed);
    expect(new Set(parts.map(({ box }) => box.subarray(0, 12).toString('hex'))).size).toBe(50);
    expect(new Set(parts.map(({ wrapped }) => wrapped.toString('hex'))).size).toBe(50);
  });

  it.each(Object.keys(CONTEXT))(
    'cannot be decrypted in another context: another %s',
    async (part) => {
      const sealed = await vault.seal('secret', CONTEXT);
      await expect(vault.open(sealed, { ...CONTEXT, [part]: 'other' })).rejects.toThrow(
        DoesNotOpen,
      );
    },
  );

  it('cannot be decrypted in another application with the same keys', async () => {
    const kms = createTestKms();
    const sealed = await openTestVault('app', kms).seal('secret', CONTEXT);
    await expect(openTestVault('other', kms).open(sealed, CONTEXT)).rejects.toThrow(DoesNotOpen);
  });

  it('distinguish contexts whose joined parts are the same', async () => {
    const sealed = await vault.seal('secret', {
      ...CONTEXT,
      className: 'Web',
      field: 'hooksecrets',
    });
    const shifted = { ...CONTEXT, className: 'Webhook', field: 'secrets' };
    await expect(vault.open(sealed, shifted)).rejects.toThrow(DoesNotOpen);
  });

  it('cannot be decrypted when any bit was changed', async () => {
    const { keyId, wrapped, box } = parseSealed(await vault.seal('secret', CONTEXT));
    for (const [part, bytes] of Object.entries({ wrapped, box })) {
      for (let at = 0; at < bytes.length; at += 1) {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
        const text = formatSealed({ keyId, wrapped, box, [part]: changed });
        await expect(vault.open(text, CONTEXT)).rejects.toThrow(DoesNotOpen);
      }
    }
  });

  it('cannot be decrypted when combined from two values, or with another key id', async () => {
    const kms = createTestKms('k1');
    const sealing = openTestVault('app', kms);
    const one = parseSealed(await sealing.seal('one', CONTEXT));
    const two = parseSealed(await sealing.seal('two', CONTEXT));
    kms.add('k2');
    for (const text of [
      formatSealed({ ...one, box: two.box }),
      formatSealed({ ...one, wrapped: two.wrapped }),
      formatSealed({ ...one, keyId: 'k2' }),
      formatSealed({ ...one, keyId: 'k3' }),
    ])
      await expect(sealing.open(text, CONTEXT)).rejects.toThrow(DoesNotOpen);
  });

  it('are re-encrypted under the current key, once', async () => {
    const kms = createTestKms('k1');
    const sealing = openTestVault('app', kms);
    const before = await sealing.seal('secret', CONTEXT);
    expect(await sealing.reencrypt(before, CONTEXT)).toBeUndefined();
    kms.add('k2');
    const after = (await sealing.reencrypt(before, CONTEXT)) ?? '';
    expect(parseSealed(after).keyId).toBe('k2');
    expect(parseSealed(after).box).not.toEqual(parseSealed(before).box);
    expect(await sealing.open(after, CONTEXT)).toBe('secret');
    expect(await sealing.reencrypt(after, CONTEXT)).toBeUndefined();
  });

  it('contain neither value nor context', async () => {
    const sealed = await vault.seal('whsec_canary', CONTEXT);
    const failed = await vault
      .open(sealed, { ...CONTEXT, recordId: 'w2' })
      .catch((error: unknown) => error);
    expect(String((failed as Error).stack)).not.toMatch(/canary|w1|w2|o1/);
  });
});

describe('the encrypted text', () => {
  const SEALED = formatSealed({
    keyId: 'k1',
    wrapped: Buffer.alloc(60, 1),
    box: Buffer.alloc(40, 2),
  });

  it.each([
    ['nothing', ''],
    ['another version', SEALED.replace('v1.', 'v2.')],
    ['one part less', SEALED.split('.').slice(0, 3).join('.')],
    ['one part more', `${SEALED}.AA`],
    ['an empty key id', SEALED.replace('k1', '')],
    ['a key id with other characters', SEALED.replace('k1', 'k/1')],
    ['characters that a decoder skips', `${SEALED}=`],
    ['a space', ` ${SEALED}`],
    ['standard base64', SEALED.replace(/.$/, '+')],
    ['bits beyond the last byte', SEALED.replace(/.$/, 'B')],
    [
      'a ciphertext shorter than nonce and tag',
      formatSealed({ keyId: 'k', wrapped: Buffer.alloc(60), box: Buffer.alloc(27) }),
    ],
    [
      'no wrapped key',
      formatSealed({ keyId: 'k', wrapped: Buffer.alloc(0), box: Buffer.alloc(40) }),
    ],
    [
      'a very long wrapped key',
      formatSealed({ keyId: 'k', wrapped: Buffer.alloc(5_000), box: Buffer.alloc(40) }),
    ],
  ])('is refused: %s', (_name, text) => {
    expect(() => parseSealed(text)).toThrow(DoesNotOpen);
  });

  it('is read as it was written', () => {
    expect(formatSealed(parseSealed(SEALED))).toBe(SEALED);
  });
});

describe('the context of a value', () => {
  it('has the length of each part before it, in four bytes', () => {
    const bound = boundTo({ app: 'a', ...CONTEXT, organization: 'ö' }, 'k', 'value');
    expect(bound.subarray(0, 11).toString('hex')).toBe('0000000161' + '00000002c3b6');
    expect(createHash('sha256').update(bound).digest('hex')).not.toBe(
      createHash('sha256')
        .update(boundTo({ app: 'a', ...CONTEXT, organization: 'ö' }, 'k', 'data key'))
        .digest('hex'),
    );
  });
});
