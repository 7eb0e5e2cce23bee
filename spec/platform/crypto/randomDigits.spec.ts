import { randomDigits } from '../../../src/platform/crypto/index.js';

describe('randomDigits', () => {
  it.each([0, 1, 43, 5_000])('are %d digits of the alphabet', (count) => {
    const digits = randomDigits('abc', count);
    expect(digits).toHaveLength(count);
    expect(digits).toMatch(/^[abc]*$/);
  });

  it('are each equally likely, whatever the length of the alphabet', () => {
    const counts = new Map<string, number>();
    // 256 is 2 times 100 and a rest of 56: bytes taken modulo 100 would give the first 56 half as much again.
    const alphabet = Array.from({ length: 100 }, (_, nth) => String.fromCharCode(33 + nth)).join(
      '',
    );
    for (const digit of randomDigits(alphabet, 200_000))
      counts.set(digit, (counts.get(digit) ?? 0) + 1);
    // 2,000 of each, with a deviation of 45.
    expect(counts.size).toBe(100);
    expect(Math.min(...counts.values())).toBeGreaterThan(2_000 - 7 * 45);
    expect(Math.max(...counts.values())).toBeLessThan(2_000 + 7 * 45);
  });

  it('do not repeat what was fetched ahead', () => {
    const drawn = Array.from({ length: 20_000 }, () => randomDigits('0123456789abcdef', 16));
    expect(new Set(drawn).size).toBe(20_000);
  });
});
