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

/** Sends one request as a connection. Never throws for what the service does. */
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
    const [, authMethod] = connectors.getAuthMethod(connector, connection.authMethod);
    const stored = await credentials.open(connection);
    const { values } = stored;
    const now = clock.now();
    const { fields } = connection;
    const authorized = authorize(outgoing, { authMethod, credential: values, fields, now });
    const secrets = secretsIn(authMethod, stored, authorized);
    return sendProviderRequest(deps, authorized, { ...options, connector, secrets });
  }

  return async (given, outgoing, options = {}) => {
    const connection = await refresh.fresh(given);
    const outcome = await send(connection, outgoing, options);
    const isRefused = outcome.kind === 'failure' && outcome.failure.kind === 'authentication';
    if (!isRefused || options.renew === false) return outcome;
    // Revoked, or expired earlier than the service had said: once with a new token, if there can be one.
    const renewed = await refresh.renew(connection);
    const isRenewed = renewed.state === 'connected' && renewed.revision !== connection.revision;
    return isRenewed ? send(renewed, outgoing, options) : outcome;
  };
}

/** A credential as it is stored and as it is sent. */
function secretsIn(
  authMethod: AuthSpec,
  { values, refreshToken, client }: StoredCredential,
  { headers }: Outgoing,
): readonly string[] {
  const authorization = headers['authorization']?.replace(/^\S+ /, '');
  const fields = secretFieldsOf(authMethod);
  // An account’s name is no secret, and answers have it: what a field does not call public is.
  const secret = Object.entries(values)
    .filter(([name]) => fields[name] === undefined || fields[name].type === 'secret')
    .map(([, value]) => value);
  return [...secret, authorization, refreshToken, client?.clientSecret].filter(
    (text) => text !== undefined,
  );
}
