import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
export const NONCE_BYTES = 12;
export const TAG_BYTES = 16;

/** Thrown when a value cannot be decrypted. The message contains neither the value nor its context. */
export class DoesNotOpen extends Error {}

/**
 * Encrypts with AES-256-GCM (NIST SP 800-38D). Returns a random nonce of 96 bits, the ciphertext and a tag of 128 bits; `bound`
 * is the additional authenticated data. `nonce` is for published test vectors only.
 */
export function encrypt(
  key: KeyObject | Buffer,
  plain: Buffer,
  { bound, nonce = randomBytes(NONCE_BYTES) }: { readonly bound: Buffer; readonly nonce?: Buffer },
): Buffer {
  const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(bound);
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Decrypts. Throws DoesNotOpen when the ciphertext, `bound` or the key is a different one. */
export function decrypt(key: KeyObject | Buffer, box: Buffer, bound: Buffer): Buffer {
  if (box.length < NONCE_BYTES + TAG_BYTES)
    throw new DoesNotOpen('An encrypted value is too short.');
  // Without authTagLength Node also accepts tags cut to four bytes, which can be guessed.
  const decipher = createDecipheriv(ALGORITHM, key, box.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(bound);
  decipher.setAuthTag(box.subarray(-TAG_BYTES));
  const text = decipher.update(box.subarray(NONCE_BYTES, -TAG_BYTES));
  try {
    return Buffer.concat([text, decipher.final()]);
  } catch {
    throw new DoesNotOpen(
      'An encrypted value cannot be decrypted: it was changed, or belongs to another row or field.',
    );
  } finally {
    text.fill(0);
  }
}
