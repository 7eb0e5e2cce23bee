import {
  AppError,
  type AuthSpec,
  type ConsentAuthMethod,
  type Membership,
  needsConsent,
} from '../../contract/index.js';
import { newId } from '../../platform/ids.js';
import { connectionErrors } from '../errors.js';
import {
  type ConnectionAdminDeps,
  type NewConnection,
  newConnection,
} from '../manage/newConnection.js';
import { problemText } from '../problemText.js';
import type { ConnectionRow } from '../store.js';
import { refreshDueAt } from '../tokens/refresh.js';
import type { OAuthClient } from '../tokens/tokens.js';
import { type Consent, consentRefused } from './consent.js';
import { oauth1Consent } from './oauth1.js';
import { oauth2Consent } from './oauth2.js';
import { checkReturnUrl } from './returnUrl.js';
import { ATTEMPT_MINUTES, type Attempts, hashOf, newBrowserProof } from './state.js';

interface ConnectRequest extends NewConnection {
  /** Where the browser goes afterwards. */
  readonly returnUrl?: string | undefined;
  /** Beyond the connector’s default. */
  readonly scopes?: readonly string[] | undefined;
  /**
   * Whether the browser begins at the hub, which is what the hub's callback insists on; default true. With false the
   * address is the service's own, and `finish` needs a membership.
   */
  readonly browser?: boolean | undefined;
  /** The organization’s own OAuth client. */
  readonly client?: OAuthClient | undefined;
}

/** A connection that waits for consent, and the address where a person gives it. */
interface Started {
  readonly connection: ConnectionRow;
  readonly url: string;
}

/** What the service sent the browser back with: https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2; of OAuth 1 the verifier is the code. */
interface Callback {
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
    request: Pick<ConnectRequest, 'returnUrl' | 'scopes' | 'client' | 'browser'>,
  ): Promise<Started>;
  /** What an attempt would connect. Throws AttemptNotValid. */
  look(state: string): Promise<ConnectionRow>;
  /**
   * Has one browser begin: whoever shows `proof` at the callback may finish there, and nobody else; of several the latest.
   * Throws AttemptNotValid.
   */
  claim(state: string): Promise<{ readonly url: string; readonly proof: string }>;
  /**
   * `by`: the member who finishes, or the browser with its proof. Throws AttemptNotValid, BrowserNotKnown, ConsentRefused or
   * ServiceUnreachable. The attempt is burnt whatever comes of it, unless it was not theirs.
   */
  finish(
    callback: Callback,
    by: Finisher,
  ): Promise<{ readonly connection: ConnectionRow; readonly returnUrl?: string | undefined }>;
}

type Finisher = { readonly membership: Membership } | { readonly browserProof: string | undefined };

export interface ConnectDeps extends ConnectionAdminDeps {
  readonly attempts: Attempts;
  /** The hub's own addresses: where browsers begin, and where services send them back to. */
  readonly startUrl: string;
  readonly callbackUrl: string;
  /** Beginnings of addresses to which the browser may be sent. */
  readonly returnUrls: readonly string[];
}

export function createConnect(deps: ConnectDeps): Connect {
  const { store, connectors, credentials } = deps;

  return {
    async start(membership, request) {
      const connector = connectors.get(request.connector);
      const [authMethodName, authMethod] = connectors.getAuthMethod(connector, request.authMethod);
      checkNeedsConsent(authMethod);
      clientOf(deps, request.connector, await ownClient(deps, membership, request));
      checkReturnUrl(deps.returnUrls, request.returnUrl);
      const row = await newConnection(deps, membership, { request, authMethodName, id: newId() });
      return begin(deps, row, request).catch(async (error: unknown) => {
        await store.remove(row);
        throw error;
      });
    },

    async restart(connection, request) {
      checkNeedsConsent(
        connectors.getAuthMethod(connectors.get(connection.connector), connection.authMethod)[1],
      );
      checkReturnUrl(deps.returnUrls, request.returnUrl);
      return begin(deps, connection, request);
    },

    async look(state) {
      return (await attemptOf(deps, state)).connection;
    },

    async claim(state) {
      const { connection } = await attemptOf(deps, state);
      const { consentUrl } = await credentials.open(connection);
      const { proof, hash } = newBrowserProof();
      const isClaimed =
        consentUrl !== undefined && (await store.change(connection, { attemptBrowser: hash }));
      if (!isClaimed) throw attemptNotValid();
      return { url: consentUrl, proof };
    },

    async finish(callback, by) {
      const { connection: found, returnUrl } = await attemptOf(deps, callback.state);
      checkFinisher(found, by);
      const consumed = await store.change(found, {
        attempt: undefined,
        attemptBrowser: undefined,
        attemptEndsAt: undefined,
      });
      if (!consumed) throw attemptNotValid();
      const connection = await exchangeCode(deps, consumed, callback).catch((error: unknown) =>
        recordFailure(deps, consumed, error),
      );
      return { connection: await deps.testAndStore(connection), returnUrl };
    },
  };
}

