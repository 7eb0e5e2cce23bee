import { type ProviderFailure, secretFieldsOf } from '../../connectors/index.js';
import {
  type AuthSpec,
  type ConnectorSpec,
  type Membership,
  needsConsent,
  type Page,
  type PageRequest,
} from '../../contract/index.js';
import { newId } from '../../platform/ids.js';
import type { StoredCredential } from '../credential.js';
import { connectionErrors } from '../errors.js';
import { problemText } from '../problemText.js';
import type { ConnectionChange, ConnectionRow } from '../store.js';
import { applyTokens, type Refresh, refreshDueAt } from '../tokens/refresh.js';
import { ownParams } from '../tokens/renewTokens.js';
import { requestToken } from '../tokens/requestToken.js';
import { revoke } from '../tokens/revoke.js';
import { isUnavailable } from '../tokens/tokens.js';
import {
  checkFields,
  type ConnectionAdminDeps,
  draftConnection,
  type NewConnection,
  newConnection,
} from './newConnection.js';

interface ConnectionWithCredential extends NewConnection {
  /** What the way asks for, by the names of `secretFieldsOf`. */
  readonly credential: Readonly<Record<string, string>>;
}

interface ConnectionFilter {
  readonly connector?: string | undefined;
  readonly endUser?: string | undefined;
}

export interface ConnectionAdmin {
  /** Nothing stays of one that the service does not accept. Throws CredentialRefused or ServiceUnreachable … */
  create(membership: Membership, request: ConnectionWithCredential): Promise<ConnectionRow>;
  /** Whose a credential is, without keeping it. Throws as `create` does. */
  validate(
    membership: Membership,
    request: Omit<ConnectionWithCredential, 'name'>,
  ): Promise<ConnectionRow>;
  /** Throws ConnectionNotFound. */
  get(membership: Membership, connectionId: string): Promise<ConnectionRow>;
  list(
    membership: Membership,
    filter: ConnectionFilter,
    request: PageRequest,
  ): Promise<Page<ConnectionRow>>;
  /** Asks the service whose the credential is, and keeps what it said. */
  test(membership: Membership, connectionId: string): Promise<ConnectionRow>;
  /** Another credential for a connection that has one. */
  replaceCredential(
    connection: ConnectionRow,
    credential: Readonly<Record<string, string>>,
  ): Promise<ConnectionRow>;
  /** Wipes the credential, and asks the service to forget it where it can. */
  disconnect(membership: Membership, connectionId: string): Promise<ConnectionRow>;
}

export function createConnectionAdmin(
  deps: ConnectionAdminDeps & { readonly refresh: Refresh },
): ConnectionAdmin {
  const { store, connectors } = deps;

  async function get({ organizationId }: Membership, id: string): Promise<ConnectionRow> {
    const connection = await store.find(organizationId, id);
    if (!connection) throw connectionErrors.ConnectionNotFound();
    return connection;
  }

  return {
    get,
    list: ({ organizationId }, { connector, endUser }, request) =>
      store.page(
        {
          organization: organizationId,
          ...(connector !== undefined && { connector }),
          ...(endUser !== undefined && { endUser }),
        },
        request,
      ),

    async create(membership, request) {
      const connector = connectors.get(request.connector);
      const [authMethodName, authMethod] = connectors.getAuthMethod(connector, request.authMethod);
      checkFields(secretFieldsOf(requireCredential(authMethod)), request.credential, deps.targets);
      const row = await newConnection(deps, membership, { request, authMethodName, id: newId() });
      try {
        return await withCredential(deps, row, request.credential);
      } catch (error) {
        await store.remove(row);
        throw error;
      }
    },

    validate: (membership, request) => validateCredential(deps, membership, request),

    async test(membership, connectionId) {
      return deps.testAndStore(await deps.refresh.fresh(await get(membership, connectionId)));
    },

    async replaceCredential(connection, credential) {
      const authMethod = connectors.getAuthMethod(
        connectors.get(connection.connector),
        connection.authMethod,
      )[1];
      checkFields(secretFieldsOf(requireCredential(authMethod)), credential, deps.targets);
      return withCredential(deps, connection, credential);
    },

    async disconnect(membership, connectionId) {
      const connection = await get(membership, connectionId);
      await revoke(deps, connection);
      const changed = await store.change(connection, WIPED);
      if (!changed) throw connectionErrors.ConnectionChanged();
      return changed;
    },
  };
}

