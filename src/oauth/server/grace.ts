/** What to make of a refresh token that comes. */
export type Reuse =
  /** It was not used before. */
  | 'fresh'
  /** It was used a moment ago: an answer was lost, or several asked at once. The same successor is given again. */
  | 'again'
  /** Somebody has what he should not have: the whole family ends. */
  | 'reused';

/** The most that an app may set. */
export const GRACE_SECONDS_MAX = 60;
export const GRACE_SECONDS = 10;

/** `consumedAt` is when it was used first; the end of the grace is outside of it, so that 0 seconds is no grace. */
export function decideReuse(
  consumedAt: Date | undefined,
  { graceSeconds, now }: { readonly graceSeconds: number; readonly now: Date },
): Reuse {
  if (!consumedAt) return 'fresh';
  return now.getTime() - consumedAt.getTime() < graceSeconds * 1000 ? 'again' : 'reused';
}
