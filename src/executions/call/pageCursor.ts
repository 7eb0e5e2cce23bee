import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';

import type { NextPage } from '../../connectors/index.js';
import { commonErrors } from '../../contract/index.js';
import { expandKey } from '../../vault/index.js';

/** Of which list a cursor is. */
interface Place {
  readonly integrationId: string;
  readonly action: string;
}

/**
 * What a caller holds to ask a service for its next page. Signed: it can name an address, and what is asked for goes out
 * with the credential.
 */
export interface PageCursors {
  make(next: NextPage, place: Place): string;
  /** Throws InvalidCursor for one of another list, or that nobody made. */
  read(cursor: string, place: Place): NextPage;
}

export function createPageCursors(hubSecret: string): PageCursors {
  const key = expandKey(hubSecret, { info: 'parse-integration-hub page cursor' });
  return {
    make(next, place) {
      const text = Buffer.from(JSON.stringify(next)).toString('base64url');
      return `${text}.${signature(key, text, place)}`;
    },
    read(cursor, place) {
      const [text = '', signed = ''] = cursor.split('.');
      const [given, expected] = [signed, signature(key, text, place)].map((each) =>
        Buffer.from(each),
      );
      if (!given || !expected || given.length !== expected.length)
        throw commonErrors.InvalidCursor();
      if (!timingSafeEqual(given, expected)) throw commonErrors.InvalidCursor();
      return JSON.parse(Buffer.from(text, 'base64url').toString()) as NextPage;
    },
  };
}

function signature(key: KeyObject, text: string, { integrationId, action }: Place): string {
  return createHmac('sha256', key)
    .update(JSON.stringify([integrationId, action, text]))
    .digest('base64url');
}
