import type { FullEncryptionContext } from './context.js';

/** A new data key, open and wrapped. Whoever asked for it wipes `plain` after use. */
export interface DataKey {
  readonly keyId: string;
  readonly plain: Buffer;
  readonly wrapped: Buffer;
}

/**
 * Who keeps the key-encryption keys: the hub itself (`keyRing.ts`), or a service of the host's such as AWS KMS, for which
 * a host gives its own (`httpKms.ts` is an example). `place` is the encryption context: a data key unwraps for it alone.
 */
export interface Kms {
  /** The id of the key that wraps new data keys. `[A-Za-z0-9_-]`, at most 128 characters. */
  current(): Promise<string>;
  /** A random data key of 32 bytes, wrapped by the current key. */
  generate(context: FullEncryptionContext): Promise<DataKey>;
  /** Throws when the wrapped key is not what it was, or belongs to another place. The caller wipes what it gets. */
  unwrap(keyId: string, wrapped: Buffer, context: FullEncryptionContext): Promise<Buffer>;
}
