import { createHash, randomBytes } from 'node:crypto';

import type { AuthSpec, Membership, OAuth2Code } from '../contract/index.js';
import { newId } from '../platform/ids.js';
import { ATTEMPT_MINUTES, type Attempts } from './attempt.js';
import { connectionErrors } from './errors.js';
import { grant } from './grant.js';
import { type ConnectionAdminDeps, type NewConnection, newConnection } from './newConnection.js';
import { connected, refreshDueAt } from './refresh.js';
import type { ConnectionRow } from './store.js';
import { authorizeUrl, isUnavailable, type OAuthClient } from './tokens.js';
import { wordsOf } from './words.js';

export interface ConnectRequest extends NewConnection {
  /** Where the browser goes afterwards. */
  readonly returnUrl?: string | undefined;
  /** Beyond the connector’s default. */
  readonly scopes?: readonly string[] | undefined;
  /** The organisation’s own OAuth client. */
  readonly client?: OAuthClient | undefined;
}

/** A connection that waits for consent, and the address where a person gives it. */
export interface Started {
  readonly connection: ConnectionRow;
  readonly url: string;
}

/** What the service sent the browser back with: https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2 */
export interface Callback {
  readonly state: string;
  readonly code?: string | undefined;
  readonly error?: string | undefined;
  readonly errorDescription?: string | undefined;
}

export interface Connect {
  /** Throws ConsentNotNeeded, ClientMissing, FieldsNotUsable, ReturnUrlNotAllowed … */
  start(membership: Membership, request: ConnectRequest): Promise<Started>;
  /** The same for a connection that is there: it stays as it is until the consent is given. */
  restart(
    connection: ConnectionRow,
    request: Pick<ConnectRequest, 'returnUrl' | 'scopes' | 'client'>,
  ): Promise<Started>;
  /**
   * `membership`: of whoever finishes, where it is not the browser at the callback. Throws AttemptNotValid, ConsentRefused or ServiceUnreachable.
   * The attempt is burnt whatever comes of it.
   */
  finish(
    callback: Callback,
    membership?: Membership,
  ): Promise<{ readonly connection: ConnectionRow; readonly returnUrl?: string | undefined }>;
}

export interface ConnectDeps extends ConnectionAdminDeps {
  readonly attempts: Attempts;
  /** The hub's own address for callbacks. */
  readonly callbackUrl: string;
  /** Beginnings of addresses to which the browser may be sent. */
  readonly returnUrls: readonly string[];
}

export function createConnect(deps: ConnectDeps): Connect {
  const { store, connectors, clock, attempts } = deps;

  return {
    async start(membership, request) {
      const connector = connectors.get(request.connector);
      const [wayName, way] = connectors.getWay(connector, request.way);
      checkConsentWay(way);
      clientOf(deps, request.connector, await ownClient(deps, membership, request));
      checkReturnUrl(deps, request.returnUrl);
      const row = await newConnection(deps, membership, { request, wayName, id: newId() });
      return begin(deps, row, request);
    },

    async restart(connection, request) {
      checkConsentWay(connectors.getWay(connectors.get(connection.connector), connection.way)[1]);
      checkReturnUrl(deps, request.returnUrl);
      return begin(deps, connection, request);
    },

    async finish(callback, membership) {
      const attempt = attempts.read(callback.state, clock.now());
      const over = () => connectionErrors.AttemptNotValid({ minutes: ATTEMPT_MINUTES });
      const found = attempt && (await store.load(attempt.connectionId));
      if (!attempt || found?.attempt !== attempt.hash) throw over();
      if (membership && membership.organizationId !== found.organization) throw over();
      const burnt = await store.change(found, { attempt: undefined, attemptEndsAt: undefined });
      if (!burnt) throw over();
      const connection = await exchangeCode(deps, burnt, callback);
      return { connection: await deps.tested(connection), returnUrl: attempt.returnUrl };
    },
  };
}

function checkConsentWay(way: AuthSpec): asserts way is OAuth2Code {
  if (way.kind !== 'oauth2Code') throw connectionErrors.ConsentNotNeeded();
}

/** The organisation's own: given now, or set for all its connections. */
async function ownClient(
  deps: ConnectDeps,
  { organizationId }: Pick<Membership, 'organizationId'>,
  { client, connector }: Pick<ConnectRequest, 'client' | 'connector'>,
): Promise<OAuthClient | undefined> {
  return client ?? (await deps.defaultsOf(organizationId, connector)).client;
}

