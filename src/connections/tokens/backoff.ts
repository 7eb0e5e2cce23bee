import type { ProviderFailure } from '../../connectors/index.js';
import type { LaneState } from '../../platform/database/index.js';
import type { ConnectionRow } from '../store.js';

/** Why a token is renewed: it has expired, or the service refused it although it should be valid. */
export type Cause = 'expired' | 'refused';

/** The first backoff after a token endpoint gave no token; each further failure doubles it. */
const FIRST_MS = 10_000;
/** The longest backoff that the hub chooses itself, and the one for a rate limit without a time. */
const BACKOFF_MS_MAX = 60_000;

/** Until when a token endpoint is left alone. It is kept in the connection's lane, so that it holds for all processes. */
interface Backoff {
  /** The token that it is about, by the time of its refresh. A newer token, also from a new consent, has no backoff. */
  readonly of: number;
  readonly untilMs: number;
  /** Failures in a row. 0 after a token was renewed because one was refused: renewing again at once would not help. */
  readonly failures: number;
}

/** Returns until when this token is not renewed for this cause; `undefined` when it may be renewed now. */
export function backoffUntil(
  state: LaneState,
  { connection, cause, now }: { connection: ConnectionRow; cause: Cause; now: Date },
): Date | undefined {
  const backoff = backoffOf(state, connection);
  if (!backoff || backoff.untilMs <= now.getTime()) return undefined;
  return backoff.failures > 0 || cause === 'refused' ? new Date(backoff.untilMs) : undefined;
}

/**
 * Returns the lane state after the token endpoint gave no token. `waitMs`: the wait that it requested, in milliseconds.
 */
export function backoffAfterFailure(
  state: LaneState,
  {
    connection,
    failure,
    waitMs,
    now,
  }: {
    connection: ConnectionRow;
    failure: ProviderFailure;
    waitMs: number | undefined;
    now: Date;
  },
): LaneState {
  const failures = (backoffOf(state, connection)?.failures ?? 0) + 1;
  const ownMs = Math.min(FIRST_MS * 2 ** (failures - 1), BACKOFF_MS_MAX);
  const retryAfterMs = waitMs ?? (failure.kind === 'rateLimit' ? BACKOFF_MS_MAX : 0);
  return backoffState(connection, { failures, now, forMs: Math.max(ownMs, retryAfterMs) });
}

/** Returns the lane state after the token endpoint gave a token. `connection` is the row with that token. */
export function backoffAfterSuccess(connection: ConnectionRow, cause: Cause, now: Date): LaneState {
  return cause === 'refused'
    ? backoffState(connection, { failures: 0, now, forMs: BACKOFF_MS_MAX })
    : {};
}

function backoffState(
  connection: ConnectionRow,
  { failures, now, forMs }: { failures: number; now: Date; forMs: number },
): LaneState {
  const backoff: Backoff = { of: ageOf(connection), untilMs: now.getTime() + forMs, failures };
  return { backoff };
}

function backoffOf(state: LaneState, connection: ConnectionRow): Backoff | undefined {
  const backoff = state['backoff'] as Backoff | undefined;
  return backoff?.of === ageOf(connection) ? backoff : undefined;
}

function ageOf({ refreshedAt }: ConnectionRow): number {
  return refreshedAt?.getTime() ?? 0;
}
