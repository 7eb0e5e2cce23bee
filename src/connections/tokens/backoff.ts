import type { ProviderFailure } from '../../connectors/index.js';
import type { LaneState } from '../../platform/database/index.js';
import type { ConnectionRow } from '../store.js';

/** Why a token is to be renewed: it is over, or it was refused although it should be good. */
export type Cause = 'expired' | 'refused';

/** How long a token endpoint is left alone after the first failure to give a token; each further one doubles it. */
const FIRST_MS = 10_000;
/** The longest of these, and how long it is left alone after it said that there are too many requests but not until when. */
const BACKOFF_MS_MAX = 60_000;

/** Until when a token endpoint is left alone; handed on in the connection's lane, so that it holds for all processes. */
interface Backoff {
  /** The token that it is about, by when it came: another one, also of a person who connects anew, begins without a rest. */
  readonly of: number;
  readonly untilMs: number;
  /** In a row; 0: it gave a token because one was refused, and another that is refused at once would be no better. */
  readonly failures: number;
}

/** Until when this token is not to be renewed for this cause; `undefined`: it may be now. */
export function backoffUntil(
  state: LaneState,
  { connection, cause, now }: { connection: ConnectionRow; cause: Cause; now: Date },
): Date | undefined {
  const backoff = backoffOf(state, connection);
  if (!backoff || backoff.untilMs <= now.getTime()) return undefined;
  return backoff.failures > 0 || cause === 'refused' ? new Date(backoff.untilMs) : undefined;
}

/** What is handed on after the token endpoint gave no token. `waitMs`: as long as it asked for. */
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

/** What is handed on after it gave one, by the connection as it is then. */
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
  return { rest: backoff };
}

function backoffOf(state: LaneState, connection: ConnectionRow): Backoff | undefined {
  const backoff = state['backoff'] as Backoff | undefined;
  return backoff?.of === ageOf(connection) ? backoff : undefined;
}

function ageOf({ refreshedAt }: ConnectionRow): number {
  return refreshedAt?.getTime() ?? 0;
}
