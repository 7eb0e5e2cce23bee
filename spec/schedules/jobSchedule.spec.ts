import {
  doneAtChange,
  doneAtFirstSight,
  type JobSchedule,
  nextRun,
  readJobSchedule,
  timingOf,
} from '../../src/schedules/jobSchedule.js';

/** A row as Dashboard 9.2 writes it and Parse Server stores it. */
const ROW = {
  objectId: 'aB3',
  jobName: 'tidy',
  description: 'Tidies',
  params: '{"rooms":2}',
  startAfter: '2026-03-01T10:00:00.000Z',
  daysOfWeek: [1, 1, 1, 1, 1, 1, 1],
  createdAt: new Date('2026-03-01T10:00:01Z'),
};

function read(fields: object = {}): JobSchedule {
  const parsed = readJobSchedule({ ...ROW, ...fields });
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed.schedule;
}

describe('readJobSchedule', () => {
  it('reads what Dashboard writes for a job that runs once', () => {
    expect(read()).toEqual({
      id: 'aB3',
      jobName: 'tidy',
      params: { rooms: 2 },
      startAfter: new Date('2026-03-01T10:00:00Z'),
      repeat: undefined,
      lastRun: undefined,
      createdAt: ROW.createdAt,
    });
  });

  it('reads what Dashboard writes for a job that repeats', () => {
    const schedule = read({
      repeatMinutes: 90,
      timeOfDay: '09:05:00.000Z',
      lastRun: 1_772_359_200,
    });
    expect(schedule.repeat).toEqual({
      everyMinutes: 90,
      timeOfDayMs: (9 * 60 + 5) * 60_000,
      daysOfWeek: [true, true, true, true, true, true, true],
    });
    expect(schedule.lastRun).toEqual(new Date('2026-03-01T10:00:00Z'));
  });

  it.each([
    ['00:00:28.417Z', 28_417],
    ['9:5:00.000Z', (9 * 60 + 5) * 60_000],
    ['23:59', (23 * 60 + 59) * 60_000],
  ])('time of day %s', (text, expected) => {
    expect(read({ repeatMinutes: 1, timeOfDay: text }).repeat?.timeOfDayMs).toBe(expected);
  });

  it('reads the days that parse.com wrote as text, and every day by default', () => {
    const chosen = read({ repeatMinutes: 1, daysOfWeek: ['0', '1', '0', 0, 1, 0, 0] });
    expect(chosen.repeat?.daysOfWeek).toEqual([false, true, false, false, true, false, false]);
    expect(read({ repeatMinutes: 1, daysOfWeek: null }).repeat?.daysOfWeek).not.toContain(false);
  });

  it.each([[''], ['{}'], [undefined], [null]])('reads the parameters %j as none', (params) => {
    expect(read({ params }).params).toEqual({});
  });

  const BAD_MINUTES = 'repeatMinutes must be 1 to 1440, or 0 for once';
  it.each([
    [{ params: '{"rooms":' }, 'params must be a JSON object'],
    [{ params: '[1]' }, 'params must be a JSON object'],
    [{ params: 'null' }, 'params must be a JSON object'],
    [{ params: { rooms: 2 } }, 'params must be text'],
    [{ startAfter: 'tomorrow' }, 'startAfter must be a date'],
    [{ startAfter: undefined }, 'startAfter is missing'],
    [{ jobName: '' }, 'jobName is empty'],
    [{ jobName: undefined }, 'jobName is missing'],
    [{ repeatMinutes: -5 }, BAD_MINUTES],
    [{ repeatMinutes: 0.01 }, BAD_MINUTES],
    [{ repeatMinutes: 1441 }, BAD_MINUTES],
    [{ repeatMinutes: 5, timeOfDay: '25:00' }, 'timeOfDay must be a time such as 09:30:00.000Z'],
    [{ repeatMinutes: 5, daysOfWeek: [1, 1] }, 'daysOfWeek must have seven entries'],
    [{ params: '7', jobName: '' }, 'jobName is empty; params must be a JSON object'],
  ])('%j: %s', (fields, problem) => {
    expect(readJobSchedule({ ...ROW, ...fields })).toEqual({ problem });
  });
});

