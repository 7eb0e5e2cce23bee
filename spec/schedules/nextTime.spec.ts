import fc from 'fast-check';
import { createTask, getTasks } from 'node-cron';

import { nextTime } from '../../src/schedules/nextTime.js';

const next = (expression: string, after: string) =>
  nextTime(expression, new Date(after)).toISOString();

describe('nextTime', () => {
  it.each([
    // every minute, but never the given time itself
    ['* * * * *', '2026-03-01T10:00:00Z', '2026-03-01T10:01:00.000Z'],
    ['* * * * *', '2026-03-01T10:00:00.001Z', '2026-03-01T10:01:00.000Z'],
    ['* * * * *', '2026-03-01T09:59:59.999Z', '2026-03-01T10:00:00.000Z'],
    // a step, a list, a range that runs over midnight
    ['*/15 * * * *', '2026-03-01T10:16:00Z', '2026-03-01T10:30:00.000Z'],
    ['5,35 9-10 * * *', '2026-03-01T10:35:00Z', '2026-03-02T09:05:00.000Z'],
    ['0 22-2 * * *', '2026-03-01T00:00:00Z', '2026-03-01T01:00:00.000Z'],
    ['0 22-2 * * *', '2026-03-01T02:00:00Z', '2026-03-01T22:00:00.000Z'],
    // the end of a day, a month, a year
    ['17 3 * * *', '2026-03-01T03:17:00Z', '2026-03-02T03:17:00.000Z'],
    ['0 0 1 * *', '2026-01-31T12:00:00Z', '2026-02-01T00:00:00.000Z'],
    ['59 23 31 12 *', '2026-12-31T23:59:00Z', '2027-12-31T23:59:00.000Z'],
    // with six fields, seconds come first
    ['30 * * * * *', '2026-03-01T10:00:29Z', '2026-03-01T10:00:30.000Z'],
    ['30 * * * * *', '2026-03-01T10:00:30Z', '2026-03-01T10:01:30.000Z'],
    ['*/20 59 23 * * *', '2026-03-01T23:59:40Z', '2026-03-02T23:59:00.000Z'],
    // leap days, also across the century that has none
    ['0 12 29 2 *', '2026-03-01T00:00:00Z', '2028-02-29T12:00:00.000Z'],
    ['0 12 29 2 *', '2096-02-29T12:00:00Z', '2104-02-29T12:00:00.000Z'],
    ['0 12 29 2 1', '2072-02-29T12:00:00Z', '2112-02-29T12:00:00.000Z'],
    // days by name, by number (7 is Sunday), by their position in the month
    ['0 8 * * mon-fri', '2026-03-06T08:00:00Z', '2026-03-09T08:00:00.000Z'],
    ['0 8 * * 7', '2026-03-02T00:00:00Z', '2026-03-08T08:00:00.000Z'],
    ['0 8 * * 1#2', '2026-03-02T00:00:00Z', '2026-03-09T08:00:00.000Z'],
    ['0 8 L * *', '2026-02-01T00:00:00Z', '2026-02-28T08:00:00.000Z'],
    ['0 8 15W * *', '2026-02-01T00:00:00Z', '2026-02-16T08:00:00.000Z'],
    // day of month and day of week must both fit: the next Friday the 13th
    ['0 0 13 * 5', '2026-03-14T00:00:00Z', '2026-11-13T00:00:00.000Z'],
    ['@daily', '2026-03-01T10:00:00Z', '2026-03-02T00:00:00.000Z'],
    // UTC has no daylight saving time: the hour that Berlin skips and the hour that it repeats occur once each
    ['30 2 * * *', '2026-03-29T00:00:00Z', '2026-03-29T02:30:00.000Z'],
    ['30 2 * * *', '2026-10-25T02:30:00Z', '2026-10-26T02:30:00.000Z'],
  ])('%s after %s is %s', (expression, after, expected) => {
    expect(next(expression, after)).toBe(expected);
  });

  it.each([
    ['0 0 31 2 *', '31 2 is an impossible day of month'],
    ['0 0 L-30 2 *', 'never comes'],
    ['0 0 31 * 1#1', 'never comes'],
    ['61 * * * *', '61 is a invalid expression for minute'],
    ['* * *', 'expected 5 or 6 fields but got 3'],
    ['0 0 * * someday', 'week day'],
    ['', 'illegal characters'],
  ])('%j is refused: %s', (expression, problem) => {
    expect(() => nextTime(expression, new Date('2026-03-01T00:00:00Z'))).toThrow(
      expect.objectContaining({
        name: 'CronInvalid',
        message: expect.stringMatching(
          new RegExp(`^The cron expression "${escape(expression)}" .*${problem}`),
        ),
      }),
    );
  });

  it('returns times that node-cron matches, and skips none', () => {
    const field = (min: number, max: number) =>
      fc.oneof(
        fc.constant('*'),
        fc.integer({ min, max }).map(String),
        fc.integer({ min: 2, max: 9 }).map((step) => `*/${String(step)}`),
      );
    const expressions = fc
      .tuple(field(0, 59), field(0, 23), field(1, 28), field(1, 12), field(0, 6))
      .map((fields) => fields.join(' '));
    const afters = fc.date({
      min: new Date('2026-01-01T00:00:00Z'),
      max: new Date('2035-01-01T00:00:00Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(expressions, afters, fc.double({ min: 0, max: 1, noNaN: true }), (...given) => {
        const [expression, after, fraction] = given;
        const task = createTask(expression, () => undefined, { timezone: 'UTC' });
        const found = nextTime(expression, after);
        expect(task.match(found)).toBe(true);
        expect(found.getTime()).toBeGreaterThan(after.getTime());
        // No whole minute in between matches.
        const minutes = Math.floor((found.getTime() - 1 - after.getTime()) / 60_000);
        const between = found.getTime() - 60_000 * Math.ceil(minutes * fraction);
        if (between < found.getTime() && between > after.getTime()) {
          expect(task.match(new Date(between))).toBe(false);
        }
        void task.destroy();
      }),
    );
  });

  it('leaves nothing behind in node-cron', () => {
    next('* * * * *', '2026-03-01T10:00:00Z');
    expect(getTasks().size).toBe(0);
  });
});

function escape(text: string): string {
  return text.replace(/[*]/g, '\\*');
}
