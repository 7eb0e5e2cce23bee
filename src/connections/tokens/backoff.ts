import type { ProviderFailure } from '../../connectors/index.js';
import type { LaneState } from '../../platform/database/index.js';
import type { ConnectionRow } from '../store.js';

/** Why a token is to be renewed: it is over, or it was refused although it should be good. */
export type Cause = 'expired' | 'refused';

/** How long a token endpoint is left alone after the first failure to give a token; each further one doubles it. */
const FIRST_MS = 10_000;
/** The longest of these, and how long it is left alone after it said that there are too many requests but not until when. */
const MOST_MS = 60_000;

/** Until when a token endpoint is left alone; handed on in the connection's lane, so that it holds for all processes. */
interface Rest {
  /** The token that it is about, by when it came: another one, also of a person who connects anew, begins without a rest. */
  readonly of: number;
  readonly untilMs: number;
  /** In a row; 0: it gave a token because one was refused, and another that is refused at once would be no better. */
  readonly failures: number;
}

/** Until when this token is not to be renewed for this cause; `undefined`: it may be now. */
export function restUntil(
  state: LaneState,
  { connection, cause, now }: { connection: ConnectionRow; cause: Cause; now: Date },
): Date | undefined {
  const rest = restOf(state, connection);
  if (!rest || rest.untilMs <= now.getTime()) return undefined;
  return rest.failures > 0 || cause === 'refused' ? new Date(rest.untilMs) : undefined;
}

/** What is handed on after the token endpoint gave no token. `waitMs`: as long as it asked for. */
export function restAfterFailure(
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
  const failures = (restOf(state, connection)?.failures ?? 0) + 1;
  const ownMs = Math.min(FIRST_MS * 2 ** (failures - 1), MOST_MS);
  const askedMs = waitMs ?? (failure.kind === 'rateLimit' ? MOST_MS : 0);
  return rested(connection, { failures, now, forMs: Math.max(ownMs, askedMs) });
}

/** What is handed on after it gave one, by the connection as it is then. */
export function restAfterSuccess(connection: ConnectionRow, cause: Cause, now: Date): LaneState {
  return cause === 'refused' ? rested(connection, { failures: 0, now, forMs: MOST_MS }) : {};
}

function rested(
  connection: ConnectionRow,
  { failures, now, forMs }: { failures: number; now: Date; forMs: number },
): LaneState {
  const rest: Rest = { of: ageOf(connection), untilMs: now.getTime() + forMs, failures };
  return { rest };
}

function restOf(state: LaneState, connection: ConnectionRow): Rest | undefined {
  const rest = state['rest'] as Rest | undefined;
  return rest?.of === ageOf(connection) ? rest : undefined;
}

function ageOf({ refreshedAt }: ConnectionRow): number {
  return refreshedAt?.getTime() ?? 0;
}
