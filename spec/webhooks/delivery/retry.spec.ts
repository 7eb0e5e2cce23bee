import fc from 'fast-check';
import { z } from 'zod';

import {
  DEFAULT_WAITS_SECONDS,
  retrySetting,
  waitsSeconds,
  withJitter,
} from '../../../src/webhooks/delivery/retry.js';

const DAY = 86_400;

function problems(value: unknown): string[] {
  const issues = retrySetting.safeParse(value).error?.issues ?? [];
  return issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
}

describe('waitsSeconds', () => {
  it('is the schedule of Standard Webhooks by default', () => {
    expect(waitsSeconds(undefined)).toEqual([
      5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400,
    ]);
    const total = DEFAULT_WAITS_SECONDS.reduce((sum, wait) => sum + wait, 0);
    expect(total).toBe((75 * 60 + 35) * 60 + 5);
  });

  const exponential = { backoff: 'exponential', initialSeconds: 10 } as const;
  const linear = { backoff: 'linear', initialSeconds: 100 } as const;
  it.each([
    [{ schedule: [] }, []],
    [{ schedule: [0, 5, 7 * DAY] }, [0, 5, 7 * DAY]],
    [{ attempts: 1, ...exponential }, []],
    [{ attempts: 6, ...exponential }, [10, 20, 40, 80, 160]],
    [{ attempts: 6, ...exponential, maxSeconds: 60 }, [10, 20, 40, 60, 60]],
    [{ attempts: 4, ...exponential, factor: 3 }, [10, 30, 90]],
    [{ attempts: 4, ...exponential, factor: 1.25 }, [10, 13, 16]],
    [{ attempts: 4, ...exponential, factor: 1 }, [10, 10, 10]],
    [{ attempts: 4, ...exponential, initialSeconds: DAY }, [DAY, DAY, DAY]],
    [{ attempts: 3, ...exponential, initialSeconds: 2 * DAY }, [2 * DAY, 2 * DAY]],
    [{ attempts: 5, ...linear }, [100, 200, 300, 400]],
    [{ attempts: 5, ...linear, maxSeconds: 250 }, [100, 200, 250, 250]],
  ])('%j: %j', (setting, expected) => {
    expect(waitsSeconds(retrySetting.parse(setting))).toEqual(expected);
  });

  it('never exceeds the bounds, shrinks or leaves whole seconds, whatever back-off is accepted', () => {
    const setting = fc.record(
      {
        attempts: fc.integer({ min: 1, max: 30 }),
        backoff: fc.constant('exponential' as const),
        initialSeconds: fc.integer({ min: 1, max: 7 * DAY }),
        maxSeconds: fc.integer({ min: 1, max: 7 * DAY }),
        factor: fc.double({ min: 1, max: 10, noNaN: true }),
      },
      { requiredKeys: ['attempts', 'backoff', 'initialSeconds'] },
    );
    fc.assert(
      fc.property(setting, (candidate) => {
        const parsed = retrySetting.safeParse(candidate);
        fc.pre(parsed.success);
        const waits = waitsSeconds(parsed.data);
        expect(waits).toHaveLength(candidate.attempts - 1);
        let last = 0;
        let total = 0;
        for (const wait of waits) {
          expect(Number.isInteger(wait) && wait >= last && wait <= 7 * DAY).toBe(true);
          last = wait;
          total += wait;
        }
        expect(total).toBeLessThanOrEqual(30 * DAY);
      }),
    );
  });
});

