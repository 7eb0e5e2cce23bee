import { limitSigns } from '../../src/connectors/index.js';
import type { LimitHeader, TimeUnit } from '../../src/contract/index.js';

const NOW = new Date('2026-01-02T03:04:05.500Z');
const DAY_MS = 86_400_000;

/** Returns the wait that one header of that unit leads to. */
function waitOf(unit: TimeUnit, text: string): number | undefined {
  const headers = { 'x-wait': text };
  return limitSigns([{ name: 'X-Wait', kind: 'wait', unit }], { headers }, NOW).waitMs;
}

describe('how long to wait', () => {
  it.each<[TimeUnit, string, number]>([
    ['seconds', '0', 0],
    ['seconds', '30', 30_000],
    ['seconds', '0.25', 250],
    ['seconds', ' 30 ', 30_000],
    ['milliseconds', '30', 30],
    ['milliseconds', '1500', 1500],
    // 03:05:05 that day
    ['epochSeconds', '1767323105', 59_500],
    ['epochMilliseconds', '1767323105000', 59_500],
    ['httpDate', 'Fri, 02 Jan 2026 03:05:05 GMT', 59_500],
    ['retryAfter', '120', 120_000],
    ['retryAfter', 'Fri, 02 Jan 2026 03:05:05 GMT', 59_500],
    ['duration', '1s', 1000],
    ['duration', '6m0s', 360_000],
    ['duration', '12ms', 12],
    ['duration', '1.5s', 1500],
    ['duration', '59.949s', 59_949],
    ['duration', '1h0m30s', 3_630_000],
    ['duration', '7m12s', 432_000],
    ['duration', '500us', 0.5],
    ['duration', '500µs', 0.5],
  ])('as %s, %s', (unit, text, waitMs) => {
    expect(waitOf(unit, text)).toBeCloseTo(waitMs, 6);
  });

  it.each<[TimeUnit, string]>([
    ['epochSeconds', '1767323000'],
    ['epochMilliseconds', '1767323000000'],
    ['httpDate', 'Fri, 02 Jan 2026 03:00:00 GMT'],
    ['retryAfter', 'Thu, 01 Jan 1970 00:00:00 GMT'],
  ])('is nothing when it is past: %s, %s', (unit, text) => {
    expect(waitOf(unit, text)).toBe(0);
  });

  it.each<[TimeUnit, string]>([
    // Milliseconds taken for seconds, and the like.
    ['seconds', '1767323105'],
    ['epochSeconds', '1767323105000'],
    ['retryAfter', 'Sat, 02 Jan 2106 03:05:05 GMT'],
    ['duration', '99d'],
  ])('is a day at most: %s, %s', (unit, text) => {
    expect(waitOf(unit, text)).toBe(DAY_MS);
  });

  it.each<[TimeUnit, string]>([
    ['seconds', 'soon'],
    ['seconds', '-5'],
    ['seconds', '1e9'],
    ['seconds', '0x10'],
    ['seconds', '30, 30'],
    ['seconds', ''],
    ['seconds', '   '],
    ['milliseconds', 'NaN'],
    ['epochSeconds', 'Infinity'],
    ['epochSeconds', 'Fri, 02 Jan 2026 03:05:05 GMT'],
    ['epochMilliseconds', 'tomorrow'],
    ['httpDate', '60'],
    ['httpDate', 'Friday'],
    ['retryAfter', '-1'],
    ['retryAfter', 'a while'],
    ['duration', '30'],
    ['duration', 's'],
    ['duration', '1 s'],
    ['duration', '-1s'],
    ['duration', '1.2.3s'],
    ['duration', '1y'],
    ['duration', '1s and more'],
  ])('is unknown of nonsense: %s, "%s"', (unit, text) => {
    expect(waitOf(unit, text)).toBeUndefined();
  });

  it('is read from Retry-After of any service, in both its forms', () => {
    const signs = (text: string) => limitSigns([], { headers: { 'retry-after': text } }, NOW);
    expect(signs('7')).toEqual({ waitMs: 7000 });
    expect(signs('Fri, 02 Jan 2026 03:04:15 GMT')).toEqual({ waitMs: 9500 });
    expect(signs('later')).toEqual({});
  });

  it('reads Retry-After as the service declares it', () => {
    const headers: LimitHeader[] = [{ name: 'Retry-After', kind: 'wait', unit: 'milliseconds' }];
    expect(limitSigns(headers, { headers: { 'retry-after': '7000' } }, NOW)).toEqual({
      waitMs: 7000,
    });
  });

  it('is the longest of several', () => {
    const headers: LimitHeader[] = [
      { name: 'x-minute', kind: 'wait', unit: 'seconds' },
      { name: 'x-day', kind: 'wait', unit: 'duration' },
      { name: 'x-broken', kind: 'wait', unit: 'seconds' },
    ];
    const response = {
      headers: { 'x-minute': '30', 'x-day': '2h', 'x-broken': 'never', 'retry-after': '60' },
    };
    expect(limitSigns(headers, response, NOW)).toEqual({ waitMs: 7_200_000 });
  });
});

describe('the remaining requests', () => {
  const GITHUB: LimitHeader[] = [
    { name: 'x-ratelimit-limit', kind: 'limit' },
    { name: 'x-ratelimit-remaining', kind: 'remaining' },
    { name: 'x-ratelimit-reset', kind: 'reset', unit: 'epochSeconds' },
  ];

  it('comes with its reset, which is not a wait', () => {
    const headers = {
      'x-ratelimit-limit': '5000',
      'x-ratelimit-remaining': '4999',
      'x-ratelimit-reset': '1767326645',
    };
    expect(limitSigns(GITHUB, { headers }, NOW)).toEqual({
      limit: 5000,
      remaining: 4999,
      resetsAt: new Date('2026-01-02T04:04:05Z'),
    });
  });

  it('is 0 when it is 0', () => {
    expect(limitSigns(GITHUB, { headers: { 'x-ratelimit-remaining': '0' } }, NOW)).toEqual({
      remaining: 0,
    });
  });

  it('is the narrowest window, reset when the last one is', () => {
    const windows: LimitHeader[] = [
      { name: 'x-ratelimit-remaining-requests', kind: 'remaining' },
      { name: 'x-ratelimit-remaining-tokens', kind: 'remaining' },
      { name: 'x-ratelimit-reset-requests', kind: 'reset', unit: 'duration' },
      { name: 'x-ratelimit-reset-tokens', kind: 'reset', unit: 'duration' },
    ];
    const headers = {
      'x-ratelimit-remaining-requests': '59',
      'x-ratelimit-remaining-tokens': '149984',
      'x-ratelimit-reset-requests': '1s',
      'x-ratelimit-reset-tokens': '6m0s',
    };
    expect(limitSigns(windows, { headers }, NOW)).toEqual({
      remaining: 59,
      resetsAt: new Date('2026-01-02T03:10:05.500Z'),
    });
  });

  it('is unknown of nonsense', () => {
    const headers = { 'x-ratelimit-limit': 'many', 'x-ratelimit-reset': 'soon' };
    expect(limitSigns(GITHUB, { headers }, NOW)).toEqual({});
    expect(limitSigns(GITHUB, { headers: {} }, NOW)).toEqual({});
  });
});
