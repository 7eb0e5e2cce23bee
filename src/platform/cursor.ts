import { commonErrors } from '../contract/index.js';

/** Encodes a position in a list as an opaque cursor, valid for that list only. */
export function encodeCursor(list: string, position: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify([list, ...position])).toString('base64url');
}

/**
 * Decodes a cursor made by `encodeCursor`; `read` returns `undefined` for an invalid position. Throws InvalidCursor for
 * that, for a cursor of another list, and for any other text.
 */
export function decodeCursor<Position>(
  list: string,
  cursor: string,
  read: (position: readonly unknown[]) => Position | undefined,
): Position {
  const [name, ...position] = listIn(cursor);
  const found = name === list ? read(position) : undefined;
  if (found === undefined) throw commonErrors.InvalidCursor();
  return found;
}

function listIn(cursor: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(value) ? value : [];
  } catch {
    // Not base64url of JSON: the same error as for any other invalid cursor.
    return [];
  }
}