/** The connection that a state may finish now. Throws AttemptNotValid. */
async function attemptOf({ attempts, store, clock }: ConnectDeps, state: string) {
  const attempt = attempts.read(state, clock.now());
  const connection = attempt && (await store.load(attempt.connectionId));
  if (!attempt || connection?.attempt !== attempt.hash) throw attemptNotValid();
  return { connection, returnUrl: attempt.returnUrl };
}

function attemptNotValid(): Error {
  return connectionErrors.AttemptNotValid({ minutes: ATTEMPT_MINUTES });
}

/** Else a stranger could have his consent finished by somebody else, or somebody else's by himself. */
function checkFinisher(connection: ConnectionRow, by: Finisher): void {
  if ('membership' in by) {
    if (by.membership.organizationId !== connection.organization) throw attemptNotValid();
    return;
  }
  const { attemptBrowser } = connection;
  const proofHash = by.browserProof === undefined ? undefined : hashOf(by.browserProof);
  if (proofHash === undefined || proofHash !== attemptBrowser)
    throw connectionErrors.BrowserNotKnown();
}

function checkNeedsConsent(authMethod: AuthSpec): asserts authMethod is ConsentAuthMethod {
  if (!needsConsent(authMethod)) throw connectionErrors.ConsentNotNeeded();
}

function consentOf(deps: ConnectDeps, row: ConnectionRow): Consent {
  const authMethod = deps.connectors.getAuthMethod(
    deps.connectors.get(row.connector),
    row.authMethod,
  )[1];
  checkNeedsConsent(authMethod);
  return authMethod.kind === 'oauth2Code'
    ? oauth2Consent(deps, authMethod)
    : oauth1Consent(deps, authMethod);
}

/** The organization's own: given now, or set for all its connections. */
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

async function begin(
  deps: ConnectDeps,
  row: ConnectionRow,
  request: Pick<ConnectRequest, 'returnUrl' | 'scopes' | 'client' | 'browser'>,
): Promise<Started> {
  const { store, connectors, clock, attempts, credentials } = deps;
  const stored = await credentials.open(row);
  const { connector, organization: organizationId } = row;
  const given = await ownClient(deps, { organizationId }, { connector, client: request.client });
  const own = given ?? stored.client;
  const client = clientOf(deps, connector, own);
  const { state, hash, endsAt } = attempts.make(
    { connectionId: row.id, returnUrl: request.returnUrl },
    clock.now(),
  );
  const { url: consentUrl, kept } = await consentOf(deps, row).authorizationRequest({
    connector: connectors.get(connector),
    fields: row.fields,
    client,
    state,
    scopes: request.scopes ?? [],
    callbackUrl: deps.callbackUrl,
  });
  const changed = await store.change(row, {
    attempt: hash,
    attemptBrowser: undefined,
    attemptEndsAt: endsAt,
    ...(row.state === 'waiting' && { problem: undefined }),
    sealedCredential: await credentials.seal(row, {
      ...stored,
      ...(own && { client: own }),
      ...kept,
      consentUrl,
    }),
  });
  if (!changed) throw connectionErrors.ConnectionChanged();
  const startUrl = `${deps.startUrl}?${new URLSearchParams({ attempt: state }).toString()}`;
  return { connection: changed, url: request.browser === false ? consentUrl : startUrl };
}

/** Whoever waits for the consent is told why it failed; a connection that works meanwhile goes on. */
async function recordFailure(
  { store }: ConnectDeps,
  row: ConnectionRow,
  error: unknown,
): Promise<never> {
  if (row.state === 'waiting' && error instanceof AppError) {
    await store.change(row, { problem: error.message });
  }
  throw error;
}

async function exchangeCode(
  deps: ConnectDeps,
  row: ConnectionRow,
  { code, error, errorDescription }: Callback,
): Promise<ConnectionRow> {
  const { store, connectors, credentials } = deps;
  const connector = connectors.get(row.connector);
  if (error !== undefined || code === undefined) {
    throw consentRefused(
      connector.name,
      problemText(errorDescription ?? error ?? 'it sent no code'),
    );
  }
  const { consentUrl: _used, ...stored } = await credentials.open(row);
  const client = clientOf(deps, row.connector, stored.client);
  const { callbackUrl } = deps;
  const codeExchange = { connector, row, stored, client, callbackUrl, code };
  const changed = await store.change(row, await consentOf(deps, row).redeem(codeExchange));
  if (!changed) throw connectionErrors.ConnectionChanged();
  if (changed.expiresAt) await store.wake(changed.id, refreshDueAt(changed));
  return changed;
}
