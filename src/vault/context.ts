/** The context of an encrypted value (AAD). The value decrypts with the same context only. */
export interface EncryptionContext {
  readonly organization: string;
  /** The Parse class. */
  readonly className: string;
  readonly field: string;
  readonly recordId: string;
}

/** An encryption context with the id of the application. */
export interface FullEncryptionContext extends EncryptionContext {
  readonly app: string;
}

/**
 * Returns the additional authenticated data of a value or its data key. Each part follows its length, so that two
 * contexts never give the same bytes.
 */
export function boundTo(
  context: FullEncryptionContext,
  keyId: string,
  purpose: 'value' | 'data key',
): Buffer {
  const { app, organization, className, field, recordId } = context;
  return lengthPrefixed([app, organization, className, field, recordId, keyId, purpose]);
}

function lengthPrefixed(parts: readonly string[]): Buffer {
  return Buffer.concat(
    parts.flatMap((part) => {
      const bytes = Buffer.from(part);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return [length, bytes];
    }),
  );
}
