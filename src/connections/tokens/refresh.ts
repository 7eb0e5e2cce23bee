import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

import type { LaneState } from '../../platform/database/index.js';
import type { LaneWorker } from '../../platform/lanes/index.js';
import type { Log } from '../../platform/log.js';
import { connectionErrors } from '../errors.js';
import { needsNotification, notify, type NotifyDeps } from '../notify.js';
import { problemText } from '../problemText.js';
import type { ConnectionRow, ConnectionStore } from '../store.js';
import { applyTokens, refreshDueAt } from './applyTokens.js';
import { backoffAfterFailure, backoffAfterSuccess, backoffUntil, type Cause } from './backoff.js';
import { type RenewDeps, renewTokens } from './renewTokens.js';
import { isDead, type TokenSet } from './response.js';

export interface RefreshDeps extends RenewDeps, Pick<NotifyDeps, 'publish'> {
  readonly store: ConnectionStore;
  readonly log: Log;
}

/** Keeps tokens alive, with one refresh for each expiry, however many calls and processes need the token. */
export interface Refresh {
  /** Returns the connection with a token that has not expired; refreshes it first if it has. Throws ConnectionNotUsable. */
  fresh(connection: ConnectionRow): Promise<ConnectionRow>;
  /**
   * Returns the connection with another token than the one that the service refused: the stored one if it was refreshed since,
   * else a new one. Returns it unchanged when it cannot be refreshed.
   */
  renew(connection: ConnectionRow): Promise<ConnectionRow>;
  /** Works the lanes of kind `connection`: refreshes before expiry, and notifies organizations of lost connections. */
  readonly work: LaneWorker;
}

/** How long a refresh may take, with loading and storing; after it another process may try. */
const HOLD_MS = 60_000;
const WAIT_MS = 25;
/** How often a connection may change for another reason while a call waits for its refresh. */
const RENEWALS_MAX = 3;

export function createRefresh(deps: RefreshDeps): Refresh {
  const { store, clock } = deps;
  const underway = new Map<string, Promise<ConnectionRow>>();

  /**
   * Refreshes a token once for all callers of this process that have the same row; the lane makes it once for all
   * processes.
   */
  function renewOnce(connection: ConnectionRow, cause: Cause): Promise<ConnectionRow> {
    const key = `${connection.id} ${String(connection.revision)} ${cause}`;
    const known = underway.get(key);
    if (known) return known;
    const renewing = renewHeld(deps, connection, cause).finally(() => underway.delete(key));
    underway.set(key, renewing);
    return renewing;
  }

  return {
    async fresh(loaded) {
      let connection = loaded;
      for (let tries = 0; tries < RENEWALS_MAX; tries += 1) {
        checkUsable(connection);
        if (!isExpired(connection, clock.now())) return connection;
        const renewed = await renewOnce(connection, 'expired');
        if (renewed.revision === connection.revision) break;
        checkUsable(renewed);
        // Even if it has expired again: another would live no longer.
        if (isNewer(renewed, connection)) return renewed;
        // It was changed for another reason than its token.
        connection = renewed;
      }
      checkUsable(connection);
      if (!isExpired(connection, clock.now())) return connection;
      throw unusable(
        connection,
        'its token has expired and the service did not issue a new one; try again later',
      );
    },
    async renew(connection) {
      const current = await store.load(connection.id);
      if (!current || current.revision !== connection.revision) return current ?? connection;
      return renewOnce(current, 'refused');
    },
    async work(lane) {
      const connection = await store.load(lane.key);
      if (connection && needsNotification(connection)) await notify(deps, connection);
      if (connection?.state !== 'connected' || !connection.expiresAt) return {};
      if (clock.now() < refreshDueAt(connection)) return { nextDueAt: refreshDueAt(connection) };
      const { after, state } = await refreshUnlessBackingOff(deps, connection, {
        state: lane.state,
        cause: 'expired',
      });
      return { state, nextDueAt: nextDueAt(after, state, clock.now()) };
    },
  };
}

/** Returns when the lane is due next; `undefined` when there is nothing left to do. */
function nextDueAt(connection: ConnectionRow, state: LaneState, now: Date): Date | undefined {
  if (needsNotification(connection)) return now;
  if (connection.state !== 'connected' || !connection.expiresAt) return undefined;
  return backoffUntil(state, { connection, cause: 'expired', now }) ?? refreshDueAt(connection);
}

function isNewer({ refreshedAt: one }: ConnectionRow, { refreshedAt: other }: ConnectionRow) {
  return one !== undefined && one.getTime() !== other?.getTime();
}

