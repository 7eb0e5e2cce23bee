import { remindersOf } from '../../src/apiKeys/notify/reminder.js';
import type { ApiKeyRow } from '../../src/apiKeys/store.js';

const day = (nth: number) => new Date(Date.UTC(2026, 0, nth));
const row = (given: Partial<ApiKeyRow>) => ({ status: 'active', createdAt: day(1), ...given });
const stagesOf = (given: Partial<ApiKeyRow>, now: Date) =>
  remindersOf(row(given) as ApiKeyRow, { now, rotateAfterDays: 90 }).map(({ stage }) => stage);
const END = day(31);

describe('remindersOf', () => {
  it.each<[string, Partial<ApiKeyRow>, Date, string[]]>([
    ['a key that is young and has no end', {}, day(90), []],
    ['a key that is old', {}, day(91), ['old:2026-01-01T00:00:00.000Z']],
    ['an old key that was rotated', { rotatedAt: day(60) }, day(91), []],
    [
      'one that was rotated long ago',
      { rotatedAt: day(60) },
      day(150),
      ['old:2026-03-01T00:00:00.000Z'],
    ],
    ['one that ends in more than a week', { expiresAt: END }, new Date(+day(24) - 1), []],
    ['one that ends in a week', { expiresAt: END }, day(24), [`expires:7:${END.toISOString()}`]],
    ['one that ends in two days', { expiresAt: END }, day(29), [`expires:7:${END.toISOString()}`]],
    ['one that ends in a day', { expiresAt: END }, day(30), [`expires:1:${END.toISOString()}`]],
    ['one that has ended', { expiresAt: END }, END, []],
    ['one that is revoked', { status: 'revoked' }, day(200), []],
    [
      'one that is old and ends soon',
      { expiresAt: day(100) },
      day(95),
      [`expires:7:${day(100).toISOString()}`, 'old:2026-01-01T00:00:00.000Z'],
    ],
  ])('knows %s', (_what, given, now, stages) => {
    expect(stagesOf(given, now)).toEqual(stages);
  });
});
