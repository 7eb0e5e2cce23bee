import { DAY_MS } from '../durations.js';

/** The maximum wait, whatever the header says: no service means more than a day, only a wrong unit does. */
export const RETRY_AFTER_MS_MAX = DAY_MS;

/** Returns the wait for an error and for `Retry-After`: whole seconds, at least one. */
export function waitSeconds(waitMs: number): number {
  return Math.max(1, Math.ceil(waitMs / 1000));
}

export interface RetryAfterOptions {
  /**
   * Also accepts fractions of seconds and any date with a time of day that JavaScript can read: APIs of services send
   * both.
   */
  readonly isLenient?: boolean;
}

/**
 * Returns the wait that a `Retry-After` header requests, in milliseconds, at most `RETRY_AFTER_MS_MAX`; 0 for a past
 * date; `undefined` for a value that is neither whole seconds nor a date.
 * https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
 */
export function retryAfterMs(
  value: string,
  now: Date,
  { isLenient = false }: RetryAfterOptions = {},
): number | undefined {
  const text = value.trim();
  const isNumber = (isLenient ? /^\d+(?:\.\d+)?$/ : /^\d+$/).test(text);
  if (isNumber) return bounded(Number(text) * 1000);
  const strictMs = sinceEpochMs(text, now);
  const atMs = Number.isNaN(strictMs) && isLenient ? looseDateMs(text) : strictMs;
  return bounded(atMs - now.getTime());
}

function bounded(waitMs: number): number | undefined {
  return Number.isNaN(waitMs) ? undefined : Math.min(Math.max(waitMs, 0), RETRY_AFTER_MS_MAX);
}

/**
 * Reads any date that JavaScript can read. Date.parse finds a date in nearly anything (-1 is one of 2001), so a date
 * must have a time of day.
 */
function looseDateMs(text: string): number {
  return /\d\d:\d\d:\d\d/.test(text) ? Date.parse(text) : NaN;
}

// The three forms of https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7. A wrong day name is ignored: the date says
// the same.
const DAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const DAY_LONG = '(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)';
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const MONTH = `(?<month>${MONTHS.join('|')})`;
const TIME = '(?<hour>[01]\\d|2[0-3]):(?<minute>[0-5]\\d):(?<second>[0-5]\\d|60)';
const FORMS = [
  // IMF-fixdate: Sun, 06 Nov 1994 08:49:37 GMT
  new RegExp(`^${DAY}, (?<day>\\d{2}) ${MONTH} (?<year>\\d{4}) ${TIME} GMT$`),
  // RFC 850: Sunday, 06-Nov-94 08:49:37 GMT
  new RegExp(`^${DAY_LONG}, (?<day>\\d{2})-${MONTH}-(?<year>\\d{2}) ${TIME} GMT$`),
  // asctime: Sun Nov  6 08:49:37 1994
  new RegExp(`^${DAY} ${MONTH} (?<day>\\d{2}| \\d) ${TIME} (?<year>\\d{4})$`),
];

/** Returns NaN when the text is not a date. */
function sinceEpochMs(text: string, now: Date): number {
  for (const form of FORMS) {
    const parts = form.exec(text)?.groups;
    if (parts !== undefined) return dateMs(parts, now);
  }
  return NaN;
}

function dateMs(parts: Readonly<Record<string, string>>, now: Date): number {
  const part = (name: string) => Number(parts[name]);
  const digits = parts['year'] ?? '';
  const year = digits.length === 2 ? fullYear(Number(digits), now) : Number(digits);
  const month = MONTHS.indexOf(parts['month'] ?? '');
  const midnight = new Date(0);
  // Not Date.UTC, which reads years below 100 as of the last century.
  midnight.setUTCFullYear(year, month, part('day'));
  // A day that the month does not have has become a day of another month.
  if (midnight.getUTCDate() !== part('day')) return NaN;
  // Second 60, a leap second, is the first one of the next minute.
  return midnight.getTime() + ((part('hour') * 60 + part('minute')) * 60 + part('second')) * 1000;
}

/**
 * Completes a two-digit year. Two digits that would lie more than 50 years ahead mean the most recent past year that
 * ends in them (RFC 9110).
 */
function fullYear(twoDigits: number, now: Date): number {
  const thisYear = now.getUTCFullYear();
  const yearsAhead = (twoDigits - (thisYear % 100) + 100) % 100;
  return thisYear + (yearsAhead > 50 ? yearsAhead - 100 : yearsAhead);
}
