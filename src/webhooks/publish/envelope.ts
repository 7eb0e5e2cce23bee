import { createHash } from 'node:crypto';

import { isDeeperThan } from '../../contract/index.js';
import { canonicalJsonOf } from '../../platform/crypto/index.js';

/** The largest body that is sent, in bytes of UTF-8: 256 KiB. */
export const BODY_BYTES_MAX = 256 * 1024;
/** How deep objects and arrays may nest in `data`. With the envelope that is 64, beyond which .NET refuses JSON. */
export const DATA_DEPTH_MAX = 63;

/** A body to be sent, or why there is none. A value and not an exception, because the publisher causes it. */
export type Composed =
  | { readonly kind: 'body'; readonly body: string; readonly bodyBytes: number }
  | { readonly kind: 'tooLarge'; readonly bodyBytes: number }
  | { readonly kind: 'tooDeep' };

/**
 * Composes the body that webhooks receive. It is composed once for each event and stored; every attempt signs and sends
 * these bytes. `data` is a JSON value: what JSON cannot express is omitted, as `JSON.stringify` does. Without data it is null.
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
 * Returns 64 hex digits that are equal for equal type and data, whatever the order of their keys: they distinguish a
 * repeated publication from another event with the same idempotency key. Only for data that `composeBody` accepted, because
 * deeper data overflows the stack.
 */
export function fingerprint(type: string, data: unknown): string {
  return createHash('sha256')
    .update(canonicalJsonOf([type, data ?? null]))
    .digest('hex');
}
