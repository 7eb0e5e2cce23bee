import { retryAfterMs } from '../../platform/http/retryAfter.js';

/**
 * What the HTTP client reports of one request. An attempt that we broke off ourselves says nothing about the receiver:
 * it is not settled, its row stays due, and the next holder sends it again.
 */
export type DeliveryHttpOutcome =
  | {
      readonly kind: 'response';
      readonly status: number;
      readonly headers: readonly (readonly [name: string, value: string])[];
    }
  | { readonly kind: 'failure' };

/** What an attempt came to, as far as the delivery is concerned. */
export type Outcome =
  | { readonly kind: 'delivered' }
  /** 410: the receiver wants nothing more. */
  | { readonly kind: 'gone' }
  /** Try again by the schedule, but not before the receiver said; 0 when it said nothing. */
  | { readonly kind: 'retry'; readonly retryAfterMs: number };

/** https://www.rfc-editor.org/rfc/rfc9110#status.410 */
export const GONE = 410;

/**
 * 2xx is delivered, 410 gone, everything else is tried again: a redirect is never followed, and a 4xx is more often a
 * receiver that is being deployed than one that means it. `Retry-After` counts on 429 and 503.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md (status codes)
 */
export function attemptOutcome(http: DeliveryHttpOutcome, now: Date): Outcome {
  if (http.kind === 'failure') return { kind: 'retry', retryAfterMs: 0 };
  const { status, headers } = http;
  if (status >= 200 && status < 300) return { kind: 'delivered' };
  if (status === GONE) return { kind: 'gone' };
  const requestedMs = status === 429 || status === 503 ? longestRetryAfterMs(headers, now) : 0;
  return { kind: 'retry', retryAfterMs: requestedMs };
}

// A proxy may add a second one: heeding the longer keeps both promises.
function longestRetryAfterMs(
  headers: readonly (readonly [name: string, value: string])[],
  now: Date,
): number {
  return headers
    .filter(([name]) => name.toLowerCase() === 'retry-after')
    .map(([, value]) => retryAfterMs(value, now) ?? 0)
    .reduce((longest, waitMs) => Math.max(longest, waitMs), 0);
}
