import { buildRequest } from '../../connectors/index.js';
import { type ConnectorSpec, type OAuth2Code, path } from '../../contract/index.js';
import { sendProviderRequest } from '../call/providerRequest.js';
import type { ConnectionAdminDeps } from '../manage/newConnection.js';
import type { ConnectionRow } from '../store.js';

/** How long the service may take to forget a token. */
const TIMEOUT_MS = 10_000;

/** Asks the service to forget the token of a connection. That it cannot be asked is no reason to keep the credential. */
export async function revoke(deps: ConnectionAdminDeps, connection: ConnectionRow): Promise<void> {
  // A host may bring a connector no more that somebody has connected: then nobody knows whom to ask.
  const connector = deps.connectors.list().find(({ key }) => key === connection.connector);
  const authMethod = connector?.auth[connection.authMethod];
  if (
    authMethod?.kind !== 'oauth2Code' ||
    !authMethod.revoke ||
    connection.sealedCredential === undefined
  )
    return;
  const stored = await deps.credentials.open(connection);
  const { accessToken } = stored.values;
  if (!connector || accessToken === undefined) return;
  const client = stored.client ?? deps.clientOf(connection.connector);
  const outcome = await sendProviderRequest(
    deps,
    revocation(authMethod.revoke, connector, {
      token: stored.refreshToken ?? accessToken,
      accessToken,
      client,
    }),
    {
      connector,
      timeoutMs: TIMEOUT_MS,
      secrets: [accessToken, stored.refreshToken, client?.clientSecret].filter(
        (text) => text !== undefined,
      ),
    },
  );
  if (outcome.kind === 'failure') {
    const { code, message } = outcome.failure;
    deps.log.warn({ connectionId: connection.id, code, message }, 'connection.revokeFailed');
  }
}

function revocation(
  { url, by }: NonNullable<OAuth2Code['revoke']>,
  connector: ConnectorSpec,
  {
    token,
    accessToken,
    client,
  }: {
    readonly token: string;
    readonly accessToken: string;
    readonly client: { readonly clientId: string; readonly clientSecret: string } | undefined;
  },
) {
  // https://www.rfc-editor.org/rfc/rfc7009#section-2.1
  const form = { token, client_id: client?.clientId, client_secret: client?.clientSecret };
  const bearer = { authorization: `Bearer ${accessToken}` };
  const request = buildRequest(
    { key: connector.key, servers: { revoke: url } },
    by === 'bearer'
      ? { method: 'POST', path: path``, headers: bearer }
      : { method: 'POST', path: path``, body: { form } },
    {},
  );
  return request;
}
