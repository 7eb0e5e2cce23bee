/** Whether and when a presented refresh token was used before. */
export type Reuse =
  /** Never. */
  | 'fresh'
  /** Within the grace period: a response was lost, or requests overlapped. The same successor is returned again. */
  | 'again'
  /** Before that: the token may be stolen, and all tokens of its grant end. */
  | 'reused';

/** The longest grace period that an app may set. */
export const GRACE_SECONDS_MAX = 60;
/** The default grace period. */
export const GRACE_SECONDS = 10;

/**
 * Decides how a refresh token was used before. `consumedAt` is the time of the first use. The grace period ends before
 * its last moment, so that 0 seconds means none.
 */
export function decideReuse(
  consumedAt: Date | undefined,
  { graceSeconds, now }: { readonly graceSeconds: number; readonly now: Date },
): Reuse {
  if (!consumedAt) return 'fresh';
  return now.getTime() - consumedAt.getTime() < graceSeconds * 1000 ? 'again' : 'reused';
}
