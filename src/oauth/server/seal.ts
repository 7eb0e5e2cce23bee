import type { KeyObject } from 'node:crypto';

import { deriveKeys, expandKey, type Secrets } from '../../platform/crypto/index.js';
import { decrypt, DoesNotOpen, encrypt } from '../../vault/index.js';

/**
 * Encrypts the payloads of the authorization server, under a key derived from the hub’s secret. It does not use the vault:
 * payloads live for minutes, are written with each step, and have to be decrypted without a call to a key service.
 */
export interface Seals {
  /** `context` names the row that the text is stored in; it decrypts with the same context only. */
  seal(text: string, context: string): string;
  /** `undefined` when the text was encrypted under a removed secret, was changed, or has another context. */
  open(sealed: string, context: string): string | undefined;
  /** Whether the text is encrypted under the current secret. */
  isPresent(sealed: string): boolean;
}

export function createSeals(secrets: Secrets): Seals {
  const keys = deriveKeys(secrets, 'oauth seal 1', idOf);
  const [now] = keys;
  return {
    seal: (text, context) =>
      `${now.id}.${encrypt(now.key, Buffer.from(text), { bound: Buffer.from(context) }).toString('base64url')}`,
    open(sealed, context) {
      const [id, box = ''] = sealed.split('.');
      const known = keys.find((each) => each.id === id);
      if (!known) return undefined;
      try {
        return decrypt(known.key, Buffer.from(box, 'base64url'), Buffer.from(context)).toString();
      } catch (error) {
        if (error instanceof DoesNotOpen) return undefined;
        throw error;
      }
    },
    isPresent: (sealed) => sealed.startsWith(`${now.id}.`),
  };
}

/**
 * Returns the id of a key, derived from the same secret for another purpose, so that it reveals nothing about the key.
 */
function idOf(_key: KeyObject, secret: string): string {
  const id = expandKey(secret, { info: 'parse-integration-hub oauth seal id 1', length: 6 });
  return id.export().toString('base64url');
}
