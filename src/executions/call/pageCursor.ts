import type { NextPage } from '../../connectors/index.js';
import { commonErrors } from '../../contract/index.js';
import { expandKey, hasMac, macOf } from '../../platform/crypto/index.js';

/** Of which list a cursor is. */
interface CursorScope {
  readonly integrationId: string;
  readonly action: string;
}

/**
 * What a caller holds to ask a service for its next page. Signed: it can name an address, and what is asked for goes out
 * with the credential.
 */
export interface PageCursors {
  make(next: NextPage, scope: CursorScope): string;
  /** Throws InvalidCursor for one of another list, or that nobody made. */
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
