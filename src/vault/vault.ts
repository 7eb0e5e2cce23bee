import { decrypt, encrypt } from './aead.js';
import { boundTo, type EncryptionContext } from './context.js';
import type { Kms } from './kms.js';
import { formatSealed, parseSealed } from './sealedText.js';

/** Encrypts small secrets for the database: each under its own data key, which a key-encryption key encrypts. */
export interface Vault {
  /** Encrypts a value. Never returns the same text twice; its length reveals the length of `plain`. */
  seal(plain: string, context: EncryptionContext): Promise<string>;
  /** Decrypts a value. Throws DoesNotOpen when the text was changed or the context is another one. */
  open(sealed: string, context: EncryptionContext): Promise<string>;
  /** `seal` for bytes, which stay as they are. */
  sealBytes(plain: Uint8Array, context: EncryptionContext): Promise<string>;
  /** `open` for bytes. The caller wipes them. */
  openBytes(sealed: string, context: EncryptionContext): Promise<Buffer>;
  /** Re-encrypts a value under the current key, with a new data key; `undefined` when it is already under that key. */
  reencrypt(sealed: string, context: EncryptionContext): Promise<string | undefined>;
}

export function createVault({ app, kms }: { readonly app: string; readonly kms: Kms }): Vault {
  const vault: Vault = {
    async seal(plain, context) {
      const bytes = Buffer.from(plain);
      try {
        return await vault.sealBytes(bytes, context);
      } finally {
        bytes.fill(0);
      }
    },

    async open(sealed, context) {
      const bytes = await vault.openBytes(sealed, context);
      const plain = bytes.toString();
      bytes.fill(0);
      return plain;
    },

    async sealBytes(plain, context) {
      const full = { app, ...context };
      const { keyId, plain: dataKey, wrapped } = await kms.generate(full);
      try {
        const bytes = Buffer.from(plain.buffer, plain.byteOffset, plain.byteLength);
        const box = encrypt(dataKey, bytes, { bound: boundTo(full, keyId, 'value') });
        return formatSealed({ keyId, wrapped, box });
      } finally {
        dataKey.fill(0);
      }
    },

    async openBytes(sealed, context) {
      const full = { app, ...context };
      const { keyId, wrapped, box } = parseSealed(sealed);
      const dataKey = await kms.unwrap(keyId, wrapped, full);
      try {
        return decrypt(dataKey, box, boundTo(full, keyId, 'value'));
      } finally {
        dataKey.fill(0);
      }
    },

    async reencrypt(sealed, context) {
      if (parseSealed(sealed).keyId === (await kms.current())) return undefined;
      const bytes = await vault.openBytes(sealed, context);
      try {
        return await vault.sealBytes(bytes, context);
      } finally {
        bytes.fill(0);
      }
    },
  };
  return vault;
}