describe('nextRun', () => {
  const once = {};
  const daily = { repeatMinutes: 1440, timeOfDay: '12:00:00.000Z' };
  const often = { repeatMinutes: 90, timeOfDay: '09:00:00.000Z' };
  const sundays = { ...daily, daysOfWeek: [1, 0, 0, 0, 0, 0, 0] };
  const start = (time: string) => ({ startAfter: `2026-03-01T${time}.000Z` });

  // 1 March 2026 is a Sunday.
  it.each<[string, object, string, string | undefined]>([
    ['once, ahead', once, '2026-03-01T09:59:59.999Z', '2026-03-01T10:00:00.000Z'],
    ['once, at that time', once, '2026-03-01T10:00:00.000Z', undefined],
    ['daily, before its start', daily, '2025-01-01T00:00:00Z', '2026-03-01T12:00:00.000Z'],
    ['daily, in between', daily, '2026-03-05T11:59:59.999Z', '2026-03-05T12:00:00.000Z'],
    ['daily, at the time', daily, '2026-03-05T12:00:00.000Z', '2026-03-06T12:00:00.000Z'],
    [
      'daily, started after the time of day',
      { ...daily, ...start('12:00:01') },
      '2026-03-01T00:00:00Z',
      '2026-03-02T12:00:00.000Z',
    ],
    [
      'daily, started exactly at the time',
      { ...daily, ...start('12:00:00') },
      '2026-03-01T00:00:00Z',
      '2026-03-01T12:00:00.000Z',
    ],
    ['often, the second round', often, '2026-03-02T09:00:00Z', '2026-03-02T10:30:00.000Z'],
    ['often, the last round', often, '2026-03-02T21:00:00Z', '2026-03-02T22:30:00.000Z'],
    ['often, again each day', often, '2026-03-02T22:30:00Z', '2026-03-03T09:00:00.000Z'],
    ['often, from its start on', often, '2026-02-01T00:00:00Z', '2026-03-01T10:30:00.000Z'],
    [
      'every minute, over midnight',
      { repeatMinutes: 1, timeOfDay: '00:00:30.000Z' },
      '2026-03-02T23:59:30Z',
      '2026-03-03T00:00:30.000Z',
    ],
    ['Sundays, today', sundays, '2026-03-01T11:00:00Z', '2026-03-01T12:00:00.000Z'],
    ['Sundays, in a week', sundays, '2026-03-01T12:00:00Z', '2026-03-08T12:00:00.000Z'],
    [
      'no day at all',
      { ...daily, daysOfWeek: [0, 0, 0, 0, 0, 0, 0] },
      '2026-03-01T00:00:00Z',
      undefined,
    ],
    [
      'on 29 February',
      { ...daily, startAfter: '2028-02-28T13:00:00Z' },
      '2028-02-28T13:00:00Z',
      '2028-02-29T12:00:00.000Z',
    ],
  ])('%s', (_case, fields, after, expected) => {
    expect(nextRun(read(fields), new Date(after))?.toISOString()).toBe(expected);
  });
});

describe('the time up to which a schedule counts as done', () => {
  const now = new Date('2026-03-10T15:00:00Z');
  const hoursAgo = (hours: number) => new Date(now.getTime() - hours * 3_600_000);
  const seconds = (date: Date) => date.getTime() / 1000;
  const daily = { repeatMinutes: 1440, timeOfDay: '12:00:00.000Z' };

  it.each<[string, object, Date]>([
    ['once: a day back', {}, hoursAgo(24)],
    ['once, has run: the last run', { lastRun: seconds(hoursAgo(3)) }, hoursAgo(3)],
    ['repeated, old: a day back', daily, hoursAgo(24)],
    ['repeated, has run: the last run', { ...daily, lastRun: seconds(hoursAgo(3)) }, hoursAgo(3)],
    ['repeated, new: its creation', { ...daily, createdAt: hoursAgo(1) }, hoursAgo(1)],
    ['repeated, created by a clock that is ahead: now', { ...daily, createdAt: hoursAgo(-1) }, now],
  ])('at first sight, %s', (_case, fields, expected) => {
    expect(doneAtFirstSight(read(fields), now)).toEqual(expected);
  });

  it('after a change, includes a past single run, and no past run of a repeated schedule', () => {
    const once = read({ startAfter: hoursAgo(50).toISOString() });
    expect(nextRun(once, doneAtChange(once, now))).toEqual(hoursAgo(50));
    expect(doneAtChange(read(daily), now)).toEqual(now);
  });
});

describe('timingOf', () => {
  it.each<[string, object, boolean]>([
    ['parameters', { params: '{}' }, false],
    ['job', { jobName: 'other' }, false],
    ['last run', { lastRun: 1 }, false],
    ['start', { startAfter: '2026-03-01T10:00:00.001Z' }, true],
    ['repetition', { repeatMinutes: 5 }, true],
  ])('%s', (_what, fields, isOther) => {
    expect(timingOf(read(fields)) !== timingOf(read())).toBe(isOther);
  });
});
