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
  /** Re-encrypts a value under the current key, with a new data key; `undefined` when it is already under that key. */
  reencrypt(sealed: string, context: EncryptionContext): Promise<string | undefined>;
}

export function createVault({ app, kms }: { readonly app: string; readonly kms: Kms }): Vault {
  const vault: Vault = {
    async seal(plain, context) {
      const full = { app, ...context };
      const { keyId, plain: dataKey, wrapped } = await kms.generate(full);
      const text = Buffer.from(plain);
      try {
        const box = encrypt(dataKey, text, { bound: boundTo(full, keyId, 'value') });
        return formatSealed({ keyId, wrapped, box });
      } finally {
        dataKey.fill(0);
        text.fill(0);
      }
    },

    async open(sealed, context) {
      const full = { app, ...context };
      const { keyId, wrapped, box } = parseSealed(sealed);
      const dataKey = await kms.unwrap(keyId, wrapped, full);
      try {
        const text = decrypt(dataKey, box, boundTo(full, keyId, 'value'));
        const plain = text.toString();
        text.fill(0);
        return plain;
      } finally {
        dataKey.fill(0);
      }
    },

    async reencrypt(sealed, context) {
      if (parseSealed(sealed).keyId === (await kms.current())) return undefined;
      return vault.seal(await vault.open(sealed, context), context);
    },
  };
  return vault;
}
