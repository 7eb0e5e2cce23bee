import {
  type KeyLimits,
  keyLimitStatusOf,
  type KeyMeterState,
  passCalls,
} from '../../src/apiKeys/verify/limits.js';
import { addTallies, OTHER_FUNCTIONS, startOfDay } from '../../src/apiKeys/verify/usage.js';

describe('passCalls', () => {
  const limits: KeyLimits = {
    rules: [
      { strategy: 'fixedWindow', calls: 3, perSeconds: 10 },
      { strategy: 'slidingWindow', calls: 4, perSeconds: 60 },
    ],
    monthlyCalls: 5,
  };
  const nowMs = Date.UTC(2026, 0, 31, 23, 59, 0);
  const at = (counts: KeyMeterState, calls: number, ms = nowMs) =>
    passCalls(counts, limits, { calls, nowMs: ms });

  it('allows calls within all limits, and names the limit that is reached', () => {
    const first = at({}, 3);
    expect(first.refused).toBeUndefined();
    expect(at(first.counts, 1).refused).toEqual({
      description: '3 calls in 10 seconds',
      retryAtMs: nowMs + 10_000,
    });
    const second = at(first.counts, 1, nowMs + 10_000);
    expect(second.refused).toBeUndefined();
    expect(at(second.counts, 1, nowMs + 20_000).refused?.description).toBe('4 calls in 60 seconds');
  });

  it('counts all of several calls or none', () => {
    const refused = at({}, 4);
    expect(refused.refused).toBeDefined();
    expect(refused.counts).toEqual({});
  });

  it('resets a quota with the month', () => {
    const rules: KeyLimits = { rules: [], monthlyCalls: 5 };
    const used = passCalls({}, rules, { calls: 5, nowMs });
    const more = passCalls(used.counts, rules, { calls: 1, nowMs });
    expect(more.refused).toEqual({ description: '5 calls a month', retryAtMs: Date.UTC(2026, 1) });
    const later = Date.UTC(2026, 1);
    expect(passCalls(used.counts, rules, { calls: 5, nowMs: later }).refused).toBeUndefined();
  });

  it('returns the remaining calls', () => {
    const left = keyLimitStatusOf(at({}, 2).counts, limits, nowMs);
    expect(left.map(({ description, remaining }) => [description, remaining])).toEqual([
      ['3 calls in 10 seconds', 1],
      ['4 calls in 60 seconds', 2],
      ['5 calls a month', 3],
    ]);
  });
});

describe('usage', () => {
  it('is summed by function', () => {
    const one = { a: { calls: 1, limited: 2 } };
    const other = { a: { calls: 3, limited: 0 }, ['__proto__']: { calls: 1, limited: 0 } };
    expect(Object.entries(addTallies(one, other))).toEqual([
      ['a', { calls: 4, limited: 2 }],
      ['__proto__', { calls: 1, limited: 0 }],
    ]);
  });

  it('counts a maximum of functions separately and sums up the others', () => {
    const many = Object.fromEntries(
      Array.from({ length: 300 }, (_, nth) => [`f${String(nth)}`, { calls: 1, limited: 0 }]),
    );
    const sums = addTallies({}, many);
    expect(Object.keys(sums)).toHaveLength(201);
    expect(sums[OTHER_FUNCTIONS]).toEqual({ calls: 100, limited: 0 });
  });

  it('uses UTC days', () => {
    expect(startOfDay(new Date('2026-03-01T23:59:59.999Z'))).toEqual(new Date('2026-03-01'));
  });
});
