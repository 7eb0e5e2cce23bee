/** How often a request is sent, and how long to wait between two attempts. */
export interface RetryPolicy {
  /** Requests in all. */
  readonly attempts: number;
  readonly backoff: 'exponential' | 'linear' | 'fixed';
  readonly baseMs: number;
  readonly maxMs: number;
}

/**
 * Returns the wait after an attempt, in milliseconds; `undefined`: there is no further attempt. Attempts are numbered
 * from 1. A longer `Retry-After` of the service replaces the wait, and ends the attempts when it exceeds `maxMs`.
 * `random`, from 0 to below 1, varies up to half of the wait, so that calls that failed together are not repeated
 * together.
 */
export function waitAfter(
  { attempts, backoff, baseMs, maxMs }: RetryPolicy,
  {
    attempt,
    retryAfterMs = 0,
    random,
  }: {
    readonly attempt: number;
    readonly retryAfterMs?: number | undefined;
    readonly random: number;
  },
): number | undefined {
  if (attempt >= attempts || retryAfterMs > maxMs) return undefined;
  const factor =
    backoff === 'exponential' ? 2 ** (attempt - 1) : backoff === 'linear' ? attempt : 1;
  const ownMs = Math.min(baseMs * factor, maxMs);
  return Math.round(Math.max(ownMs * (0.5 + random / 2), retryAfterMs));
}
