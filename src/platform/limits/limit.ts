/**
 * A number of calls in a period.
 * - `fixedWindow`: counted from the whole multiple of `perSeconds` since 1970; at an edge up to twice as many may pass.
 * - `slidingWindow`: the previous window counts by the share of it that lies in the last `perSeconds`, so that
 *   no more pass at an edge.
 * - `tokenBucket`: `burst` may come at once (default `calls`); they refill evenly, `calls` in each `perSeconds`.
 * - `calendarMonth`: counted from the first of the month, UTC, as quotas are.
 */
export type Limit =
  | {
      readonly strategy: 'fixedWindow' | 'slidingWindow';
      readonly calls: number;
      readonly perSeconds: number;
    }
  | TokenBucket
  | { readonly strategy: 'calendarMonth'; readonly calls: number };

interface TokenBucket {
  readonly strategy: 'tokenBucket';
  readonly calls: number;
  readonly perSeconds: number;
  readonly burst?: number | undefined;
}
type WindowLimit = Exclude<Limit, TokenBucket>;

/**
 * The stored state of a limit: windows as [start, count, count of the previous window], a bucket as [time, level].
 * Times in milliseconds since 1970.
 */
export type LimitState = readonly number[];

export type TakeResult =
  | { readonly allowed: true; readonly state: LimitState }
  | { readonly allowed: false; readonly retryAtMs: number };

/** How much a limit still allows. */
export interface LimitStatus {
  readonly calls: number;
  readonly remaining: number;
  /** When all of it is available again, if there are no calls. */
  readonly fullAtMs: number;
}

/** Takes one call if the limit allows it at `nowMs`; otherwise returns when to try again. */
export function take(limit: Limit, state: LimitState | undefined, nowMs: number): TakeResult {
  return limit.strategy === 'tokenBucket'
    ? takeToken(limit, state, nowMs)
    : takeFromWindow(limit, windowsAt(limit, state, nowMs), nowMs);
}

/** Returns the period of a limit: the length of its window at this time, or the time in which an empty bucket fills. */
export function windowMs(limit: Limit, nowMs: number): number {
  if (limit.strategy === 'tokenBucket') return capacityOf(limit) * msPerToken(limit);
  const startMs = startOf(limit, nowMs);
  return endOf(limit, startMs) - startMs;
}

/** Undoes one `take` in the same window, for a call that was not made. */
export function giveBack(limit: Limit, state: LimitState, nowMs: number): LimitState {
  if (limit.strategy === 'tokenBucket') {
    const [atMs, level] = bucketAt(limit, state, nowMs);
    return [atMs, Math.min(capacityOf(limit), level + 1)];
  }
  const [startMs, count, before] = windowsAt(limit, state, nowMs);
  return [startMs, Math.max(0, count - 1), before];
}

export function limitStatus(
  limit: Limit,
  state: LimitState | undefined,
  nowMs: number,
): LimitStatus {
  if (limit.strategy === 'tokenBucket') {
    const [, level] = bucketAt(limit, state, nowMs);
    const capacity = capacityOf(limit);
    const fullAtMs = nowMs + (capacity - level) * msPerToken(limit);
    return { calls: capacity, remaining: Math.floor(level), fullAtMs: Math.ceil(fullAtMs) };
  }
  const windows = windowsAt(limit, state, nowMs);
  const [startMs, count, before] = windows;
  const used = usedOf(limit, windows, nowMs);
  const endMs = endOf(limit, startMs);
  const lastMs = limit.strategy === 'slidingWindow' && count > 0 ? endOf(limit, endMs) : endMs;
  return {
    calls: limit.calls,
    remaining: Math.max(0, Math.floor(limit.calls - used)),
    fullAtMs: count + before > 0 ? lastMs : nowMs,
  };
}

/** Returns from when on a state is equivalent to no state. */
export function forgettableAtMs(limit: Limit, state: LimitState): number {
  const [atMs = 0] = state;
  return limit.strategy === 'tokenBucket'
    ? atMs + capacityOf(limit) * msPerToken(limit)
    : endOf(limit, endOf(limit, atMs));
}

type Windows = readonly [startMs: number, count: number, before: number];

/** Returns the start of the window that contains a time. */
function startOf(limit: WindowLimit, nowMs: number): number {
  if (limit.strategy === 'calendarMonth') {
    const now = new Date(nowMs);
    return Date.UTC(now.getUTCFullYear(), now.getUTCMonth());
  }
  const lengthMs = limit.perSeconds * 1000;
  return Math.floor(nowMs / lengthMs) * lengthMs;
}

/** Returns the end of the window with this start. */
function endOf(limit: WindowLimit, startMs: number): number {
  if (limit.strategy !== 'calendarMonth') return startMs + limit.perSeconds * 1000;
  const start = new Date(startMs);
  return Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1);
}

function windowsAt(limit: WindowLimit, state: LimitState | undefined, nowMs: number): Windows {
  const startMs = startOf(limit, nowMs);
  const [knownMs = startMs, count = 0, before = 0] = state ?? [];
  // A process whose clock is behind counts into the window that others have opened.
  if (knownMs >= startMs) return [knownMs, count, before];
  const isNext = limit.strategy === 'slidingWindow' && endOf(limit, knownMs) === startMs;
  return [startMs, 0, isNext ? count : 0];
}

function usedOf(limit: WindowLimit, [startMs, count, before]: Windows, nowMs: number): number {
  if (limit.strategy !== 'slidingWindow') return count;
  const gone = Math.min(1, Math.max(0, (nowMs - startMs) / (limit.perSeconds * 1000)));
  return count + before * (1 - gone);
}

function takeFromWindow(limit: WindowLimit, windows: Windows, nowMs: number): TakeResult {
  const [startMs, count, before] = windows;
  if (usedOf(limit, windows, nowMs) + 1 <= limit.calls) {
    return { allowed: true, state: [startMs, count + 1, before] };
  }
  const endMs = endOf(limit, startMs);
  if (limit.strategy !== 'slidingWindow') return { allowed: false, retryAtMs: endMs };
  // When enough of the previous window has slid out; else when enough of this one has.
  const lengthMs = endMs - startMs;
  const room = limit.calls - 1 - count;
  const retryAtMs =
    room >= 0
      ? startMs + lengthMs * (1 - room / before)
      : endMs + lengthMs * (1 - (limit.calls - 1) / count);
  return { allowed: false, retryAtMs: Math.ceil(retryAtMs) };
}

function capacityOf({ burst, calls }: TokenBucket): number {
  return burst ?? calls;
}

function msPerToken({ calls, perSeconds }: TokenBucket): number {
  return (perSeconds * 1000) / calls;
}

function bucketAt(
  limit: TokenBucket,
  state: LimitState | undefined,
  nowMs: number,
): readonly [atMs: number, level: number] {
  const capacity = capacityOf(limit);
  const [atMs = nowMs, level = capacity] = state ?? [];
  const back = Math.max(0, nowMs - atMs) / msPerToken(limit);
  return [Math.max(atMs, nowMs), Math.min(capacity, level + back)];
}

function takeToken(limit: TokenBucket, state: LimitState | undefined, nowMs: number): TakeResult {
  const [atMs, level] = bucketAt(limit, state, nowMs);
  // The refilled amount is a sum of fractions: a token counts as whole when almost nothing is missing.
  if (level + 1e-9 >= 1) return { allowed: true, state: [atMs, Math.max(0, level - 1)] };
  return { allowed: false, retryAtMs: Math.ceil(atMs + (1 - level) * msPerToken(limit)) };
}
