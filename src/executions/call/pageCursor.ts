import type { NextPage } from '../../connectors/index.js';
import { commonErrors } from '../../contract/index.js';
import { expandKey, hasMac, macOf } from '../../platform/crypto/index.js';

/** The list that a cursor belongs to. */
interface CursorScope {
  readonly integrationId: string;
  readonly action: string;
}

/**
 * Cursors that callers pass to request the next page of a service's list. They are signed, because a cursor may name an
 * address, and the request to it carries the credential.
 */
export interface PageCursors {
  make(next: NextPage, scope: CursorScope): string;
  /** Throws InvalidCursor for a cursor of another list, and for one that `make` did not return. */
  read(cursor: string, scope: CursorScope): NextPage;
}

export function createPageCursors(hubSecret: string): PageCursors {
  const key = expandKey(hubSecret, { info: 'parse-integration-hub page cursor' });
  return {
    make(next, scope) {
      const text = Buffer.from(JSON.stringify(next)).toString('base64url');
      return `${text}.${macOf(key, signed(text, scope))}`;
    },
    read(cursor, scope) {
      const [text = '', mac = ''] = cursor.split('.');
      if (!hasMac(key, signed(text, scope), mac)) throw commonErrors.InvalidCursor();
      return JSON.parse(Buffer.from(text, 'base64url').toString()) as NextPage;
    },
  };
}

function signed(text: string, { integrationId, action }: CursorScope): string {
  return JSON.stringify([integrationId, action, text]);
}
