import type { CheckAccessList } from '../accessControl/index.js';
import type { Connectors } from '../connectors/index.js';
import type { ConnectorSpec } from '../contract/index.js';
import type { Clock } from '../platform/clock.js';
import type { HttpClient, TargetPolicy } from '../platform/http/index.js';
import type { LaneWorker } from '../platform/lanes/index.js';
import type { Log } from '../platform/log.js';
import type { OrganizationRows } from '../platform/organizationRows.js';
import type { Vault } from '../vault/index.js';
import { type Connect, createConnect } from './authorize/flow.js';
import { createOAuthStates } from './authorize/state.js';
import { createSendAsConnection, type SendAsConnection } from './call/sendAsConnection.js';
import { createCredentials, type OAuthClient } from './credential.js';
import { type ConnectionAdmin, createConnectionAdmin } from './manage/connections.js';
import { disconnectAll } from './manage/disconnectAll.js';
import type { ConnectionDefaults } from './manage/newConnection.js';
import { runTest, testChange } from './manage/testConnection.js';
import { secretUrlsOf } from './manage/urls.js';
import type { NotifyDeps } from './notify.js';
import type { ConnectionRow, ConnectionStore } from './store.js';
import { createRefresh } from './tokens/refresh.js';

export { type CallOutcome, TOO_LARGE } from './call/providerRequest.js';
export type { OAuthClient } from './credential.js';
export { connectionErrors } from './errors.js';
export { checkFields } from './manage/newConnection.js';
export { problemText } from './problemText.js';
export { type ConnectionRow, connectionStore } from './store.js';

/** Credentials of organizations and their end users for services; see README.md in this folder. */
export interface Connections {
  readonly admin: ConnectionAdmin;
  readonly connect: Connect;
  /** Sends a request with the credential of a connection; refreshes the token before, and once more when it is refused. */
  readonly call: SendAsConnection;
  /** What is stored of an organization. */
  readonly ofOrganization: OrganizationRows;
  /** Disconnects every connection of an organization, as `disconnect` does, until the signal is aborted. */
  disconnectAll(organizationId: string, options: { readonly signal: AbortSignal }): Promise<void>;
  /** Returns `undefined` when the connection was deleted. */
  load(connectionId: string): Promise<ConnectionRow | undefined>;
  /** Works the lanes of kind `connection`: refreshes tokens before they expire, and notifies organizations of lost connections. */
  readonly work: LaneWorker;
}

export interface ConnectionsDeps extends Pick<NotifyDeps, 'publish'> {
  readonly store: ConnectionStore;
  readonly connectors: Connectors;
  readonly vault: Vault;
  readonly http: HttpClient;
  /** The policy for http:// URLs. */
  readonly targets: TargetPolicy;
  readonly clock: Clock;
  readonly log: Log;
  /** How long a token endpoint may take, in milliseconds; default 20 000. */
  readonly tokenTimeoutMs?: number | undefined;
  readonly hubSecret: string;
  /** The operator's OAuth clients by connector. */
  readonly clients: Readonly<Record<string, OAuthClient>>;
  readonly startUrl: string;
  readonly callbackUrl: string;
  readonly returnUrls: readonly string[];
  readonly checkAccessList: CheckAccessList;
  readersOf(organizationId: string, accessList?: readonly string[]): readonly string[];
  /** The organization's settings for all its connections to a service. */
  defaultsOf(organizationId: string, connector: string): Promise<ConnectionDefaults>;
}

export function createConnections(deps: ConnectionsDeps): Connections {
  const { store, connectors, clients } = deps;
  const credentials = createCredentials(deps.vault);
  const clientOf = (key: string) =>
    Object.hasOwn(clients, key) && hasFixedHosts(connectors.get(key)) ? clients[key] : undefined;
  const refresh = createRefresh({ ...deps, credentials, clientOf });
  const call = createSendAsConnection({ ...deps, credentials, refresh });
  const test = (connection: ConnectionRow, renew: boolean) =>
    runTest({ connectors, call }, connection, { renew });
  const admin = {
    ...deps,
    credentials,
    clientOf,
    test: (connection: ConnectionRow) => test(connection, false),
    testChange: (result: Parameters<typeof testChange>[0]) => testChange(result, deps.clock.now()),
    async testAndStore(connection: ConnectionRow) {
      const result = await test(connection, true);
      // The test may have renewed the token.
      const current = (await store.load(connection.id)) ?? connection;
      return (await store.change(current, testChange(result, deps.clock.now()))) ?? current;
    },
  };
  const connectionAdmin = createConnectionAdmin({ ...admin, refresh });
  return {
    admin: connectionAdmin,
    ofOrganization: store.ofOrganization,
    disconnectAll: (organizationId, { signal }) =>
      disconnectAll({ store, admin: connectionAdmin }, { organizationId, signal }),
    connect: createConnect({ ...admin, states: createOAuthStates(deps.hubSecret) }),
    call,
    load: store.load,
    work: refresh.work,
  };
}

/**
 * Returns whether the connector itself declares every host that receives an OAuth client's secret. The operator's
 * secret is not sent to a host that a person fills in: it could be their own server.
 */
function hasFixedHosts({ auth }: ConnectorSpec): boolean {
  return Object.values(auth)
    .flatMap(secretUrlsOf)
    .every((url) => /^https?:\/\/[^/]*[^/}](?:\/|$)/.test(url));
}
