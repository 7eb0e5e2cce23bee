import type { FullEncryptionContext } from './context.js';

/** A new data key, in plain and encrypted (wrapped). The caller wipes `plain` after use. */
export interface DataKey {
  readonly keyId: string;
  readonly plain: Buffer;
  readonly wrapped: Buffer;
}

/**
 * Keeps the key-encryption keys: the hub itself (`keyRing.ts`), or the host's own implementation over a service such as
 * AWS KMS (`httpKms.ts` is an example). A data key can be unwrapped only with the encryption context that it was
 * generated for.
 */
export interface Kms {
  /** The id of the key that wraps new data keys. `[A-Za-z0-9_-]`, at most 128 characters. */
  current(): Promise<string>;
  /** A random data key of 32 bytes, wrapped by the current key. */
  generate(context: FullEncryptionContext): Promise<DataKey>;
  /** Throws when the wrapped key was changed or has another context. The caller wipes the returned key. */
  unwrap(keyId: string, wrapped: Buffer, context: FullEncryptionContext): Promise<Buffer>;
}