function isExpired({ expiresAt }: ConnectionRow, now: Date): boolean {
  return expiresAt !== undefined && expiresAt <= now;
}

function checkUsable(connection: ConnectionRow): void {
  if (connection.state !== 'connected') {
    throw unusable(connection, connection.problem ?? 'connect it first');
  }
}

function unusable({ state }: ConnectionRow, problem: string): Error {
  return connectionErrors.ConnectionNotUsable({ state, problem });
}

/** Waits for the lane of the connection, then refreshes, unless the previous holder did. Never refreshes without the lane. */
async function renewHeld(
  deps: RefreshDeps,
  connection: ConnectionRow,
  cause: Cause,
): Promise<ConnectionRow> {
  const { store, clock } = deps;
  for (;;) {
    const hold = await store.hold(connection.id, HOLD_MS);
    const current = (await store.load(connection.id)) ?? connection;
    if (!hold) {
      if (current.revision !== connection.revision) return current;
      // Random, so that several callers do not come back at the same moment.
      await delay(randomInt(WAIT_MS, 2 * WAIT_MS));
      continue;
    }
    let refreshed = { after: current, state: hold.state };
    try {
      if (current.revision === connection.revision) {
        refreshed = await refreshUnlessBackingOff(deps, current, { state: hold.state, cause });
      }
      return refreshed.after;
    } finally {
      const { after, state } = refreshed;
      await store.release([{ hold, state, nextDueAt: nextDueAt(after, state, clock.now()) }]);
    }
  }
}

interface Refreshed {
  /** The stored row; unchanged when it could not be refreshed. */
  readonly after: ConnectionRow;
  /** For the next holder of the lane. */
  readonly state: LaneState;
}

/** Refreshes a token, unless a backoff holds for its token endpoint. Only the holder of the lane may call it. */
async function refreshUnlessBackingOff(
  deps: RefreshDeps,
  connection: ConnectionRow,
  { state, cause }: { readonly state: LaneState; readonly cause: Cause },
): Promise<Refreshed> {
  const { clock, log } = deps;
  if (backoffUntil(state, { connection, cause, now: clock.now() }))
    return { after: connection, state };
  const result = await renewTokens(deps, connection);
  const now = clock.now();
  if ('problem' in result) {
    return { after: await giveUp(deps, connection, result.problem), state: {} };
  }
  const { id, organization, connector } = connection;
  const line = { connectionId: id, organizationId: organization, connector };
  if ('failure' in result) {
    const { failure, hasResponse, waitMs } = result;
    log.warn({ ...line, code: failure.code, kind: failure.kind }, 'connection.refreshFailed');
    if (hasResponse && isDead(failure)) {
      const problem = `The service refused to renew the token: ${problemText(failure.message ?? 'it gave no reason')}`;
      return { after: await giveUp(deps, connection, problem), state: {} };
    }
    return {
      after: connection,
      state: backoffAfterFailure(state, { connection, failure, waitMs, now }),
    };
  }
  const after = await storeTokens(deps, connection, result.tokens);
  log.info(line, 'connection.refreshed');
  return { after, state: backoffAfterSuccess(after, cause, now) };
}

/**
 * Stores new tokens, also when another field of the connection changes at the same moment: the previous refresh token may be
 * invalid by now. A reconnect or disconnect that came first wins.
 */
async function storeTokens(
  deps: RefreshDeps,
  connection: ConnectionRow,
  tokens: TokenSet,
): Promise<ConnectionRow> {
  const { store, credentials } = deps;
  for (let row = connection; ;) {
    const stored = await credentials.open(row);
    const renewed = await store.change(row, await applyTokens(deps, row, { tokens, stored }));
    if (renewed) return renewed;
    const current = await store.load(row.id);
    const isOurs =
      current?.state === 'connected' &&
      current.refreshedAt?.getTime() === connection.refreshedAt?.getTime();
    if (!isOurs) return current ?? row;
    row = current;
  }
}

/** Marks a connection as lost: a user has to reconnect it. The lane then notifies the organization. */
async function giveUp(
  { store, log }: RefreshDeps,
  connection: ConnectionRow,
  problem: string,
): Promise<ConnectionRow> {
  const changed = await store.change(connection, {
    state: 'reconnect',
    problem,
    notifiedAt: undefined,
  });
  if (changed) {
    const { id, organization, connector } = connection;
    log.warn(
      { connectionId: id, organizationId: organization, connector },
      'connection.reconnectNeeded',
    );
  }
  return changed ?? (await store.load(connection.id)) ?? connection;
}
