import type { Request } from 'express';

import type { Services } from '../app/services.js';

/** Dependencies of the two consent routes. */
export interface ConsentRoutes {
  readonly services: Pick<Services, 'audit' | 'connections' | 'connectors'>;
  /** The public address of `/oauth/callback`. */
  readonly callbackUrl: string;
  /** URL prefixes of the host's pages. */
  readonly returnUrls: readonly string[];
}

/** Returns a query parameter; `undefined` when it is empty or repeated. */
export function queryText({ query }: Pick<Request, 'query'>, name: string): string | undefined {
  const value = query[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function originsOf(urls: readonly string[]): string[] {
  return [...new Set(urls.map((url) => new URL(url).origin))];
}
