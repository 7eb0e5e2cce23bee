import type { Connectors } from '../../connectors/index.js';
import type { AuthSpec, JwtServiceAccount, OAuth2ClientCredentials } from '../../contract/index.js';
import type { Credentials, StoredCredential } from '../credential.js';
import type { ConnectionRow } from '../store.js';
import { signAssertion } from './assertion.js';
import { grant, type GrantDeps, type Granted } from './requestToken.js';
import type { Grant, OAuthClient } from './tokens.js';

export interface AskDeps extends GrantDeps {
  readonly connectors: Connectors;
  readonly credentials: Credentials;
  /** The operator's OAuth client for a connector. */
  clientOf(connectorKey: string): OAuthClient | undefined;
}

/** Asks for another token. Answers in words why nobody can be asked. */
export async function askForTokens(
  deps: AskDeps,
  connection: ConnectionRow,
): Promise<Granted | string> {
  const { credentials, connectors } = deps;
  const connector = connectors.get(connection.connector);
  const [, way] = connectors.getWay(connector, connection.way);
  if (!hasTokens(way)) return 'The service does not accept the credential any more';
  const stored = await credentials.open(connection);
  const client = stored.client ?? deps.clientOf(connection.connector);
  const { fields } = connection;
  const params = refreshParams(way, stored, { fields, now: deps.clock.now() });
  if (!params || (!client && way.kind !== 'jwtServiceAccount')) {
    return 'The token is over, and there is nothing to renew it with';
  }
  const url = way.kind === 'oauth2Code' && way.refresh !== 'none' ? way.refresh.url : undefined;
  return grant(deps, connector, { way, client, fields, params, url });
}

function hasTokens(way: AuthSpec): way is Grant {
  return (
    way.kind === 'oauth2Code' ||
    way.kind === 'oauth2ClientCredentials' ||
    way.kind === 'jwtServiceAccount'
  );
}

interface AskedAt {
  /** The connection’s. */
  readonly fields: Readonly<Record<string, string>>;
  readonly now: Date;
}

function refreshParams(
  way: Grant,
  stored: StoredCredential,
  at: AskedAt,
): Readonly<Record<string, string>> | undefined {
  if (way.kind !== 'oauth2Code') return ownParams(way, stored, at);
  const { refreshToken } = stored;
  if (way.refresh === 'none' || refreshToken === undefined) return undefined;
  return { grant_type: 'refresh_token', refresh_token: refreshToken, ...way.refresh.params };
}

/** What a client asks with in its own name, whenever it needs a token. */
export function ownParams(
  way: OAuth2ClientCredentials | JwtServiceAccount,
  { values }: StoredCredential,
  { fields, now }: AskedAt,
): Readonly<Record<string, string>> {
  if (way.kind === 'jwtServiceAccount') {
    // https://www.rfc-editor.org/rfc/rfc7523#section-2.1
    const assertion = signAssertion(way, { values, fields, now });
    return { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion };
  }
  // https://www.rfc-editor.org/rfc/rfc6749#section-4.4.2
  const scope = way.defaultScopes.join(way.scopeSeparator ?? ' ');
  return { grant_type: 'client_credentials', ...(scope !== '' && { scope }) };
}
