import type { ConnectorSpec } from '../../contract/index.js';
import type { StoredCredential } from '../credential.js';
import { connectionErrors } from '../errors.js';
import type { ConnectionChange, ConnectionRow } from '../store.js';
import type { RefreshDeps } from '../tokens/refresh.js';
import type { TokenRequestDeps } from '../tokens/requestToken.js';
import type { OAuthClient } from '../tokens/tokens.js';

/** How a person's consent is asked for and what it is exchanged for: one for each version of OAuth. */
export interface Consent {
  /** Where it is given, and what is kept, sealed, until the person comes back. Throws ServiceUnreachable. */
  authorizationRequest(request: ConsentRequest): Promise<AuthorizationRequest>;
  /** What the connection becomes. Throws ConsentRefused or ServiceUnreachable. */
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
  /** What the service sent the person back with. */
  readonly code: string;
}

export type ConsentDeps = TokenRequestDeps & Pick<RefreshDeps, 'credentials'>;

/** The service, or the person, said no. */
export function consentRefused(connector: string, problem: string): Error {
  return connectionErrors.ConsentRefused({ connector, problem });
}
