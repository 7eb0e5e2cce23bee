/** Where a sealed value belongs: it opens nowhere else. */
export interface Place {
  readonly organization: string;
  /** The Parse class. */
  readonly className: string;
  readonly field: string;
  readonly recordId: string;
}

/** A place together with the application whose it is. */
export interface FullPlace extends Place {
  readonly app: string;
}

/** What a sealed value and its data key are bound to: each part behind its length, so that no two places are the same bytes. */
export function boundTo(place: FullPlace, keyId: string, purpose: 'value' | 'data key'): Buffer {
  const { app, organization, className, field, recordId } = place;
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
