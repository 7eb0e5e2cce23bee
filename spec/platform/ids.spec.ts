import fc from 'fast-check';

import { newId, newRequestId } from '../../src/platform/ids.js';

describe('newId', () => {
  it('is 25 digits and lower-case letters', () => {
    for (let count = 0; count < 1000; count += 1) expect(newId()).toMatch(/^[0-9a-z]{25}$/);
  });

  it('takes a prefix', () => {
    expect(newId('lane')).toMatch(/^lane_[0-9a-z]{25}$/);
    expect(newRequestId()).toMatch(/^req_[0-9a-z]{25}$/);
  });

  it('carries the present time', () => {
    const before = Date.now();
    const madeMs = parseInt(newId().slice(0, 9), 36);
    expect(madeMs).toBeGreaterThanOrEqual(before);
    expect(madeMs).toBeLessThanOrEqual(Date.now());
  });

  it('sorts by the millisecond, in ASCII and as people sort', () => {
    const time = fc.integer({ min: 0, max: Date.parse('5000-01-01') });
    fc.assert(
      fc.property(time, time, (one, other) => {
        fc.pre(one < other);
        const earlier = newId(undefined, one);
        const later = newId(undefined, other);
        expect(earlier < later).toBe(true);
        expect(earlier.localeCompare(later, 'en')).toBe(-1);
      }),
    );
  });

  it('takes the time of a monotonic clock, which has fractions', () => {
    expect(newId(undefined, 1_000.75).slice(0, 9)).toBe(newId(undefined, 1_000).slice(0, 9));
  });

  it('is never the same twice within a millisecond', () => {
    const ids = Array.from({ length: 100_000 }, () => newId(undefined, 0));
    expect(new Set(ids).size).toBe(100_000);
  });

  it('has every digit in every position, and each of them equally often', () => {
    const positions = new Set<string>();
    const counts = new Map<string, number>();
    for (let count = 0; count < 20_000; count += 1) {
      [...newId(undefined, 0).slice(9)].forEach((digit, position) => {
        positions.add(`${position}:${digit}`);
        counts.set(digit, (counts.get(digit) ?? 0) + 1);
      });
    }
    expect(positions.size).toBe(16 * 36);
    // 320,000 digits: 8,889 of each, with a deviation of 93. Bytes taken modulo 36 would give 10,000 zeros.
    expect(Math.min(...counts.values())).toBeGreaterThan(8_889 - 7 * 93);
    expect(Math.max(...counts.values())).toBeLessThan(8_889 + 7 * 93);
  });
});
