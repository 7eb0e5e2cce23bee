import type { Vault } from '../vault/index.js';
import { readSettings } from './settings.js';
import type { IntegrationRow } from './store.js';

export type Headers = Readonly<Record<string, string>>;
type IntegrationIdentity = Pick<IntegrationRow, 'id' | 'organization'>;
type StoredHeaders = Pick<IntegrationRow, 'headerNames' | 'sealedHeaders'>;

/** Encrypts the values of an integration's own headers; each ciphertext is bound to its integration. */
export interface HeaderVault {
  /** Returns the fields that store these headers. */
  seal(integration: IntegrationIdentity, headers: Headers): Promise<StoredHeaders>;
  /** Returns the headers of a row, decrypted. */
  open(row: IntegrationRow): Promise<Headers>;
}

export function createHeaderVault(vault: Vault): HeaderVault {
  return {
    async seal(integration, headers) {
      const headerNames = Object.keys(headers);
      if (headerNames.length === 0) return { headerNames, sealedHeaders: undefined };
      const sealedHeaders = await vault.seal(JSON.stringify(headers), contextOf(integration));
      return { headerNames, sealedHeaders };
    },
    async open(row) {
      const clear = clearHeadersOf(row);
      if (clear) return clear;
      if (row.sealedHeaders === undefined) return {};
      return JSON.parse(await vault.open(row.sealedHeaders, contextOf(row))) as Headers;
    },
  };
}

/** Returns the names of the headers of a row. */
export function headerNamesOf(row: IntegrationRow): readonly string[] {
  const clear = clearHeadersOf(row);
  return clear ? Object.keys(clear) : (row.headerNames ?? []);
}

/**
 * Returns headers that a process of a version before encryption stored in the settings. They are the newest: such a
 * process does not know `sealedHeaders`.
 */
export function clearHeadersOf({
  settings,
}: Pick<IntegrationRow, 'settings'>): Headers | undefined {
  if (!settings.includes('"headers"')) return undefined;
  const { headers } = readSettings(settings);
  return Object.keys(headers).length > 0 ? headers : undefined;
}

/** Returns the settings as they are stored: without headers. */
export function withoutHeaders(settings: { readonly headers: Headers }): string {
  const { headers: _encrypted, ...others } = settings;
  return JSON.stringify(others);
}

function contextOf({ id, organization }: IntegrationIdentity) {
  return { organization, className: 'Integration', field: 'sealedHeaders', recordId: id };
}
