import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

import type { LaneState } from '../../platform/database/index.js';
import type { LaneWorker } from '../../platform/lanes/index.js';
import type { Log } from '../../platform/log.js';
import type { StoredCredential } from '../credential.js';
import { connectionErrors } from '../errors.js';
import { needsNotification, notify, type NotifyDeps } from '../notify.js';
import { problemText } from '../problemText.js';
import type { ConnectionChange, ConnectionRow, ConnectionStore } from '../store.js';
import { backoffAfterFailure, backoffAfterSuccess, backoffUntil,type Cause } from './backoff.js';
import { type RenewDeps, renewTokens } from './renewTokens.js';
import { isDead, type TokenSet } from './tokens.js';

export interface RefreshDeps extends RenewDeps, Pick<NotifyDeps, 'publish'> {
  readonly store: ConnectionStore;
  readonly log: Log;
}

/** Keeps tokens alive: one refresh for each expiry, whoever asks, in however many processes. */
export interface Refresh {
  /** The connection with a token that is good for a while; refreshed if need be. Throws ConnectionNotUsable. */
  fresh(connection: ConnectionRow): Promise<ConnectionRow>;
  /** The connection after its token was refused: refreshed, unless somebody did so since; the same when it cannot be. */
  renew(connection: ConnectionRow): Promise<ConnectionRow>;
  /** Works the lanes of kind `connection`: refreshes before expiry, and tells who has to connect anew. */
  readonly work: LaneWorker;
}

/** A token is refreshed this long before it expires, or a fifth of its life if that is shorter. */
const MARGIN_MS = 5 * 60_000;
/** How long a refresh may take with everything about it; after it another process may try. */
const HOLD_MS = 60_000;
const WAIT_MS = 25;
/** Times that somebody else may change a connection while its token is to be refreshed. */
const RENEWALS_MAX = 3;
/** However short its tokens live, a service is not asked for another more often than this ahead of the calls that need it. */
const AHEAD_EVERY_MS = 30_000;

export function createRefresh(deps: RefreshDeps): Refresh {
  const { store, clock } = deps;
  const underway = new Map<string, Promise<ConnectionRow>>();

  /** One for all callers of this process who have the same row; the lane does it for all processes. */
  function renewOnce(connection: ConnectionRow, cause: Cause): Promise<ConnectionRow> {
    const key = `${connection.id} ${String(connection.revision)} ${cause}`;
    const known = underway.get(key);
    if (known) return known;
    const renewing = renewHeld(deps, connection, cause).finally(() => underway.delete(key));
    underway.set(key, renewing);
    return renewing;
  }

  return {
    async fresh(given) {
      let connection = given;
      for (let tries = 0; tries < RENEWALS_MAX; tries += 1) {
        checkUsable(connection);
        if (!isExpired(connection, clock.now())) return connection;
        const renewed = await renewOnce(connection, 'expired');
        if (renewed.revision === connection.revision) break;
        checkUsable(renewed);
        // However short it lives: no other would live longer.
        if (isNewer(renewed, connection)) return renewed;
        // It was changed for another reason than its token.
        connection = renewed;
      }
      checkUsable(connection);
      if (!isExpired(connection, clock.now())) return connection;
      throw unusable(
        connection,
        'its token has expired, and the service gives no other at the moment',
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

/** When the token of a connection is to be refreshed. */
export function refreshDueAt({ expiresAt, refreshedAt }: ConnectionRow): Date {
  const endMs = expiresAt?.getTime() ?? Infinity;
  if (!refreshedAt) return new Date(endMs - MARGIN_MS);
  const startMs = refreshedAt.getTime();
  const dueMs = endMs - Math.min(MARGIN_MS, (endMs - startMs) / 5);
  return new Date(Math.max(dueMs, startMs + AHEAD_EVERY_MS));
}

/** When its lane is to be looked at again, if ever. */
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

/** Waits for the lane of the connection, then refreshes unless whoever held it has done so. Never without holding it. */
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
      // Uneven, so that several who wait do not come back together.
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
  /** As it is stored then; unchanged when nothing could be done. */
  readonly after: ConnectionRow;
  /** To be handed on with the lane. */
  readonly state: LaneState;
}

/** The holder's work: a service that gave no token is left alone for a while, however many ask. */
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
  if (typeof result === 'string') {
    return { after: await giveUp(deps, connection, result), state: {} };
  }
  const { id, organization, connector } = connection;
  const line = { connectionId: id, organizationId: organization, connector };
  if ('failure' in result) {
    const { failure, hasResponse: isAnswer, waitMs } = result;
    log.warn({ ...line, code: failure.code, kind: failure.kind }, 'connection.refreshFailed');
    if (isAnswer && isDead(failure)) {
      const problem = `The service says: ${problemText(failure.message ?? 'no')}`;
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
 * Stores new tokens, whatever else of the connection somebody changes at the same moment: the refresh token of before may
 * be dead by now. Only who connects anew or disconnects meanwhile wins.
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

/** What a connection becomes with new tokens. A service that sends no new refresh token means the old one to go on. */
export async function applyTokens(
  { credentials, clock }: Pick<RefreshDeps, 'credentials' | 'clock'>,
  connection: Pick<ConnectionRow, 'id' | 'organization' | 'fields' | 'grantedScopes'>,
  { tokens, stored }: { readonly tokens: TokenSet; readonly stored: StoredCredential },
): Promise<ConnectionChange> {
  return {
    state: 'connected',
    problem: undefined,
    fields: { ...connection.fields, ...tokens.kept },
    grantedScopes: tokens.scopes ?? connection.grantedScopes,
    expiresAt: tokens.expiresAt,
    refreshedAt: clock.now(),
    sealedCredential: await credentials.seal(connection, {
      ...stored,
      values: { ...stored.values, accessToken: tokens.accessToken },
      refreshToken: tokens.refreshToken ?? stored.refreshToken,
    }),
  };
}

/** A person has to connect anew. Nothing is asked of the service until then; the lane tells them. */
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
