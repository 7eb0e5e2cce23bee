import { createHash } from 'node:crypto';

import { isDeeperThan } from '../../contract/index.js';
import { canonicalJsonOf } from '../../platform/crypto/index.js';

/** The largest body that is sent, in bytes of UTF-8: 256 KiB. */
export const BODY_BYTES_MAX = 256 * 1024;
/** How deep objects and arrays may nest in `data`: with the envelope around it 64, beyond which .NET refuses JSON. */
export const DATA_DEPTH_MAX = 63;

/** A body to be sent, or why there is none: a publisher's mistake, so a value and not an exception. */
export type Composed =
  | { readonly kind: 'body'; readonly body: string; readonly bodyBytes: number }
  | { readonly kind: 'tooLarge'; readonly bodyBytes: number }
  | { readonly kind: 'tooDeep' };

/**
 * The body that webhooks receive, made once per event and then kept: what is signed and sent, by every attempt, are these
 * very bytes. `data` is a JSON value; what JSON has no word for is left out, as `JSON.stringify` does, and no data is null.
 */
export function composeBody(type: string, at: Date, data: unknown): Composed {
  if (isDeeperThan(data, DATA_DEPTH_MAX)) return { kind: 'tooDeep' };
  const body = JSON.stringify({ type, timestamp: at.toISOString(), data: data ?? null });
  const bodyBytes = Buffer.byteLength(body);
  return bodyBytes > BODY_BYTES_MAX
    ? { kind: 'tooLarge', bodyBytes }
    : { kind: 'body', body, bodyBytes };
}

/**
 * Tells a repeated publication from another event under the same idempotency key: 64 hex digits, equal for equal type and
 * data whatever the order of their keys. Only for data that `composeBody` accepted: deeper data overflows the stack.
 */
export function fingerprint(type: string, data: unknown): string {
  return createHash('sha256')
    .update(canonicalJsonOf([type, data ?? null]))
    .digest('hex');
}
