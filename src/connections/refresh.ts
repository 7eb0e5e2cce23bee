import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

import type { Connectors } from '../connectors/index.js';
import type { AuthSpec, JwtServiceAccount, OAuth2ClientCredentials } from '../contract/index.js';
import type { Clock } from '../platform/clock.js';
import type { HttpClient } from '../platform/http/index.js';
import type { LaneWorker } from '../platform/lanes/index.js';
import type { Log } from '../platform/log.js';
import { signAssertion } from './assertion.js';
import type { Credentials, StoredCredential } from './credential.js';
import { connectionErrors } from './errors.js';
import { grant } from './grant.js';
import type { ConnectionChange, ConnectionRow, ConnectionStore } from './store.js';
import { type Grant, isDead, type OAuthClient, type TokenSet } from './tokens.js';
import { wordsOf } from './words.js';

export interface RefreshDeps {
  readonly store: ConnectionStore;
  readonly connectors: Connectors;
  readonly credentials: Credentials;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly log: Log;
  /** The operator's OAuth client for a connector. */
  clientOf(connectorKey: string): OAuthClient | undefined;
}

/** Keeps tokens alive: one refresh for each expiry, whoever asks, in however many processes. */
export interface Refresh {
  /** The connection with a token that is good for a while; refreshed if need be. Throws ConnectionNotUsable. */
  fresh(connection: ConnectionRow): Promise<ConnectionRow>;
  /** The connection after its token was refused: refreshed, unless somebody did so since; the same when it cannot be. */
  renew(connection: ConnectionRow): Promise<ConnectionRow>;
  /** Works the lanes of kind `connection`: refreshes before expiry. */
  readonly work: LaneWorker;
}

/** A token is refreshed this long before it expires, or a fifth of its life if that is shorter. */
const MARGIN_MS = 5 * 60_000;
/** How long a refresh may take with everything about it; after it another process may try. */
const HOLD_MS = 60_000;
const WAIT_MS = 25;
/** Times that somebody else may change a connection while its token is to be refreshed. */
const RENEWALS_MAX = 3;
/** After the service failed to answer: calls go on with the token that there is, if it is good. */
const RETRY_MS = 60_000;

export function createRefresh(deps: RefreshDeps): Refresh {
  const { store, clock } = deps;
  const underway = new Map<string, Promise<ConnectionRow>>();

  /** One for all callers of this process; the lane does it for all processes. */
  function renewOnce(connection: ConnectionRow): Promise<ConnectionRow> {
    const known = underway.get(connection.id);
    if (known) return known;
    const renewing = renewHeld(deps, connection).finally(() => underway.delete(connection.id));
    underway.set(connection.id, renewing);
    return renewing;
  }

  return {
    async fresh(given) {
      let connection = given;
      for (let tries = 0; tries < RENEWALS_MAX; tries += 1) {
        checkUsable(connection);
        if (!isExpired(connection, clock.now())) return connection;
        const renewed = await renewOnce(connection);
        if (renewed.revision === connection.revision) break;
        // It may have been changed for another reason than its token.
        connection = renewed;
      }
      checkUsable(connection);
      if (!isExpired(connection, clock.now())) return connection;
      throw unusable(connection, 'its token has expired');
    },
    async renew(connection) {
      const current = await store.load(connection.id);
      if (!current || current.revision !== connection.revision) return current ?? connection;
      return renewOnce(current);
    },
    async work(lane) {
      const connection = await store.load(lane.key);
      if (connection?.state !== 'connected' || !connection.expiresAt) return {};
      if (clock.now() < refreshDueAt(connection)) return { nextDueAt: refreshDueAt(connection) };
      const renewed = await refreshNow(deps, connection);
      if (renewed.state !== 'connected' || !renewed.expiresAt) return {};
      const isRenewed = renewed.revision !== connection.revision;
      return {
        nextDueAt: isRenewed ? refreshDueAt(renewed) : new Date(clock.now().getTime() + RETRY_MS),
      };
    },
  };
}

