import { buildRequest, type Connectors, type Outgoing } from '../../connectors/index.js';
import { type ConnectorSpec, type OAuth2Code, path } from '../../contract/index.js';
import type { Clock } from '../../platform/clock.js';
import type { HttpClient } from '../../platform/http/index.js';
import type { Log } from '../../platform/log.js';
import { sendProviderRequest } from '../call/providerRequest.js';
import type { Credentials, OAuthClient } from '../credential.js';
import type { ConnectionRow } from '../store.js';

/** How long a revocation may take, in milliseconds. */
const TIMEOUT_MS = 10_000;

export interface RevokeDeps {
  readonly connectors: Connectors;
  readonly credentials: Credentials;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly log: Log;
  /** The operator's OAuth client for a connector. */
  clientOf(connectorKey: string): OAuthClient | undefined;
}

/** Revokes the token of a connection at the service, where the connector says how. A failure is logged, never thrown. */
export async function revoke(deps: RevokeDeps, connection: ConnectionRow): Promise<void> {
  // A host may have removed the connector since: then its revocation address is not known.
  const connector = deps.connectors.list().find(({ key }) => key === connection.connector);
  const authMethod = connector?.auth[connection.authMethod];
  if (!connector || authMethod?.kind !== 'oauth2Code' || !authMethod.revoke) return;
  if (connection.sealedCredential === undefined) return;
  const stored = await deps.credentials.open(connection);
  const { accessToken } = stored.values;
  if (accessToken === undefined) return;
  const { refreshToken } = stored;
  const client = stored.client ?? deps.clientOf(connection.connector);
  const token = refreshToken ?? accessToken;
  const outgoing = revocation(authMethod.revoke, connector, { token, accessToken, client });
  const secrets = [accessToken, refreshToken, client?.clientSecret];
  const outcome = await sendProviderRequest(deps, outgoing, {
    connector,
    timeoutMs: TIMEOUT_MS,
    secrets: secrets.filter((text) => text !== undefined),
  });
  if (outcome.kind === 'failure') {
    const { code, message } = outcome.failure;
    deps.log.warn({ connectionId: connection.id, code, message }, 'connection.revokeFailed');
  }
}

interface RevokedTokens {
  readonly token: string;
  readonly accessToken: string;
  readonly client: OAuthClient | undefined;
}

function revocation(
  { url, by }: NonNullable<OAuth2Code['revoke']>,
  connector: ConnectorSpec,
  { token, accessToken, client }: RevokedTokens,
): Outgoing {
  // https://www.rfc-editor.org/rfc/rfc7009#section-2.1
  const form = { token, client_id: client?.clientId, client_secret: client?.clientSecret };
  const bearer = { authorization: `Bearer ${accessToken}` };
  return buildRequest(
    { key: connector.key, servers: { revoke: url } },
    by === 'bearer'
      ? { method: 'POST', path: path``, headers: bearer }
      : { method: 'POST', path: path``, body: { form } },
    {},
  );
}
