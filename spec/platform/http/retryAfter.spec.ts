import fc from 'fast-check';

import {
  RETRY_AFTER_MS_MAX,
  retryAfterMs,
  waitSeconds,
} from '../../../src/platform/http/retryAfter.js';

const HOUR = 3_600_000;
// The moment of RFC 9110's examples, five seconds earlier.
const now = new Date('1994-11-06T08:49:32Z');

describe('retryAfterMs', () => {
  it.each([
    ['0', 0],
    ['1', 1000],
    ['120', 120_000],
    ['007', 7000],
    [' 120\t', 120_000],
    ['86400', 24 * HOUR],
    ['86401', 24 * HOUR],
    ['9'.repeat(400), 24 * HOUR],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 5000],
    ['Sunday, 06-Nov-94 08:49:37 GMT', 5000],
    ['Sun Nov  6 08:49:37 1994', 5000],
    ['Sun Nov 06 08:49:37 1994', 5000],
    ['Mon, 06 Nov 1994 08:49:37 GMT', 5000],
    ['Sun, 06 Nov 1994 08:49:32 GMT', 0],
    ['Sun, 06 Nov 1994 08:49:31 GMT', 0],
    ['Sun, 06 Nov 1994 08:49:60 GMT', 28_000],
    ['Mon, 07 Nov 1994 08:49:31 GMT', 24 * HOUR - 1000],
    ['Tue, 08 Nov 1994 08:49:37 GMT', 24 * HOUR],
    ['Fri, 31 Dec 9999 23:59:59 GMT', 24 * HOUR],
    ['Sat, 01 Jan 0044 00:00:00 GMT', 0],
  ])('%j: %d ms', (value, expected) => {
    expect(retryAfterMs(value, now)).toBe(expected);
  });

  it.each([
    '',
    'soon',
    '-1',
    '+1',
    '1.5',
    '1e3',
    '0x10',
    '120 s',
    '120, 60',
    '١٢٠',
    'NaN',
    'Infinity',
    '1994-11-06T08:49:37Z',
    'Sun, 6 Nov 1994 08:49:37 GMT',
    'Sun, 06 Nov 1994 08:49:37',
    'Sun, 06 Nov 1994 08:49:37 UTC',
    'Sun, 06 Nov 1994 08:49:37 +0100',
    'sun, 06 nov 1994 08:49:37 gmt',
    'Sun, 06 Nov 1994 24:00:00 GMT',
    'Sun, 06 Nov 1994 08:60:37 GMT',
    'Sun, 06 Nov 1994 08:49:61 GMT',
    'Sun, 31 Nov 1994 08:49:37 GMT',
    'Sun, 00 Nov 1994 08:49:37 GMT',
    'Tue, 29 Feb 1994 08:49:37 GMT',
    'Sun, 06-Nov-94 08:49:37 GMT',
    'Sunday, 06-Nov-1994 08:49:37 GMT',
    'Sun Nov 6 08:49:37 1994',
    'Sun Nov  6 08:49:37 1994 GMT',
  ])('%j is not a wait', (value) => {
    expect(retryAfterMs(value, now)).toBeUndefined();
  });

  it.each([
    // Up to 50 years ahead is the future; beyond that it was in the past.
    ['2026-03-01T00:00:00Z', 'Sunday, 01-Mar-26 01:00:00 GMT', HOUR],
    ['2026-03-01T00:00:00Z', 'Sunday, 01-Mar-76 01:00:00 GMT', 24 * HOUR],
    ['2026-03-01T00:00:00Z', 'Monday, 01-Mar-77 01:00:00 GMT', 0],
    ['2026-03-01T00:00:00Z', 'Sunday, 06-Nov-94 08:49:37 GMT', 0],
    ['2099-12-31T23:59:00Z', 'Friday, 01-Jan-00 00:00:00 GMT', 60_000],
    ['2100-01-01T00:00:00Z', 'Thursday, 31-Dec-99 23:59:59 GMT', 0],
  ])('at %s the two-digit year of %j means %d ms', (present, value, expected) => {
    expect(retryAfterMs(value, new Date(present))).toBe(expected);
  });

  it('reads every date that JavaScript writes as an HTTP date', () => {
    const soon = fc.integer({ min: 0, max: 24 * 3600 });
    const present = fc.date({ min: new Date(0), max: new Date('2999-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(present, soon, (date, seconds) => {
        date.setUTCMilliseconds(0);
        const then = new Date(date.getTime() + seconds * 1000);
        expect(retryAfterMs(then.toUTCString(), date)).toBe(seconds * 1000);
      }),
    );
  });

  it('returns nothing or a wait within bounds, whatever it is given', () => {
    const text = fc.oneof(
      fc.string(),
      fc.stringMatching(/^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4}/),
    );
    fc.assert(
      fc.property(text, (value) => {
        const waitMs = retryAfterMs(value, now) ?? 0;
        expect(waitMs >= 0 && waitMs <= RETRY_AFTER_MS_MAX).toBe(true);
      }),
    );
  });
});

describe('retryAfterMs, leniently', () => {
  it.each([
    ['1.5', 1_500],
    ['2', 2_000],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 5_000],
    ['1994-11-06T08:49:37Z', 5_000],
    ['1994-11-06T08:49:37.250Z', 5_250],
    ['-1', undefined],
    ['1e3', undefined],
    ['a while', undefined],
    ['', undefined],
  ])('%s is %s', (value, waitMs) => {
    expect(retryAfterMs(value, now, { isLenient: true })).toBe(waitMs);
  });

  it.each(['1.5', '1994-11-06T08:49:37Z'])('is what makes %s readable', (value) => {
    expect(retryAfterMs(value, now)).toBeUndefined();
  });
});

describe('waitSeconds', () => {
  it.each([
    [-5, 1],
    [0, 1],
    [1, 1],
    [1_000, 1],
    [1_001, 2],
  ])('of %d ms are %d', (ms, seconds) => {
    expect(waitSeconds(ms)).toBe(seconds);
  });
});