/** When the token of a connection is to be refreshed. */
export function refreshDueAt({ expiresAt, refreshedAt }: ConnectionRow): Date {
  const endMs = expiresAt?.getTime() ?? Infinity;
  const lifeMs = refreshedAt ? endMs - refreshedAt.getTime() : Infinity;
  return new Date(endMs - Math.min(MARGIN_MS, lifeMs / 5));
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
async function renewHeld(deps: RefreshDeps, connection: ConnectionRow): Promise<ConnectionRow> {
  const { store } = deps;
  for (;;) {
    const hold = await store.hold(connection.id, HOLD_MS);
    const current = (await store.load(connection.id)) ?? connection;
    if (!hold) {
      if (current.revision !== connection.revision) return current;
      // Uneven, so that several who wait do not come back together.
      await delay(randomInt(WAIT_MS, 2 * WAIT_MS));
      continue;
    }
    let after = current;
    try {
      if (current.revision === connection.revision) after = await refreshNow(deps, current);
      return after;
    } finally {
      const isAlive = after.state === 'connected' && after.expiresAt;
      await store.release([{ hold, ...(isAlive && { nextDueAt: refreshDueAt(after) }) }]);
    }
  }
}

/** The holder's work. Answers the connection as it is stored then; unchanged when nothing could be done. */
async function refreshNow(deps: RefreshDeps, connection: ConnectionRow): Promise<ConnectionRow> {
  const { credentials, connectors, log } = deps;
  const connector = connectors.get(connection.connector);
  const [, way] = connectors.getWay(connector, connection.way);
  if (!hasTokens(way)) {
    return giveUp(deps, connection, 'The service does not accept the credential any more');
  }
  const stored = await credentials.open(connection);
  const client = stored.client ?? deps.clientOf(connection.connector);
  const now = deps.clock.now();
  const params = refreshParams(way, stored, { fields: connection.fields, now });
  if (!params || (!client && way.kind !== 'jwtServiceAccount')) {
    return giveUp(deps, connection, 'The token is over, and there is nothing to renew it with');
  }
  const url = way.kind === 'oauth2Code' && way.refresh !== 'none' ? way.refresh.url : undefined;
  const { fields } = connection;
  const read = await grant(deps, connector, { way, client, fields, params, url });
  if ('failure' in read) {
    log.warn(
      { connectionId: connection.id, connector: connector.key, code: read.failure.code },
      'connection.refreshFailed',
    );
    return read.isAnswer && isDead(read.failure)
      ? giveUp(deps, connection, `The service says: ${wordsOf(read.failure.message ?? 'no')}`)
      : connection;
  }
  const renewed = await keepTokens(deps, connection, read.tokens);
  log.info({ connectionId: connection.id, connector: connector.key }, 'connection.refreshed');
  return renewed;
}

/**
 * Stores new tokens, whatever else of the connection somebody changes at the same moment: the refresh token of before may
 * be dead by now. Only who connects anew or disconnects meanwhile wins.
 */
async function keepTokens(
  deps: RefreshDeps,
  connection: ConnectionRow,
  tokens: TokenSet,
): Promise<ConnectionRow> {
  const { store, credentials } = deps;
  for (let row = connection; ;) {
    const stored = await credentials.open(row);
    const renewed = await store.change(row, await connected(deps, row, { tokens, stored }));
    if (renewed) return renewed;
    const current = await store.load(row.id);
    const isOurs =
      current?.state === 'connected' &&
      current.refreshedAt?.getTime() === connection.refreshedAt?.getTime();
    if (!isOurs) return current ?? row;
    row = current;
  }
}

function hasTokens(way: AuthSpec): way is Grant {
  return (
    way.kind === 'oauth2Code' ||
    way.kind === 'oauth2ClientCredentials' ||
    way.kind === 'jwtServiceAccount'
  );
}

interface AskedAt {
  /** The connection’s. */
  readonly fields: Readonly<Record<string, string>>;
  readonly now: Date;
}

function refreshParams(
  way: Grant,
  stored: StoredCredential,
  at: AskedAt,
): Readonly<Record<string, string>> | undefined {
  if (way.kind !== 'oauth2Code') return ownParams(way, stored, at);
  const { refreshToken } = stored;
  if (way.refresh === 'none' || refreshToken === undefined) return undefined;
  return { grant_type: 'refresh_token', refresh_token: refreshToken, ...way.refresh.params };
}

/** What a client asks with in its own name, whenever it needs a token. */
export function ownParams(
  way: OAuth2ClientCredentials | JwtServiceAccount,
  { values }: StoredCredential,
  { fields, now }: AskedAt,
): Readonly<Record<string, string>> {
  if (way.kind === 'jwtServiceAccount') {
    // https://www.rfc-editor.org/rfc/rfc7523#section-2.1
    const assertion = signAssertion(way, { values, fields, now });
    return { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion };
  }
  // https://www.rfc-editor.org/rfc/rfc6749#section-4.4.2
  const scope = way.defaultScopes.join(way.scopeSeparator ?? ' ');
  return { grant_type: 'client_credentials', ...(scope !== '' && { scope }) };
}

/** What a connection becomes with new tokens. A service that sends no new refresh token means the old one to go on. */
export async function connected(
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

/** A person has to connect anew. Nothing is asked of the service until then. */
async function giveUp(
  { store, log }: RefreshDeps,
  connection: ConnectionRow,
  problem: string,
): Promise<ConnectionRow> {
  const changed = await store.change(connection, { state: 'reconnect', problem });
  if (changed) {
    const { id, organization, connector } = connection;
    log.warn(
      { connectionId: id, organizationId: organization, connector },
      'connection.reconnectNeeded',
    );
  }
  return changed ?? (await store.load(connection.id)) ?? connection;
}
