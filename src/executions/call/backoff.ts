/** How long to wait before sending the same once more. */
export interface RetryPolicy {
  /** Requests in all. */
  readonly attempts: number;
  readonly backoff: 'exponential' | 'linear' | 'fixed';
  readonly baseMs: number;
  readonly maxMs: number;
}

/**
 * The wait after the attempt of that number, from 1; `undefined`: no more. What the service asks for counts if it is longer,
 * and ends it if it is longer than a caller waits. `random` is from 0 to below 1: up to half of a wait is left to chance,
 * so that those who failed together do not come back together.
 */
export function waitAfter(
  { attempts, backoff, baseMs, maxMs }: RetryPolicy,
  {
    attempt,
    retryAfterMs: askedMs = 0,
    random,
  }: {
    readonly attempt: number;
    readonly retryAfterMs?: number | undefined;
    readonly random: number;
  },
): number | undefined {
  if (attempt >= attempts || askedMs > maxMs) return undefined;
  const factor =
    backoff === 'exponential' ? 2 ** (attempt - 1) : backoff === 'linear' ? attempt : 1;
  const ownMs = Math.min(baseMs * factor, maxMs);
  return Math.round(Math.max(ownMs * (0.5 + random / 2), askedMs));
}
