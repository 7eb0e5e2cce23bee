import type { Vault } from '../vault/index.js';
import type { ConnectionRow } from './store.js';

/** The client id and secret by which a service knows the hub, or one organization. */
export interface OAuthClient {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** The encrypted part of a connection: the fields a person filled in, the tokens of a grant, and its own OAuth client. */
export interface StoredCredential {
  /** By the names of `secretFieldsOf`, and `accessToken`. */
  readonly values: Readonly<Record<string, string>>;
  readonly refreshToken?: string | undefined;
  /** The organization's own OAuth client; default: the operator's. */
  readonly client?: OAuthClient | undefined;
  /** While connecting: https://www.rfc-editor.org/rfc/rfc7636#section-4.1 */
  readonly verifier?: string | undefined;
  /** While connecting: https://www.rfc-editor.org/rfc/rfc5849#section-2.1 */
  readonly requestToken?: { readonly token: string; readonly tokenSecret: string } | undefined;
  /** While connecting: where a person gives consent. */
  readonly consentUrl?: string | undefined;
}

type ConnectionRef = Pick<ConnectionRow, 'id' | 'organization'>;

/** Encrypts and decrypts credentials; each ciphertext is bound to its connection. */
export interface Credentials {
  seal(connection: ConnectionRef, credential: StoredCredential): Promise<string>;
  open(
    row: Pick<ConnectionRow, 'id' | 'organization' | 'sealedCredential'>,
  ): Promise<StoredCredential>;
}

export function createCredentials(vault: Vault): Credentials {
  const contextOf = ({ id, organization }: ConnectionRef) => ({
    organization,
    className: 'ServiceConnection',
    field: 'sealedCredential',
    recordId: id,
  });
  return {
    seal: (connection, credential) => vault.seal(JSON.stringify(credential), contextOf(connection)),
    async open(row) {
      if (row.sealedCredential === undefined) return { values: {} };
      return JSON.parse(await vault.open(row.sealedCredential, contextOf(row))) as StoredCredential;
    },
  };
}
