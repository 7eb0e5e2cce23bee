/** How a refresh token that is presented was used before. */
export type Reuse =
  /** Not at all. */
  | 'fresh'
  /** Within the grace: a response was lost, or requests overlapped. The same successor is returned again. */
  | 'again'
  /** Earlier than that: the token may be stolen, and all tokens of its grant end. */
  | 'reused';

/** The longest grace that an app may set. */
export const GRACE_SECONDS_MAX = 60;
/** The default grace. */
export const GRACE_SECONDS = 10;

/** `consumedAt` is the time of the first use. The grace ends before its last moment, so that 0 seconds means no grace. */
export function decideReuse(
  consumedAt: Date | undefined,
  { graceSeconds, now }: { readonly graceSeconds: number; readonly now: Date },
): Reuse {
  if (!consumedAt) return 'fresh';
  return now.getTime() - consumedAt.getTime() < graceSeconds * 1000 ? 'again' : 'reused';
}
