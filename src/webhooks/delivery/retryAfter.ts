/** A receiver is kept waiting for no longer than this, whatever it asks for: 24 hours, in milliseconds. */
export const RETRY_AFTER_MS_MAX = 24 * 60 * 60 * 1000;

/**
 * How long a `Retry-After` header asks us to wait, in milliseconds, at most `RETRY_AFTER_MS_MAX`; 0 for a date gone by;
 * `undefined` for what is neither whole seconds nor a date. https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
 */
export function retryAfterMs(value: string, now: Date): number | undefined {
  const text = value.trim();
  const waitMs = /^\d+$/.test(text) ? Number(text) * 1000 : sinceEpochMs(text, now) - now.getTime();
  return Number.isNaN(waitMs) ? undefined : Math.min(Math.max(waitMs, 0), RETRY_AFTER_MS_MAX);
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
