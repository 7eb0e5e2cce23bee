import { decrypt, encrypt } from './aead.js';
import { boundTo, type EncryptionContext } from './context.js';
import type { Kms } from './kms.js';
import { formatSealed, parseSealed } from './sealedText.js';

/** Seals small secrets for the database: each under a data key of its own, which a key-encryption key wraps. */
export interface Vault {
  /** Never the same twice. The length of `plain` shows. */
  seal(plain: string, context: EncryptionContext): Promise<string>;
  /** Throws DoesNotOpen when anything is not as it was when sealed. */
  open(sealed: string, context: EncryptionContext): Promise<string>;
  /** The same value sealed anew under the current key, data key included; `undefined` when it is under that already. */
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
