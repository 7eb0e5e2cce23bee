import { createHmac, type KeyObject } from 'node:crypto';

import { constantTimeEqual } from './constantTimeEqual.js';

/** Returns the HMAC-SHA-256 of a text, in base64url: https://www.rfc-editor.org/rfc/rfc2104 */
export function macOf(key: KeyObject, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64url');
}

/** Returns whether a MAC belongs to a text, compared in constant time. */
export function hasMac(key: KeyObject, text: string, mac: string): boolean {
  return constantTimeEqual(mac, macOf(key, text));
}
