import { type AccessControl, maySee, visibleTo } from '../../accessControl/index.js';
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
import { applyTokens, refreshDueAt } from '../tokens/applyTokens.js';
import type { Refresh } from '../tokens/refresh.js';
import { ownParams } from '../tokens/renewTokens.js';
import { requestToken } from '../tokens/requestToken.js';
import { isUnavailable } from '../tokens/response.js';
import { revoke } from '../tokens/revoke.js';
import {
  checkFields,
  type ConnectionAdminDeps,
  draftConnection,
  type NewConnection,
  newConnection,
} from './newConnection.js';

interface ConnectionWithCredential extends NewConnection {
  /** The fields of the auth method, by the names of `secretFieldsOf`. */
  readonly credential: Readonly<Record<string, string>>;
}

interface ConnectionFilter {
  readonly connector?: string | undefined;
  readonly endUser?: string | undefined;
}

interface ConnectionUpdate {
  readonly name?: string | undefined;
  readonly accessControl?: AccessControl | undefined;
}

/** Connections by a credential: created, listed, tested, replaced, disconnected. */
export interface ConnectionAdmin {
  /** Stores nothing when the service refuses the credential. Throws CredentialRefused or ServiceUnreachable … */
  create(membership: Membership, request: ConnectionWithCredential): Promise<ConnectionRow>;
  /** Returns the connection that a credential would make, without storing it. Throws as `create` does. */
  validate(
    membership: Membership,
    request: Omit<ConnectionWithCredential, 'name'>,
  ): Promise<ConnectionRow>;
  /** Throws ConnectionNotFound, also when the caller may not see it. */
  get(membership: Membership, connectionId: string): Promise<ConnectionRow>;
  list(
    membership: Membership,
    filter: ConnectionFilter,
    request: PageRequest,
  ): Promise<Page<ConnectionRow>>;
  /** Lists every connection, also those that a caller may not see. */
  listAll(
    organizationId: string,
    filter: ConnectionFilter,
    request: PageRequest,
  ): Promise<Page<ConnectionRow>>;
  /** Throws ConnectionNotFound, ConnectionChanged or AccessControlNotUsable. */
  update(
    membership: Membership,
    connectionId: string,
    update: ConnectionUpdate,
  ): Promise<ConnectionRow>;
  /** Sends the connector's test request and stores the result. */
  test(membership: Membership, connectionId: string): Promise<ConnectionRow>;
  /** Replaces the credential of a connection. Keeps the old one, and throws as `create` does, when the service refuses it. */
  replaceCredential(
    connection: ConnectionRow,
    credential: Readonly<Record<string, string>>,
  ): Promise<ConnectionRow>;
  /** Deletes the credential, and revokes it at the service where the connector says how. */
  disconnect(membership: Membership, connectionId: string): Promise<ConnectionRow>;
}

export function createConnectionAdmin(
  deps: ConnectionAdminDeps & { readonly refresh: Refresh },
): ConnectionAdmin {
  const { store, connectors } = deps;

  async function get(membership: Membership, id: string): Promise<ConnectionRow> {
    const connection = await store.find(membership.organizationId, id);
    if (!connection || !maySee(membership, connection.accessList)) {
      throw connectionErrors.ConnectionNotFound();
    }
    return connection;
  }

  return {
    get,
    list: (membership, filter, request) =>
      store.page(
        { ...conditionOf(membership.organizationId, filter), ...visibleTo(membership) },
        request,
      ),
    listAll: (organizationId, filter, request) =>
      store.page(conditionOf(organizationId, filter), request),
    update: async (membership, connectionId, update) =>
      updateConnection(deps, await get(membership, connectionId), update),

    async create(membership, request) {
      const connector = connectors.get(request.connector);
      const { name: authMethodName, authMethod } = connectors.getAuthMethod(
        connector,
        request.authMethod,
      );
      checkCredential(deps, authMethod, request.credential);
      const row = await newConnection(deps, membership, { request, authMethodName, id: newId() });
      try {
        return await setCredential(deps, row, request.credential);
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
      const connector = connectors.get(connection.connector);
      const { authMethod } = connectors.getAuthMethod(connector, connection.authMethod);
      checkCredential(deps, authMethod, credential);
      return setCredential(deps, connection, credential);
    },

    async disconnect(membership, connectionId) {
      const connection = await get(membership, connectionId);
      await revoke(deps, connection);
      const changed = await store.change(connection, DISCONNECTED);
      if (!changed) throw connectionErrors.ConnectionChanged();
      return changed;
    },
  };
}

function conditionOf(organization: string, { connector, endUser }: ConnectionFilter) {
  return {
    organization,
    ...(connector !== undefined && { connector }),
    ...(endUser !== undefined && { endUser }),
  };
}

async function updateConnection(
  deps: ConnectionAdminDeps,
  row: ConnectionRow,
  { name, accessControl }: ConnectionUpdate,
): Promise<ConnectionRow> {
  const { store, checkAccessList, readersOf } = deps;
  const naming = name === undefined ? {} : { name };
  const accessList = await checkAccessList(row.organization, accessControl);
  const changed = accessControl
    ? await store.change(row, { ...naming, accessList }, readersOf(row.organization, accessList))
    : await store.change(row, naming);
  if (!changed) throw connectionErrors.ConnectionChanged();
  return changed;
}

/** Deletes everything secret from a connection. */
const DISCONNECTED = {
  state: 'disconnected',
  sealedCredential: undefined,
  expiresAt: undefined,
  problem: undefined,
  oauthStateHash: undefined,
  oauthBrowserHash: undefined,
  oauthStateEndsAt: undefined,
} satisfies ConnectionChange;

/** Checks a credential by the fields of its auth method. Throws ConsentNeeded or FieldsNotUsable. */
function checkCredential(
  { targets }: ConnectionAdminDeps,
  authMethod: AuthSpec,
  credential: Readonly<Record<string, string>>,
): void {
  if (needsConsent(authMethod)) throw connectionErrors.ConsentNeeded();
  checkFields(secretFieldsOf(authMethod), credential, targets);
}

/** Stores a credential after the service has accepted it; otherwise the previous one stays. */
async function setCredential(
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
  const { name: authMethodName, authMethod } = deps.connectors.getAuthMethod(
    connector,
    request.authMethod,
  );
  checkCredential(deps, authMethod, request.credential);
  const row = await draftConnection(deps, membership, {
    request: { ...request, name: connector.name },
    authMethodName,
    id: newId(),
  });
  return { ...row, ...(await tryCredential(deps, row, request.credential)) };
}

/** Tests a credential and returns the change that stores it. Throws CredentialRefused or ServiceUnreachable. */
async function tryCredential(
  deps: ConnectionAdminDeps,
  row: ConnectionRow,
  credential: Readonly<Record<string, string>>,
): Promise<ConnectionChange> {
  const connector = deps.connectors.get(row.connector);
  const { authMethod } = deps.connectors.getAuthMethod(connector, row.authMethod);
  const change = await credentialChange(deps, { row, connector, authMethod }, credential);
  const result = await deps.test({ ...row, ...change });
  if (result.kind === 'fails') throw refusalOf(connector, result.failure);
  return { ...change, ...deps.testChange(result) };
}

/** Returns the change that stores a credential: with the token requested by it, where the auth method has tokens. */
async function credentialChange(
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
    // The scopes of a previous credential say nothing about this one.
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
