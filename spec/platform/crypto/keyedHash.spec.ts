import { createSecretKey } from 'node:crypto';

import {
  constantTimeEqual,
  createPeppers,
  deriveKeys,
  hasMac,
  isSameHash,
  macOf,
} from '../../../src/platform/crypto/index.js';

const [old, present] = ['a'.repeat(32), 'b'.repeat(32)];

describe('HMAC-SHA-256', () => {
  // https://www.rfc-editor.org/rfc/rfc4231#section-4
  it.each([
    [
      '0b'.repeat(20),
      'Hi There',
      'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
    ],
    [
      '4a656665',
      'what do ya want for nothing?',
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    ],
    [
      'aa'.repeat(131),
      'Test Using Larger Than Block-Size Key - Hash Key First',
      '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
    ],
  ])('under %s of %j', (hex, text, mac) => {
    const key = createSecretKey(Buffer.from(hex, 'hex'));
    const made = Buffer.from(mac, 'hex').toString('base64url');
    expect(macOf(key, text)).toBe(made);
    expect(hasMac(key, text, made)).toBe(true);
    expect(hasMac(key, text, made.replace(/^./, 'A'))).toBe(false);
    expect(hasMac(key, text, '')).toBe(false);
  });
});

describe('constantTimeEqual', () => {
  it.each([
    ['', '', true],
    ['same', 'same', true],
    ['same', 'Same', false],
    ['same', 'same ', false],
    ['', 'a', false],
    // As long in characters, not in bytes.
    ['ö', 'o', false],
  ])('%j and %j: %s', (one, other, isEqual) => {
    expect(constantTimeEqual(one, other)).toBe(isEqual);
  });
});

describe('keys that follow from secrets', () => {
  it('are in the order of the secrets, each with an id of its own', () => {
    const [first, second] = deriveKeys([present, old], 'spec 1');
    expect(deriveKeys([present], 'spec 1')[0].id).toBe(first.id);
    expect(second?.id).toBe(deriveKeys([old], 'spec 1')[0].id);
    expect(first.id).not.toBe(second?.id);
  });

  it('are others for another purpose', () => {
    const keys = ['spec 1', 'spec 2'].map((purpose) => deriveKeys([old], purpose)[0]);
    expect(keys[0]?.id).not.toBe(keys[1]?.id);
    expect(keys[0]?.key.equals(keys[1]?.key as never)).toBe(false);
  });
});

describe('peppers', () => {
  const peppers = (...secrets: [string, ...string[]]) => createPeppers(secrets, 'api key');

  it('stay the same in each version of the hub: what is stored has to be found again', () => {
    expect(peppers('a secret of thirty-two characters').hash('key')).toEqual({
      hash: 'v9g_XhlS2I5Q8UiDv-DEdmDbsVuOEqcn_FbR1Itf1Tw',
      pepper: '1.clEfsGE2',
    });
  });

  it('follow from the secret, each another', () => {
    const [one, other] = [peppers(old).hash('key'), peppers(present).hash('key')];
    expect(one).toEqual(peppers(old).hash('key'));
    expect(other.hash).not.toBe(one.hash);
    expect(other.pepper).not.toBe(one.pepper);
  });

  it('know what was hashed under the secret before', () => {
    const before = peppers(old).hash('key');
    const [first, second] = peppers(present, old).hashes('key');
    expect(second && isSameHash(second, before)).toBe(true);
    expect(first && isSameHash(first, before)).toBe(false);
  });

  it.each(['', 'short', '!'.repeat(43)])('take nothing else for a hash: %j', (hash) => {
    const known = peppers(old).hash('key');
    expect(isSameHash(known, { ...known, hash })).toBe(false);
  });
});
