import type { Connectors } from '../../connectors/index.js';
import type { AuthSpec, JwtServiceAccount, OAuth2ClientCredentials } from '../../contract/index.js';
import type { Credentials, OAuthClient, StoredCredential } from '../credential.js';
import type { ConnectionRow } from '../store.js';
import { signAssertion } from './assertion.js';
import type { TokenAuthMethod } from './request.js';
import { requestToken, type TokenRequestDeps, type TokenResult } from './requestToken.js';

export interface RenewDeps extends TokenRequestDeps {
  readonly connectors: Connectors;
  readonly credentials: Credentials;
  /** The operator's OAuth client for a connector. */
  clientOf(connectorKey: string): OAuthClient | undefined;
}

/** The token endpoint cannot be called: what is missing, as a sentence without a full stop. */
interface NotRenewable {
  readonly problem: string;
}

/** Requests a new token for a connection. Returns a problem, and sends nothing, when it has nothing to request one with. */
export async function renewTokens(
  deps: RenewDeps,
  connection: ConnectionRow,
): Promise<TokenResult | NotRenewable> {
  const { credentials, connectors } = deps;
  const connector = connectors.get(connection.connector);
  const { authMethod } = connectors.getAuthMethod(connector, connection.authMethod);
  if (!hasTokens(authMethod)) return { problem: 'The service no longer accepts the credential' };
  const stored = await credentials.open(connection);
  const client = stored.client ?? deps.clientOf(connection.connector);
  const { fields } = connection;
  const params = refreshParams(authMethod, stored, { fields, now: deps.clock.now() });
  if (!params) {
    return { problem: 'The access token has expired and the service gave no refresh token' };
  }
  if (!client && authMethod.kind !== 'jwtServiceAccount') {
    return { problem: 'The access token has expired and there is no OAuth client to refresh it' };
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
  context: RenewContext,
): Readonly<Record<string, string>> | undefined {
  if (authMethod.kind !== 'oauth2Code') return ownParams(authMethod, stored, context);
  const { refreshToken } = stored;
  if (authMethod.refresh === 'none' || refreshToken === undefined) return undefined;
  return { grant_type: 'refresh_token', refresh_token: refreshToken, ...authMethod.refresh.params };
}

/** Returns the parameters by which a client requests a token for itself, without a person. Throws FieldsNotUsable. */
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
