import { authorise, type Connectors, type Outgoing } from '../connectors/index.js';
import type { Clock } from '../platform/clock.js';
import type { HttpClient } from '../platform/http/index.js';
import type { Credentials } from './credential.js';
import { type CallOptions, type CallOutcome, exchange } from './exchange.js';
import type { Refresh } from './refresh.js';
import type { ConnectionRow } from './store.js';

/** Sends one request as a connection. Never throws for what the service does. */
export type CallService = (
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

export function createCallService(deps: CallDeps): CallService {
  const { connectors, credentials, clock, refresh } = deps;

  async function send(
    connection: ConnectionRow,
    outgoing: Outgoing,
    options: CallOptions,
  ): Promise<CallOutcome> {
    const connector = connectors.get(connection.connector);
    const [, way] = connectors.getWay(connector, connection.way);
    const { values } = await credentials.open(connection);
    const now = clock.now();
    const { fields } = connection;
    const authorised = authorise(outgoing, { way, credential: values, fields, now });
    return exchange(deps, authorised, { ...options, connector });
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
