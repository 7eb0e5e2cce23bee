import type { ServerResponse } from 'node:http';

import type { AdvertisedLimit } from '../apiKeys/index.js';
import { exposeHeaders } from './parseResponses.js';

/**
 * Sets the limits of a key and what remains of them: `RateLimit-Policy: "month";q=1000;w=2592000` and
 * `RateLimit: "month";r=999;t=86400`, the one with the fewest remaining calls first.
 * https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/10/
 */
export function setRateLimitHeaders(res: ServerResponse, limits: readonly AdvertisedLimit[]): void {
  if (limits.length === 0) return;
  res.setHeader(
    'RateLimit-Policy',
    listOf(limits, ({ calls, perSeconds }) => ({ q: calls, w: perSeconds })),
  );
  res.setHeader(
    'RateLimit',
    listOf(limits, ({ remaining, moreInSeconds }) => ({ r: remaining, t: moreInSeconds })),
  );
  exposeHeaders(res, ['RateLimit', 'RateLimit-Policy']);
}

/** Returns a list of strings with integers as parameters: https://www.rfc-editor.org/rfc/rfc9651#section-3 */
function listOf(
  limits: readonly AdvertisedLimit[],
  paramsOf: (limit: AdvertisedLimit) => Readonly<Record<string, number>>,
): string {
  const items = limits.map((limit) => {
    const params = Object.entries(paramsOf(limit)).map(
      ([name, value]) => `;${name}=${String(value)}`,
    );
    return `"${limit.name}"${params.join('')}`;
  });
  return items.join(', ');
}
