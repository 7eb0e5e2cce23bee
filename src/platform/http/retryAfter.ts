import { DAY_MS } from '../durations.js';

/** Nobody is kept waiting for longer, whatever is asked for: no service means more than a day, a wrong unit does. */
export const RETRY_AFTER_MS_MAX = DAY_MS;

/** The wait as an error and `Retry-After` say it: whole seconds, at least one. */
export function waitSeconds(waitMs: number): number {
  return Math.max(1, Math.ceil(waitMs / 1000));
}

export interface RetryAfterOptions {
  /**
   * Takes fractions of seconds as well, and any date with a time of day that JavaScript reads: APIs of services send both.
   */
  readonly isLenient?: boolean;
}

/**
 * How long a `Retry-After` header asks us to wait, in milliseconds, at most `RETRY_AFTER_MS_MAX`; 0 for a date gone by;
 * `undefined` for what is neither whole seconds nor a date. https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
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

/** Date.parse finds a date in nearly anything: -1 is one of 2001. A date that says until when has a time of day. */
function looseDateMs(text: string): number {
  return /\d\d:\d\d:\d\d/.test(text) ? Date.parse(text) : NaN;
}

// The three forms of https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7. A wrong name of the day is forgiven: it says
// nothing that the date does not say.
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

/** NaN for what is no date. */
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
  // A day that the month does not have has become one of another month.
  if (midnight.getUTCDate() !== part('day')) return NaN;
  // Second 60, a leap second, is the first one of the next minute.
  return midnight.getTime() + ((part('hour') * 60 + part('minute')) * 60 + part('second')) * 1000;
}

/** Two digits that would lie more than 50 years ahead mean the most recent past year that ends in them (RFC 9110). */
function fullYear(twoDigits: number, now: Date): number {
  const thisYear = now.getUTCFullYear();
  const yearsAhead = (twoDigits - (thisYear % 100) + 100) % 100;
  return thisYear + (yearsAhead > 50 ? yearsAhead - 100 : yearsAhead);
}