/** What is left of a connection that is disconnected. */
const WIPED = {
  state: 'disconnected',
  sealedCredential: undefined,
  expiresAt: undefined,
  problem: undefined,
  attempt: undefined,
  attemptBrowser: undefined,
  attemptEndsAt: undefined,
} satisfies ConnectionChange;

function requireCredential(authMethod: AuthSpec): AuthSpec {
  if (needsConsent(authMethod)) throw connectionErrors.ConsentNeeded();
  return authMethod;
}

/** The connection with a credential that the service has accepted; what was there before stays when it does not. */
async function withCredential(
  deps: ConnectionAdminDeps,
  row: ConnectionRow,
  credential: Readonly<Record<string, string>>,
): Promise<ConnectionRow> {
  const { store } = deps;
  const changed = await store.change(row, await tryCredential(deps, row, credential));
  if (!changed) throw connectionErrors.ConnectionChanged();
  if (changed.expiresAt) await store.wake(changed.id, refreshDueAt(changed));
  return changed;
}

async function validateCredential(
  deps: ConnectionAdminDeps,
  membership: Membership,
  request: Omit<ConnectionWithCredential, 'name'>,
): Promise<ConnectionRow> {
  const connector = deps.connectors.get(request.connector);
  const [authMethodName, authMethod] = deps.connectors.getAuthMethod(connector, request.authMethod);
  checkFields(secretFieldsOf(requireCredential(authMethod)), request.credential, deps.targets);
  const row = await draftConnection(deps, membership, {
    request: { ...request, name: connector.name },
    authMethodName,
    id: newId(),
  });
  return { ...row, ...(await tryCredential(deps, row, request.credential)) };
}

/** What a connection becomes with a credential, once the service has accepted it. Throws CredentialRefused or ServiceUnreachable. */
async function tryCredential(
  deps: ConnectionAdminDeps,
  row: ConnectionRow,
  credential: Readonly<Record<string, string>>,
): Promise<ConnectionChange> {
  const connector = deps.connectors.get(row.connector);
  const authMethod = deps.connectors.getAuthMethod(connector, row.authMethod)[1];
  const change = await withTokens(deps, { row, connector, authMethod }, credential);
  const result = await deps.test({ ...row, ...change });
  if (result.kind === 'fails') throw refusalOf(connector, result.failure);
  return { ...change, ...deps.testChange(result) };
}

/** With a token, where the credential is good for one; else as it is. */
async function withTokens(
  deps: ConnectionAdminDeps,
  {
    row,
    connector,
    authMethod,
  }: {
    readonly row: ConnectionRow;
    readonly connector: ConnectorSpec;
    readonly authMethod: AuthSpec;
  },
  credential: Readonly<Record<string, string>>,
): Promise<ConnectionChange> {
  if (authMethod.kind !== 'oauth2ClientCredentials' && authMethod.kind !== 'jwtServiceAccount') {
    const sealedCredential = await deps.credentials.seal(row, { values: credential });
    // Scopes of the credential before say nothing of this one.
    return { state: 'connected', problem: undefined, sealedCredential, grantedScopes: undefined };
  }
  const { clientId = '', clientSecret = '' } = credential;
  const stored: StoredCredential =
    authMethod.kind === 'jwtServiceAccount'
      ? { values: credential }
      : { values: {}, client: { clientId, clientSecret } };
  const params = ownParams(authMethod, stored, { fields: row.fields, now: deps.clock.now() });
  const request = { authMethod, client: stored.client, fields: row.fields, params };
  const read = await requestToken(deps, connector, request);
  if ('failure' in read) throw refusalOf(connector, read.failure);
  const { grantedScopes: _before, ...fresh } = row;
  return applyTokens(deps, fresh, { tokens: read.tokens, stored });
}

function refusalOf({ name }: ConnectorSpec, failure: ProviderFailure): Error {
  const problem = problemText(failure.message ?? 'it gave no reason');
  return isUnavailable(failure)
    ? connectionErrors.ServiceUnreachable({ connector: name, problem })
    : connectionErrors.CredentialRefused({ connector: name, problem });
}
