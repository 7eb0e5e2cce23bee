import { createTask, parse, type ParsedFields } from 'node-cron';

import { DAY_MS, HOUR_MS, MINUTE_MS } from '../platform/durations.js';
import { scheduleErrors } from './errors.js';

/** No date takes longer to recur: 29 February on a given weekday, across the year 2100. */
const YEARS_MAX = 41;

/**
 * Returns the first time after `after` (never that time itself) that a cron expression names, in UTC, to the second.
 * Expressions are read as node-cron reads them (https://nodecron.com/cron-syntax.html): unlike in cron itself, day of
 * month and day of week must both match. Throws CronInvalid when the expression cannot be parsed or never matches.
 */
export function nextTime(expression: string, after: Date): Date {
  const fields = fieldsOf(expression);
  const times = timesOf(fields);
  const months: ReadonlySet<number> = new Set(fields.month);
  // Never started: node-cron tests whether a time matches, but finds the next one only from the process's own clock.
  const task = createTask(expression, () => undefined, { timezone: 'UTC' });
  try {
    const endYear = after.getUTCFullYear() + YEARS_MAX;
    let day = new Date(Date.UTC(after.getUTCFullYear(), after.getUTCMonth(), after.getUTCDate()));
    while (day.getUTCFullYear() <= endYear) {
      if (!months.has(day.getUTCMonth() + 1)) {
        day = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 1));
        continue;
      }
      // In UTC every day has all its hours, so any of its times shows whether the day matches.
      const time = task.match(firstTimeOn(day, times)) ? timeOn(day, times, after) : undefined;
      if (time) return time;
      day = new Date(day.getTime() + DAY_MS);
    }
  } finally {
    void task.destroy();
  }
  throw scheduleErrors.CronInvalid({ expression, problem: 'it names a date that never comes' });
}

const SECOND_MS = 1000;

interface Times {
  readonly hours: readonly number[];
  readonly minutes: readonly number[];
  readonly seconds: readonly number[];
}

function fieldsOf(expression: string): ParsedFields {
  try {
    return parse(expression);
  } catch (error) {
    throw scheduleErrors.CronInvalid({ expression, problem: (error as Error).message });
  }
}

/** Returns hours, minutes and seconds in ascending order: an expression may count across midnight ("22-2"). */
function timesOf({ hour, minute, second }: ParsedFields): Times {
  const ascending = (values: readonly number[]) => [...values].sort((a, b) => a - b);
  return { hours: ascending(hour), minutes: ascending(minute), seconds: ascending(second) };
}

function firstTimeOn(day: Date, { hours, minutes, seconds }: Times): Date {
  return timeAt(day, hours[0] ?? 0, [minutes[0] ?? 0, seconds[0] ?? 0]);
}

function timeOn(day: Date, { hours, minutes, seconds }: Times, after: Date): Date | undefined {
  for (const hour of hours) {
    if (timeAt(day, hour, [59, 59]) <= after) continue;
    for (const minute of minutes) {
      const second = seconds.find((each) => timeAt(day, hour, [minute, each]) > after);
      if (second !== undefined) return timeAt(day, hour, [minute, second]);
    }
  }
  return undefined;
}

function timeAt(day: Date, hour: number, [minute, second]: readonly [number, number]): Date {
  return new Date(day.getTime() + hour * HOUR_MS + minute * MINUTE_MS + second * SECOND_MS);
}
