import type { LimitHeader, ProviderResponse, TimeUnit } from '../../contract/index.js';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../platform/durations.js';
import { RETRY_AFTER_MS_MAX, retryAfterMs } from '../../platform/http/retryAfter.js';

/** The rate limit signs in a response. */
export interface LimitSigns {
  /** How long to send nothing, in milliseconds: the longest wait that any header requests. */
  readonly waitMs?: number;
  readonly limit?: number;
  readonly remaining?: number;
  /** When `remaining` is full again. */
  readonly resetsAt?: Date;
}

/** Any service may send this header. https://www.rfc-editor.org/rfc/rfc9110#field.retry-after */
const RETRY_AFTER = { name: 'retry-after', kind: 'wait', unit: 'retryAfter' } as const;

export function limitSigns(
  headers: readonly LimitHeader[],
  response: Pick<ProviderResponse, 'headers'>,
  now: Date,
): LimitSigns {
  const waits: number[] = [];
  const resets: number[] = [];
  const counts: { limit?: number; remaining?: number } = {};
  const hasRetryAfter = headers.some(({ name }) => name.toLowerCase() === RETRY_AFTER.name);
  for (const header of hasRetryAfter ? headers : [...headers, RETRY_AFTER]) {
    const text = response.headers[header.name.toLowerCase()]?.trim();
    if (text === undefined || text === '') continue;
    if (!('unit' in header)) {
      const count = Number(text);
      // Where several windows apply, the narrowest counts.
      if (Number.isFinite(count))
        counts[header.kind] = Math.min(counts[header.kind] ?? count, count);
      continue;
    }
    const ms = msUntil(text, header.unit, now);
    if (ms !== undefined) (header.kind === 'wait' ? waits : resets).push(ms);
  }
  return {
    ...counts,
    ...(waits.length > 0 && { waitMs: Math.max(...waits) }),
    ...(resets.length > 0 && { resetsAt: new Date(now.getTime() + Math.max(...resets)) }),
  };
}

/** Returns the wait from now, at least 0 and at most a day; `undefined` when the text cannot be read. */
function msUntil(text: string, unit: TimeUnit, now: Date): number | undefined {
  const ms = rawMs(text, unit, now);
  return ms === undefined || Number.isNaN(ms)
    ? undefined
    : Math.min(Math.max(ms, 0), RETRY_AFTER_MS_MAX);
}

function rawMs(text: string, unit: TimeUnit, now: Date): number | undefined {
  const isNumber = /^\d+(?:\.\d+)?$/.test(text);
  switch (unit) {
    case 'seconds':
      return isNumber ? Number(text) * 1000 : undefined;
    case 'milliseconds':
      return isNumber ? Number(text) : undefined;
    case 'epochSeconds':
      return isNumber ? Number(text) * 1000 - now.getTime() : undefined;
    case 'epochMilliseconds':
      return isNumber ? Number(text) - now.getTime() : undefined;
    case 'httpDate':
      return isNumber ? undefined : retryAfterMs(text, now, { isLenient: true });
    case 'retryAfter':
      return retryAfterMs(text, now, { isLenient: true });
    case 'duration':
      return durationMs(text);
  }
}

const MS_PER: Readonly<Record<string, number>> = {
  d: DAY_MS,
  h: HOUR_MS,
  m: MINUTE_MS,
  s: 1000,
  ms: 1,
  us: 1e-3,
  µs: 1e-3,
  ns: 1e-6,
};

/**
 * Reads a duration as Go prints it, which is what services send: https://pkg.go.dev/time#ParseDuration; also with days.
 */
function durationMs(text: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:ms|us|µs|ns|[dhms]))+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/([\d.]+)(\D+)/g)];
  return parts.reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * (MS_PER[unit ?? ''] ?? 0),
    0,
  );
}
