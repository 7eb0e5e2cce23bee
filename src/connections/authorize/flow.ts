import { maySee } from '../../accessControl/index.js';
import {
  AppError,
  type AuthSpec,
  type ConsentAuthMethod,
  type Membership,
  needsConsent,
} from '../../contract/index.js';
import { newId } from '../../platform/ids.js';
import type { OAuthClient } from '../credential.js';
import { connectionErrors } from '../errors.js';
import {
  type ConnectionAdminDeps,
  type NewConnection,
  newConnection,
} from '../manage/newConnection.js';
import { problemText } from '../problemText.js';
import type { ConnectionRow } from '../store.js';
import { refreshDueAt } from '../tokens/applyTokens.js';
import { type Consent, consentRefused } from './consent.js';
import { oauth1Consent } from './oauth1.js';
import { oauth2Consent } from './oauth2.js';
import { checkReturnUrl } from './returnUrl.js';
import { hashOf, newBrowserProof, type OAuthStates, STATE_MINUTES } from './state.js';

interface ConnectRequest extends NewConnection {
  /** Where the browser goes afterwards. */
  readonly returnUrl?: string | undefined;
  /** In addition to the connector’s default scopes. */
  readonly scopes?: readonly string[] | undefined;
  /**
   * Whether the browser begins at the hub, as the hub's callback requires; default true. With false `url` is the service's
   * own address, and `finish` needs a membership.
   */
  readonly browser?: boolean | undefined;
  /** The organization’s own OAuth client; default: the operator's. */
  readonly client?: OAuthClient | undefined;
}

/** A connection that waits for consent, and the address where a person gives it. */
interface Started {
  readonly connection: ConnectionRow;
  readonly url: string;
}

/** The parameters of the callback: https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2; in OAuth 1 `code` is the verifier. */
interface Callback {
  readonly state: string;
  readonly code?: string | undefined;
  readonly error?: string | undefined;
  readonly errorDescription?: string | undefined;
}

/** Connects services by a person's consent. */
export interface Connect {
  /** Stores a new connection and returns where the person consents. Throws ConsentNotNeeded, ClientMissing, FieldsNotUsable … */
  start(membership: Membership, request: ConnectRequest): Promise<Started>;
  /** The same for an existing connection, which stays usable until the consent is given. */
  restart(
    connection: ConnectionRow,
    request: Pick<ConnectRequest, 'returnUrl' | 'scopes' | 'client' | 'browser'>,
  ): Promise<Started>;
  /** Returns the connection that an OAuth state would connect. Throws OAuthStateNotValid. */
  get(state: string): Promise<ConnectionRow>;
  /**
   * Binds an OAuth state to one browser: the callback finishes only with the returned `proof`. A later call replaces the
   * browser of an earlier one. Throws OAuthStateNotValid.
   */
  claim(state: string): Promise<{ readonly url: string; readonly proof: string }>;
  /**
   * Finishes a consent. `by`: the member who finishes, or the browser with its proof. The state is consumed, also when the
   * exchange fails, unless it belongs to another organization or browser. Throws OAuthStateNotValid, BrowserNotKnown,
   * ConsentRefused or ServiceUnreachable.
   */
  finish(
    callback: Callback,
    by: Finisher,
  ): Promise<{ readonly connection: ConnectionRow; readonly returnUrl?: string | undefined }>;
}

type Finisher = { readonly membership: Membership } | { readonly browserProof: string | undefined };

export interface ConnectDeps extends ConnectionAdminDeps {
  readonly states: OAuthStates;
  /** The hub's own addresses: where browsers begin, and where services redirect them to. */
  readonly startUrl: string;
  readonly callbackUrl: string;
  /** URL prefixes to which the browser may be redirected after consent. */
  readonly returnUrls: readonly string[];
}