describe('retrySetting', () => {
  const either = ': Give either schedule, a list of the seconds';
  const wait = 'Each wait in schedule is a whole number of seconds from 0 to 604800 (7 days).';
  const attempts = 'attempts is a whole number from 1 to 30, the first attempt included.';
  const initial = 'initialSeconds is a whole number of seconds from 1 to 604800 (7 days).';
  const factor = 'factor is a number from 1 to 10.';
  const tooLong = ': The waits add up to more than 30 days';
  const exponential = { attempts: 3, backoff: 'exponential', initialSeconds: 5 };
  const linear = { attempts: 3, backoff: 'linear', initialSeconds: 5 };
  it.each([
    [{}, either],
    [null, either],
    [7, either],
    ['linear', either],
    [[5, 10], either],
    [{ attempts: 3 }, either],
    [{ attempts: 3, backoff: 'quadratic', initialSeconds: 5 }, either],
    [{ schedule: '5' }, 'schedule is a list of seconds.'],
    [{ schedule: ['5'] }, wait],
    [{ schedule: [-1] }, wait],
    [{ schedule: [1.5] }, wait],
    [{ schedule: [7 * DAY + 1] }, wait],
    [{ schedule: [null] }, wait],
    [{ schedule: Array(30).fill(1) }, 'schedule has at most 29 waits.'],
    [{ schedule: [5], attempts: 3 }, 'Unrecognized key: "attempts"'],
    [{ schedule: [5], backoff: 'linear' }, 'Unrecognized key: "backoff"'],
    [{ ...linear, attempts: 0 }, attempts],
    [{ ...linear, attempts: 31 }, attempts],
    [{ ...linear, attempts: '3' }, attempts],
    [{ backoff: 'exponential', initialSeconds: 5 }, attempts],
    [{ ...linear, initialSeconds: 0 }, initial],
    [{ ...linear, initialSeconds: 0.5 }, initial],
    [{ attempts: 3, backoff: 'linear' }, initial],
    [{ ...linear, factor: 2 }, 'Unrecognized key: "factor"'],
    [{ ...exponential, factor: 11 }, factor],
    [{ ...exponential, factor: 0.5 }, factor],
    [{ ...exponential, factor: '2' }, factor],
    [{ ...linear, maxSeconds: 0 }, 'maxSeconds is a whole number of seconds from 1'],
    [{ ...linear, maxSeconds: 4 }, 'maxSeconds: maxSeconds cannot be less than initialSeconds'],
    [{ schedule: [...Array(4).fill(7 * DAY), 2 * DAY + 1] }, tooLong],
    [{ ...exponential, attempts: 30, initialSeconds: 2 * DAY, factor: 1 }, tooLong],
  ])('refuses %j with one message', (setting, sentence) => {
    expect(problems(setting)).toEqual([expect.stringContaining(sentence)]);
  });

  it('accepts exactly 30 days, and 30 attempts', () => {
    expect(problems({ schedule: [...Array(4).fill(7 * DAY), 2 * DAY] })).toEqual([]);
    expect(problems({ schedule: Array(29).fill(1) })).toEqual([]);
    expect(problems({ attempts: 30, backoff: 'exponential', initialSeconds: 1 })).toEqual([]);
  });

  it('does not compute with numbers it refuses', () => {
    const setting = { attempts: 1e9, backoff: 'linear', initialSeconds: 1 };
    expect(problems(setting)).toEqual([expect.stringContaining('attempts is a whole number')]);
  });

  it('can be documented as JSON Schema', () => {
    expect(z.toJSONSchema(retrySetting)).toMatchObject({
      anyOf: [
        { properties: { schedule: { maxItems: 29, items: { type: 'integer', maximum: 604800 } } } },
        { properties: { backoff: { const: 'exponential' }, initialSeconds: { minimum: 1 } } },
        { properties: { backoff: { const: 'linear' }, attempts: { maximum: 30 } } },
      ],
    });
  });
});

describe('withJitter', () => {
  it.each([
    [5000, 0, 4000],
    [5000, 0.5, 5000],
    [5000, 1 - Number.EPSILON, 6000],
    [86_400_000, 0.25, 77_760_000],
    [0, 0.9, 0],
  ])('%d ms with %d: %d ms', (waitMs, random, expected) => {
    expect(withJitter(waitMs, random)).toBe(expected);
  });
});
