/**
 * So many calls in so long.
 * - `fixedWindow`: counted from the whole multiple of `perSeconds` since 1970; at an edge up to twice as many may pass.
 * - `slidingWindow`: the window before counts by as much of it as still lies in the last `perSeconds`, so that an edge lets
 *   nothing more through.
 * - `tokenBucket`: `burst` may come at once (default `calls`); they come back evenly, `calls` in each `perSeconds`.
 * - `calendarMonth`: counted from the first of the month, UTC: what quotas are.
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

/** What is remembered of a limit: windows as [start, count, count of the window before], a bucket as [time, level]. Milliseconds since 1970. */
export type LimitState = readonly number[];

export type TakeResult =
  | { readonly allowed: true; readonly state: LimitState }
  | { readonly allowed: false; readonly retryAtMs: number };

/** What a limit still allows. */
export interface LimitStatus {
  readonly calls: number;
  readonly remaining: number;
  /** When all of it is there again, if nobody calls. */
  readonly fullAtMs: number;
}

/** One call more, if the limit allows it at `nowMs`; otherwise when to come back. */
export function take(limit: Limit, state: LimitState | undefined, nowMs: number): TakeResult {
  return limit.strategy === 'tokenBucket'
    ? takeToken(limit, state, nowMs)
    : takeFromWindow(limit, windowsAt(limit, state, nowMs), nowMs);
}

/** Undoes one `take` of the same window: what was taken for a call that was not made. */
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

/** From when on a state says nothing that an absent one would not. */
export function forgettableAtMs(limit: Limit, state: LimitState): number {
  const [atMs = 0] = state;
  return limit.strategy === 'tokenBucket'
    ? atMs + capacityOf(limit) * msPerToken(limit)
    : endOf(limit, endOf(limit, atMs));
}

type Windows = readonly [startMs: number, count: number, before: number];

/** The start of the window that holds a time. */
function startOf(limit: WindowLimit, nowMs: number): number {
  if (limit.strategy === 'calendarMonth') {
    const now = new Date(nowMs);
    return Date.UTC(now.getUTCFullYear(), now.getUTCMonth());
  }
  const lengthMs = limit.perSeconds * 1000;
  return Math.floor(nowMs / lengthMs) * lengthMs;
}

/** The end of the window that starts then. */
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
  // When enough of the window before has slid out; else when enough of this one has.
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
  // What has come back is a sum of fractions: a token is whole when next to nothing lacks.
  if (level + 1e-9 >= 1) return { allowed: true, state: [atMs, Math.max(0, level - 1)] };
  return { allowed: false, retryAtMs: Math.ceil(atMs + (1 - level) * msPerToken(limit)) };
}