export function createConnect(deps: ConnectDeps): Connect {
  const { store, connectors, credentials } = deps;

  return {
    async start(membership, request) {
      const connector = connectors.get(request.connector);
      const found = connectors.getAuthMethod(connector, request.authMethod);
      checkNeedsConsent(found.authMethod);
      clientOf(deps, request.connector, await ownClient(deps, membership, request));
      checkReturnUrl(deps.returnUrls, request.returnUrl);
      const row = await newConnection(deps, membership, {
        request,
        authMethodName: found.name,
        id: newId(),
      });
      return begin(deps, row, request).catch(async (error: unknown) => {
        await store.remove(row);
        throw error;
      });
    },

    async restart(connection, request) {
      checkNeedsConsent(authMethodOf(deps, connection));
      checkReturnUrl(deps.returnUrls, request.returnUrl);
      return begin(deps, connection, request);
    },

    async get(state) {
      return (await getByState(deps, state)).connection;
    },

    async claim(state) {
      const { connection } = await getByState(deps, state);
      const { consentUrl } = await credentials.open(connection);
      const { proof, hash } = newBrowserProof();
      const isClaimed =
        consentUrl !== undefined && (await store.change(connection, { oauthBrowserHash: hash }));
      if (!isClaimed) throw stateNotValid();
      return { url: consentUrl, proof };
    },

    async finish(callback, by) {
      const { connection: found, returnUrl } = await getByState(deps, callback.state);
      checkFinisher(found, by);
      const consumed = await store.change(found, {
        oauthStateHash: undefined,
        oauthBrowserHash: undefined,
        oauthStateEndsAt: undefined,
      });
      if (!consumed) throw stateNotValid();
      const connection = await exchangeCode(deps, consumed, callback).catch((error: unknown) =>
        recordFailure(deps, consumed, error),
      );
      return { connection: await deps.testAndStore(connection), returnUrl };
    },
  };
}

/** Returns the connection that a state may finish now. Throws OAuthStateNotValid. */
async function getByState({ states, store, clock }: ConnectDeps, state: string) {
  const verified = states.verify(state, clock.now());
  const connection = verified && (await store.load(verified.connectionId));
  if (!verified || connection?.oauthStateHash !== verified.hash) throw stateNotValid();
  return { connection, returnUrl: verified.returnUrl };
}

function stateNotValid(): Error {
  return connectionErrors.OAuthStateNotValid({ minutes: STATE_MINUTES });
}

/**
 * Throws unless the consent may be finished by this member or browser. Without this check an attacker could have their
 * consent finished by another user, or finish another user's.
 */
function checkFinisher(connection: ConnectionRow, by: Finisher): void {
  if ('membership' in by) {
    const isOwn = by.membership.organizationId === connection.organization;
    if (!isOwn || !maySee(by.membership, connection.accessList)) throw stateNotValid();
    return;
  }
  const proofHash = by.browserProof === undefined ? undefined : hashOf(by.browserProof);
  if (proofHash === undefined || proofHash !== connection.oauthBrowserHash)
    throw connectionErrors.BrowserNotKnown();
}

function checkNeedsConsent(authMethod: AuthSpec): asserts authMethod is ConsentAuthMethod {
  if (!needsConsent(authMethod)) throw connectionErrors.ConsentNotNeeded();
}

function authMethodOf({ connectors }: ConnectDeps, row: ConnectionRow): AuthSpec {
  return connectors.getAuthMethod(connectors.get(row.connector), row.authMethod).authMethod;
}

function consentOf(deps: ConnectDeps, row: ConnectionRow): Consent {
  const authMethod = authMethodOf(deps, row);
  checkNeedsConsent(authMethod);
  return authMethod.kind === 'oauth2Code'
    ? oauth2Consent(deps, authMethod)
    : oauth1Consent(deps, authMethod);
}

/**
 * Returns the organization's own OAuth client: the one in the request, else the one set for all its connections to the
 * service.
 */
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
  const { store, connectors, clock, states, credentials } = deps;
  const stored = await credentials.open(row);
  const { connector, organization: organizationId } = row;
  const requested = { connector, client: request.client };
  const own = (await ownClient(deps, { organizationId }, requested)) ?? stored.client;
  const client = clientOf(deps, connector, own);
  const { state, hash, endsAt } = states.sign(
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
    oauthStateHash: hash,
    oauthBrowserHash: undefined,
    oauthStateEndsAt: endsAt,
    ...(row.state === 'waiting' && { problem: undefined }),
    sealedCredential: await credentials.seal(row, {
      ...stored,
      ...(own && { client: own }),
      ...kept,
      consentUrl,
    }),
  });
  if (!changed) throw connectionErrors.ConnectionChanged();
  const startUrl = `${deps.startUrl}?${new URLSearchParams({ state }).toString()}`;
  return { connection: changed, url: request.browser === false ? consentUrl : startUrl };
}

/** Stores why the consent failed on a connection that waits for it. A connection that works meanwhile stays as it is. */
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
      problemText(errorDescription ?? error ?? 'it sent neither a code nor an error'),
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
