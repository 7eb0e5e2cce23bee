import {
  authorize,
  type Connectors,
  type Outgoing,
  secretFieldsOf,
} from '../../connectors/index.js';
import type { AuthSpec } from '../../contract/index.js';
import type { Clock } from '../../platform/clock.js';
import type { HttpClient } from '../../platform/http/index.js';
import type { Credentials, StoredCredential } from '../credential.js';
import type { ConnectionRow } from '../store.js';
import type { Refresh } from '../tokens/refresh.js';
import { type CallOptions, type CallOutcome, sendProviderRequest } from './providerRequest.js';

/** Sends one request with the credential of a connection. Never throws for a failure of the service. */
export type SendAsConnection = (
  connection: ConnectionRow,
  outgoing: Outgoing,
  options?: CallOptions,
) => Promise<CallOutcome>;

export interface CallDeps {
  readonly connectors: Connectors;
  readonly credentials: Credentials;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly refresh: Refresh;
}

export function createSendAsConnection(deps: CallDeps): SendAsConnection {
  const { connectors, credentials, clock, refresh } = deps;

  async function send(
    connection: ConnectionRow,
    outgoing: Outgoing,
    options: CallOptions,
  ): Promise<CallOutcome> {
    const connector = connectors.get(connection.connector);
    const { authMethod } = connectors.getAuthMethod(connector, connection.authMethod);
    const stored = await credentials.open(connection);
    const { values } = stored;
    const now = clock.now();
    const { fields } = connection;
    const authorized = authorize(outgoing, { authMethod, credential: values, fields, now });
    const secrets = [...secretsOf(authMethod, stored, authorized), ...(options.secrets ?? [])];
    return sendProviderRequest(deps, authorized, { ...options, connector, secrets });
  }

  return async (loaded, outgoing, options = {}) => {
    const connection = await refresh.fresh(loaded);
    const outcome = await send(connection, outgoing, options);
    const isRefused = outcome.kind === 'failure' && outcome.failure.kind === 'authentication';
    if (!isRefused || options.renew === false) return outcome;
    // The token was revoked, or expired earlier than announced: send once more with a new token, if there is one.
    const renewed = await refresh.renew(connection);
    const isRenewed = renewed.state === 'connected' && renewed.revision !== connection.revision;
    return isRenewed ? send(renewed, outgoing, options) : outcome;
  };
}

/** Returns the secrets of a credential, as they are stored and as they are sent. */
function secretsOf(
  authMethod: AuthSpec,
  { values, refreshToken, client }: StoredCredential,
  { headers }: Outgoing,
): readonly string[] {
  const authorization = headers['authorization']?.replace(/^\S+ /, '');
  const fields = secretFieldsOf(authMethod);
  // Fields of another type, such as a user name, are not secret and occur in responses.
  const secret = Object.entries(values)
    .filter(([name]) => fields[name] === undefined || fields[name].type === 'secret')
    .map(([, value]) => value);
  return [...secret, authorization, refreshToken, client?.clientSecret].filter(
    (text) => text !== undefined,
  );
}
