import fc from 'fast-check';

import { createHubVault } from '../../src/app/hostVault.js';
import { createHostVault, type VaultContext, type VaultValue } from '../../src/vault/hostVault.js';
import { createVault } from '../../src/vault/vault.js';
import { createTestKms } from './testVault.js';

const kms = createTestKms();
const keep = () => Promise.resolve(true);
const vault = createHubVault(() =>
  createHostVault({ vault: createVault({ app: 'app', kms }), currentKeyId: kms.current, keep }),
);
const otherApp = createHubVault(() =>
  createHostVault({ vault: createVault({ app: 'other', kms }), currentKeyId: kms.current, keep }),
);

const id = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
const contexts: fc.Arbitrary<VaultContext> = fc.record(
  { purpose: id, userId: id, organizationId: id },
  { requiredKeys: ['purpose'] },
);
const values: fc.Arbitrary<VaultValue> = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.uint8Array(),
  fc.jsonValue({ noUnicodeString: false }) as fc.Arbitrary<VaultValue>,
);
const NOT_DECRYPTED = { name: 'ValueNotDecrypted', code: 7503 };
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('hub.vault', () => {
  it('returns what was encrypted, of the same kind', () =>
    fc.assert(
      fc.asyncProperty(values, contexts, async (value, context) => {
        const text = await vault.encrypt({ value, context });
        const found = await vault.decrypt(text, context);
        expect(found).toEqual(value instanceof Uint8Array ? value : asJson(value));
        expect(found instanceof Uint8Array).toBe(value instanceof Uint8Array);
        expect(await vault.validate(text, context)).toMatchObject({ valid: true, isCurrent: true });
      }),
      { numRuns: 40 },
    ));

  it('decrypts with no other context', () =>
    fc.assert(
      fc.asyncProperty(contexts, contexts, async (one, other) => {
        fc.pre(JSON.stringify(asJson(one)) !== JSON.stringify(asJson(other)));
        const same =
          one.purpose === other.purpose &&
          one.userId === other.userId &&
          one.organizationId === other.organizationId;
        fc.pre(!same);
        const text = await vault.encrypt({ value: 'x', context: one });
        expect(await vault.validate(text, other)).toEqual({ valid: false });
        await expect(vault.decrypt(text, other)).rejects.toMatchObject(NOT_DECRYPTED);
        await expect(vault.rotate({ text, context: other })).rejects.toMatchObject(NOT_DECRYPTED);
      }),
      { numRuns: 40 },
    ));

  it.each<[string, VaultContext, VaultContext]>([
    ['parts that move', { purpose: 'ab', userId: 'c' }, { purpose: 'a', userId: 'bc' }],
    [
      'a user as an organization',
      { purpose: 'p', userId: 'x' },
      { purpose: 'p', organizationId: 'x' },
    ],
    ['an id that looks absent', { purpose: 'p' }, { purpose: 'p', userId: '-' }],
    [
      'an id with the mark of presence',
      { purpose: 'p', userId: 'x' },
      { purpose: 'p', userId: '=x' },
    ],
    ['another case', { purpose: 'p' }, { purpose: 'P' }],
    ['composed and decomposed letters', { purpose: '\u00e9' }, { purpose: 'e\u0301' }],
  ])('keeps contexts apart: %s', async (_name, one, other) => {
    const text = await vault.encrypt({ value: 'x', context: one });
    expect(await vault.validate(text, other)).toEqual({ valid: false });
  });

  it('decrypts no text of which a bit was changed', async () => {
    const context = { purpose: 'p', userId: 'u' };
    const text = await vault.encrypt({ value: 'a secret', context });
    const [version, keyId, ...parts] = text.split('.');
    for (const [nth, part] of parts.entries()) {
      const bytes = Buffer.from(part, 'base64url');
      for (let bit = 0; bit < bytes.length * 8; bit += 7) {
        const changed = Buffer.from(bytes);
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const others = parts.map((each, at) => (at === nth ? changed.toString('base64url') : each));
        const forged = [version, keyId, ...others].join('.');
        expect(await vault.validate(forged, context)).toEqual({ valid: false });
      }
    }
  });

  it.each([
    [
      '',
      'v1',
      'v1.k1.AA.AA',
      'v2.k1.AA.AA',
      undefined,
      null,
      7,
      {},
      ['v1'],
      'v1.unknown.AAAA.AAAA',
    ],
  ])('gives one error for every text that is none of its own', async (...texts) => {
    const context = { purpose: 'p' };
    const errors = [];
    for (const text of texts as string[]) {
      expect(await vault.validate(text, context)).toEqual({ valid: false });
      errors.push(await vault.decrypt(text, context).catch((error: unknown) => String(error)));
    }
    expect(new Set(errors).size).toBe(1);
  });

  it('is bound to its application', async () => {
    const context = { purpose: 'p' };
    const text = await vault.encrypt({ value: 'x', context });
    expect(await otherApp.validate(text, context)).toEqual({ valid: false });
  });

  it.each<[string, object, RegExp]>([
    ['no purpose', { context: {} }, /: context: purpose/],
    ['an empty id', { context: { purpose: 'p', userId: '' } }, /: context: userId/],
    ['an unpaired surrogate', { context: { purpose: 'a\ud800' } }, /: context: purpose/],
    ['an unknown member', { context: { purpose: 'p', user: 'u' } }, /: context: /],
    ['undefined', { value: undefined }, /: value: must be a string, a Uint8Array or JSON\.$/],
    ['a date', { value: new Date() }, /: value: /],
    ['a function', { value: () => 1 }, /: value: /],
    ['NaN', { value: { a: NaN } }, /: value: /],
    ['half of a surrogate pair', { value: 'a\ud800' }, /: value: must not have half of a/],
    ['too much', { value: 'x'.repeat(1024 * 1024) }, /: value: must be at most 1 MiB/],
  ])('refuses %s with a sentence', async (_name, given, message) => {
    const request = { value: 'x', context: { purpose: 'p' }, ...given } as never;
    await expect(vault.encrypt(request)).rejects.toMatchObject({
      code: 7504,
      name: 'VaultInputNotUsable',
      message: expect.stringMatching(message),
    });
  });

  it('wipes bytes, and says why it cannot wipe text', () => {
    const bytes = Buffer.from('secret');
    vault.wipe(bytes);
    expect(bytes.every((byte) => byte === 0)).toBe(true);
    const { buffer } = Uint8Array.of(1, 2);
    vault.wipe(buffer);
    expect([...new Uint8Array(buffer)]).toEqual([0, 0]);
    expect(() => {
      vault.wipe('secret' as never);
    }).toThrow(/A string cannot be overwritten/);
  });
});
