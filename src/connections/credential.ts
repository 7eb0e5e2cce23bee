import type { Vault } from '../vault/index.js';
import type { ConnectionRow } from './store.js';

/** What is sealed of a connection: what was filled in, what a grant gave, and the OAuth client if it is its own. */
export interface StoredCredential {
  /** By the names of `secretFieldsOf`, and `accessToken`. */
  readonly values: Readonly<Record<string, string>>;
  readonly refreshToken?: string | undefined;
  /** The organization's own OAuth client; without it the operator's is used. */
  readonly client?: { readonly clientId: string; readonly clientSecret: string } | undefined;
  /** While connecting: https://www.rfc-editor.org/rfc/rfc7636#section-4.1 */
  readonly verifier?: string | undefined;
  /** While connecting: https://www.rfc-editor.org/rfc/rfc5849#section-2.1 */
  readonly requestToken?: { readonly token: string; readonly tokenSecret: string } | undefined;
  /** While connecting: where a person gives consent. */
  readonly consentUrl?: string | undefined;
}

type ConnectionRef = Pick<ConnectionRow, 'id' | 'organization'>;

/** Seals and opens credentials, each bound to its connection. */
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
