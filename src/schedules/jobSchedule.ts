import { z } from 'zod';

import { DAY_MS, MINUTE_MS } from '../platform/durations.js';

/**
 * A row of Parse's class `_JobSchedule`, as Dashboard's page "Scheduled Jobs" writes it. All times are UTC. The fields
 * have the meaning that parse.com gave them, as other executors read them:
 * https://github.com/AmpMe/parse-server-job-runner/blob/master/lib/JobSchedule.js
 */
export interface JobSchedule {
  readonly id: string;
  readonly jobName: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Without `repeat`, the one time at which the job runs. With it, the job does not run before this time. */
  readonly startAfter: Date;
  readonly repeat?: Repeat | undefined;
  /** When it was last started, to the second. */
  readonly lastRun?: Date | undefined;
  readonly createdAt: Date;
}

/** On each chosen day from `timeOfDayMs` on, every `everyMinutes` until midnight. */
interface Repeat {
  /** At most a day, which is what Dashboard calls daily. */
  readonly everyMinutes: number;
  readonly timeOfDayMs: number;
  /** Seven flags, Sunday first. */
  readonly daysOfWeek: readonly boolean[];
}

const EVERY_DAY = [true, true, true, true, true, true, true];

const timeOfDay = z
  .string()
  .regex(
    /^([01]?\d|2[0-3]):[0-5]?\d(:[0-5]\d(\.\d{1,3})?)?Z?$/,
    'timeOfDay must be a time such as 09:30:00.000Z',
  )
  .transform((text) => {
    const [hours, minutes, seconds = 0] = text.replace('Z', '').split(':').map(Number);
    return Math.round(((hours ?? 0) * 60 + (minutes ?? 0)) * MINUTE_MS + seconds * 1000);
  });

const daysOfWeek = z
  .array(z.unknown(), 'daysOfWeek must be a list')
  .length(7, 'daysOfWeek must have seven entries')
  // Dashboard writes 1; parse.com wrote "1".
  .transform((days) => days.map((day) => ['1', 'true'].includes(String(day))));

const params = z.string('params must be text').transform((text, context) => {
  const value = text.trim() === '' ? {} : jsonOf(text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  context.addIssue('params must be a JSON object');
  return z.NEVER;
});

const row = z.object({
  objectId: z.string(),
  jobName: z.string('jobName is missing').min(1, 'jobName is empty'),
  params: params.nullish(),
  startAfter: z
    .string('startAfter is missing')
    .refine((text) => !Number.isNaN(Date.parse(text)), 'startAfter must be a date')
    .transform((text) => new Date(text)),
  repeatMinutes: z
    .number('repeatMinutes must be a number')
    .refine(
      (minutes) => minutes === 0 || (minutes >= 1 && minutes <= 1440),
      'repeatMinutes must be 1 to 1440, or 0 for once',
    )
    .nullish(),
  timeOfDay: timeOfDay.nullish(),
  daysOfWeek: daysOfWeek.nullish(),
  lastRun: z
    .number('lastRun must be a number')
    .transform((seconds) => new Date(seconds * 1000))
    .nullish(),
  createdAt: z.date(),
});

/** Returns the schedule of a row, or a sentence that says what is wrong with the row. */
export function readJobSchedule(
  given: Readonly<Record<string, unknown>>,
): { readonly schedule: JobSchedule } | { readonly problem: string } {
  const parsed = row.safeParse(given);
  if (!parsed.success) {
    return { problem: parsed.error.issues.map(({ message }) => message).join('; ') };
  }
  const { data } = parsed;
  const schedule = {
    id: data.objectId,
    jobName: data.jobName,
    params: data.params ?? {},
    startAfter: data.startAfter,
    repeat: data.repeatMinutes
      ? {
          everyMinutes: data.repeatMinutes,
          timeOfDayMs: data.timeOfDay ?? 0,
          daysOfWeek: data.daysOfWeek ?? EVERY_DAY,
        }
      : undefined,
    lastRun: data.lastRun ?? undefined,
    createdAt: data.createdAt,
  };
  return { schedule };
}

/** Returns the first time after `after` (never that time itself); `undefined` when there is none. */
export function nextRun(
  { startAfter, repeat }: Pick<JobSchedule, 'startAfter' | 'repeat'>,
  after: Date,
): Date | undefined {
  if (!repeat) return startAfter > after ? startAfter : undefined;
  const earliestMs = Math.max(startAfter.getTime(), after.getTime() + 1);
  const everyMs = repeat.everyMinutes * MINUTE_MS;
  const firstDayMs = Math.floor(earliestMs / DAY_MS) * DAY_MS;
  // The day of `earliestMs` may be over, so the same weekday is looked at twice.
  for (let days = 0; days <= 7; days += 1) {
    const dayMs = firstDayMs + days * DAY_MS;
    if (repeat.daysOfWeek[new Date(dayMs).getUTCDay()] !== true) continue;
    const startMs = dayMs + repeat.timeOfDayMs;
    const rounds = Math.max(0, Math.ceil((earliestMs - startMs) / everyMs));
    const timeMs = startMs + rounds * everyMs;
    if (timeMs < dayMs + DAY_MS) return new Date(timeMs);
  }
  return undefined;
}

/** Returns a text that is equal for equal timings. A schedule whose timing was changed starts anew. */
export function timingOf({ startAfter, repeat }: JobSchedule): string {
  return JSON.stringify([startAfter, repeat]);
}

/**
 * Returns up to when a new schedule counts as done. Times of the last day that were missed are made up, older ones are
 * not: rows that were never executed must not all run on the day the hub is installed.
 */
export function doneAtFirstSight({ repeat, lastRun, createdAt }: JobSchedule, now: Date): Date {
  const dayAgoMs = now.getTime() - DAY_MS;
  const ranMs = lastRun?.getTime() ?? -Infinity;
  if (!repeat) return new Date(Math.max(dayAgoMs, ranMs));
  // Rows are stamped by the clock of some process, which may be ahead.
  return new Date(Math.min(now.getTime(), Math.max(dayAgoMs, ranMs, createdAt.getTime())));
}

/** Returns up to when a schedule counts as done after its timing changed. A single time in the past runs at once. */
export function doneAtChange({ repeat, startAfter }: JobSchedule, now: Date): Date {
  return repeat ? now : new Date(startAfter.getTime() - 1);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
