import {
  checksumOf,
  generateKey,
  isWellFormedKey,
  KEY_ENVIRONMENTS,
  looksLikeKey,
  startOf,
} from '../../src/apiKeys/secret.js';

/** The pattern that the README gives for secret scanners. */
const SCANNED = /\bhub_(?:live|test)_[0-9A-Za-z]{49}\b/;

describe('checksumOf', () => {
  // The check value of CRC-32/ISO-HDLC, cbf43926: https://reveng.sourceforge.io/crc-catalogue/all.htm
  it('is CRC-32 in base62', () => {
    const digits = [...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'];
    const value = [...checksumOf('123456789')].reduce((sum, d) => sum * 62 + digits.indexOf(d), 0);
    expect(value).toBe(0xcbf43926);
    expect(checksumOf('')).toBe('000000');
  });
});

describe('generateKey', () => {
  const keys = Array.from({ length: 500 }, (_, nth) =>
    generateKey('hub', KEY_ENVIRONMENTS[nth % 2] ?? 'live'),
  );

  it('generates keys in the documented format', () => {
    for (const key of keys) {
      expect(key).toMatch(SCANNED);
      expect(key).toHaveLength(58);
      expect(isWellFormedKey(key)).toBe(true);
      expect(looksLikeKey(key)).toBe(true);
    }
    expect(generateKey('acme2', 'test')).toMatch(/^acme2_test_/);
  });

  it('generates each key once, and uses all digits equally often', () => {
    expect(new Set(keys).size).toBe(keys.length);
    const counts = new Map<string, number>();
    for (const key of keys) {
      for (const digit of key.slice(9, 52)) counts.set(digit, (counts.get(digit) ?? 0) + 1);
    }
    expect(counts.size).toBe(62);
    // 347 of each are expected, give or take 19.
    for (const count of counts.values()) expect(Math.abs(count - 347)).toBeLessThan(6 * 19);
  });

  it('is distinguished from mistyped keys by its checksum', () => {
    const [key = ''] = keys;
    for (let at = 0; at < key.length; at += 1) {
      const other = key.charAt(at) === 'x' ? 'y' : 'x';
      expect(isWellFormedKey(key.slice(0, at) + other + key.slice(at + 1))).toBe(false);
    }
  });

  it.each(['', 'x', 'hub_live_', `${keys[0] ?? ''}0`, `${keys[0] ?? ''}\n`, ` ${keys[0] ?? ''}`])(
    'rejects everything else: %j',
    (text) => {
      expect(isWellFormedKey(text)).toBe(false);
      expect(looksLikeKey(text)).toBe(false);
    },
  );
});

describe('startOf', () => {
  it('shows four of the random digits', () => {
    const key = generateKey('hub', 'live');
    expect(startOf(key)).toBe(key.slice(0, 13));
  });
});
