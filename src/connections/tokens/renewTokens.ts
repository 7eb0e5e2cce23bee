import type { Connectors } from '../../connectors/index.js';
import type { AuthSpec, JwtServiceAccount, OAuth2ClientCredentials } from '../../contract/index.js';
import type { Credentials, StoredCredential } from '../credential.js';
import type { ConnectionRow } from '../store.js';
import { signAssertion } from './assertion.js';
import { requestToken, type TokenRequestDeps, type TokenResult } from './requestToken.js';
import type { OAuthClient,TokenAuthMethod } from './tokens.js';

export interface RenewDeps extends TokenRequestDeps {
  readonly connectors: Connectors;
  readonly credentials: Credentials;
  /** The operator's OAuth client for a connector. */
  clientOf(connectorKey: string): OAuthClient | undefined;
}

/** Asks for another token. Answers in words why nobody can be asked. */
export async function renewTokens(
  deps: RenewDeps,
  connection: ConnectionRow,
): Promise<TokenResult | string> {
  const { credentials, connectors } = deps;
  const connector = connectors.get(connection.connector);
  const [, authMethod] = connectors.getAuthMethod(connector, connection.authMethod);
  if (!hasTokens(authMethod)) return 'The service does not accept the credential any more';
  const stored = await credentials.open(connection);
  const client = stored.client ?? deps.clientOf(connection.connector);
  const { fields } = connection;
  const params = refreshParams(authMethod, stored, { fields, now: deps.clock.now() });
  if (!params || (!client && authMethod.kind !== 'jwtServiceAccount')) {
    return 'The token is over, and there is nothing to renew it with';
  }
  const url =
    authMethod.kind === 'oauth2Code' && authMethod.refresh !== 'none'
      ? authMethod.refresh.url
      : undefined;
  return requestToken(deps, connector, { authMethod, client, fields, params, url });
}

function hasTokens(authMethod: AuthSpec): authMethod is TokenAuthMethod {
  return (
    authMethod.kind === 'oauth2Code' ||
    authMethod.kind === 'oauth2ClientCredentials' ||
    authMethod.kind === 'jwtServiceAccount'
  );
}

interface RenewContext {
  /** The connection’s. */
  readonly fields: Readonly<Record<string, string>>;
  readonly now: Date;
}

function refreshParams(
  authMethod: TokenAuthMethod,
  stored: StoredCredential,
  at: RenewContext,
): Readonly<Record<string, string>> | undefined {
  if (authMethod.kind !== 'oauth2Code') return ownParams(authMethod, stored, at);
  const { refreshToken } = stored;
  if (authMethod.refresh === 'none' || refreshToken === undefined) return undefined;
  return { grant_type: 'refresh_token', refresh_token: refreshToken, ...authMethod.refresh.params };
}

/** What a client asks with in its own name, whenever it needs a token. */
export function ownParams(
  authMethod: OAuth2ClientCredentials | JwtServiceAccount,
  { values }: StoredCredential,
  { fields, now }: RenewContext,
): Readonly<Record<string, string>> {
  if (authMethod.kind === 'jwtServiceAccount') {
    // https://www.rfc-editor.org/rfc/rfc7523#section-2.1
    const assertion = signAssertion(authMethod, { values, fields, now });
    return { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion };
  }
  // https://www.rfc-editor.org/rfc/rfc6749#section-4.4.2
  const scope = authMethod.defaultScopes.join(authMethod.scopeSeparator ?? ' ');
  return { grant_type: 'client_credentials', ...(scope !== '' && { scope }) };
}
