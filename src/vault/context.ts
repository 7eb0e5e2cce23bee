/** Where a sealed value belongs: it opens nowhere else. */
export interface EncryptionContext {
  readonly organization: string;
  /** The Parse class. */
  readonly className: string;
  readonly field: string;
  readonly recordId: string;
}

/** A place together with the application whose it is. */
export interface FullEncryptionContext extends EncryptionContext {
  readonly app: string;
}

/** What a sealed value and its data key are bound to: each part behind its length, so that no two places are the same bytes. */
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