function clientOf(deps: ConnectDeps, connector: string, own: OAuthClient | undefined): OAuthClient {
  const client = own ?? deps.clientOf(connector);
  if (!client)
    throw connectionErrors.ClientMissing({ connector: deps.connectors.get(connector).name });
  return client;
}

/** An open redirect would let a stranger borrow the hub's name. Compared as whole path segments. */
function checkReturnUrl({ returnUrls }: ConnectDeps, returnUrl: string | undefined): void {
  if (returnUrl === undefined) return;
  const allowed =
    URL.canParse(returnUrl) &&
    returnUrls.some((base) => isBelow(new URL(returnUrl), new URL(base)));
  if (!allowed) throw connectionErrors.ReturnUrlNotAllowed();
}

function isBelow(url: URL, base: URL): boolean {
  const path = base.pathname.endsWith('/') ? base.pathname : `${base.pathname}/`;
  return (
    url.origin === base.origin &&
    url.username === '' &&
    (url.pathname === base.pathname || url.pathname.startsWith(path))
  );
}

async function begin(
  deps: ConnectDeps,
  row: ConnectionRow,
  request: Pick<ConnectRequest, 'returnUrl' | 'scopes' | 'client'>,
): Promise<Started> {
  const { store, connectors, clock, attempts, credentials } = deps;
  const way = connectors.getWay(connectors.get(row.connector), row.way)[1] as OAuth2Code;
  const stored = await credentials.open(row);
  const { connector, organization: organizationId } = row;
  const given = await ownClient(deps, { organizationId }, { connector, client: request.client });
  const own = given ?? stored.client;
  const client = clientOf(deps, connector, own);
  // 43 characters: https://www.rfc-editor.org/rfc/rfc7636#section-4.1
  const verifier = way.pkce ? randomBytes(32).toString('base64url') : undefined;
  const { state, hash, endsAt } = attempts.make(
    { connectionId: row.id, returnUrl: request.returnUrl },
    clock.now(),
  );
  const changed = await store.change(row, {
    attempt: hash,
    attemptEndsAt: endsAt,
    sealedCredential: await credentials.seal(row, {
      ...stored,
      ...(own && { client: own }),
      verifier,
    }),
  });
  if (!changed) throw connectionErrors.ConnectionChanged();
  const url = authorizeUrl({
    way,
    fields: row.fields,
    scopes: [...new Set([...way.defaultScopes, ...(request.scopes ?? [])])],
    params: {
      client_id: client.clientId,
      redirect_uri: deps.callbackUrl,
      state,
      ...(verifier !== undefined && {
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
      }),
    },
  });
  return { connection: changed, url: url.href };
}

async function exchangeCode(
  deps: ConnectDeps,
  row: ConnectionRow,
  { code, error, errorDescription }: Callback,
): Promise<ConnectionRow> {
  const { store, connectors, credentials } = deps;
  const connector = connectors.get(row.connector);
  const way = connectors.getWay(connector, row.way)[1] as OAuth2Code;
  if (error !== undefined || code === undefined) {
    throw refused(connector.name, wordsOf(errorDescription ?? error ?? 'it sent no code'));
  }
  const { verifier, ...stored } = await credentials.open(row);
  const read = await grant(deps, connector, {
    way,
    client: clientOf(deps, row.connector, stored.client),
    fields: row.fields,
    params: {
      grant_type: 'authorization_code',
      code,
      redirect_uri: deps.callbackUrl,
      ...(verifier !== undefined && { code_verifier: verifier }),
    },
  });
  if ('failure' in read) {
    const problem = wordsOf(read.failure.message ?? 'no reason given');
    throw read.isAnswer && !isUnavailable(read.failure)
      ? refused(connector.name, problem)
      : connectionErrors.ServiceUnreachable({ connector: connector.name, problem });
  }
  const { scopes } = read.tokens;
  const change = await connected(deps, row, { tokens: read.tokens, stored });
  const changed = await store.change(row, {
    ...change,
    grantedScopes: scopes ?? row.grantedScopes,
  });
  if (!changed) throw connectionErrors.ConnectionChanged();
  if (changed.expiresAt) await store.wake(changed.id, refreshDueAt(changed));
  return changed;
}

function refused(connector: string, problem: string): Error {
  return connectionErrors.ConsentRefused({ connector, problem });
}
