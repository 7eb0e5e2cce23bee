import type { ConnectorSpec } from '../../contract/index.js';
import type { Credentials, OAuthClient, StoredCredential } from '../credential.js';
import { connectionErrors } from '../errors.js';
import type { ConnectionChange, ConnectionRow } from '../store.js';
import type { TokenRequestDeps } from '../tokens/requestToken.js';

/** How a person's consent is requested and redeemed; one implementation for each version of OAuth. */
export interface Consent {
  /** Returns where the person consents, and what is stored, encrypted, until they return. Throws ServiceUnreachable. */
  authorizationRequest(request: ConsentRequest): Promise<AuthorizationRequest>;
  /** Exchanges the code for tokens and returns the change of the connection. Throws ConsentRefused or ServiceUnreachable. */
  redeem(exchange: CodeExchange): Promise<ConnectionChange>;
}

export interface ConsentRequest {
  readonly connector: ConnectorSpec;
  readonly fields: Readonly<Record<string, string>>;
  readonly client: OAuthClient;
  readonly scopes: readonly string[];
  readonly state: string;
  readonly callbackUrl: string;
}

interface AuthorizationRequest {
  readonly url: string;
  readonly kept: Pick<StoredCredential, 'verifier' | 'requestToken'>;
}

interface CodeExchange {
  readonly connector: ConnectorSpec;
  readonly row: ConnectionRow;
  readonly stored: StoredCredential;
  readonly client: OAuthClient;
  readonly callbackUrl: string;
  /** From the callback; the verifier in OAuth 1. */
  readonly code: string;
}

export interface ConsentDeps extends TokenRequestDeps {
  readonly credentials: Credentials;
}

/** Returns the error when the service, or the person, refused the consent. */
export function consentRefused(connector: string, problem: string): Error {
  return connectionErrors.ConsentRefused({ connector, problem });
}
