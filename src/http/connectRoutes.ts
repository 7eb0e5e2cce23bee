import type { Request } from 'express';

import type { Services } from '../app/services.js';

/** What the two addresses of a consent need. */
export interface ConsentRoutes {
  readonly services: Pick<Services, 'audit' | 'connections' | 'connectors'>;
  /** `/oauth/callback` as browsers reach it. */
  readonly callbackUrl: string;
  /** Beginnings of addresses of the host's pages. */
  readonly returnUrls: readonly string[];
}

/** One parameter of the query; a repeated or empty one is none. */
export function queryText({ query }: Pick<Request, 'query'>, name: string): string | undefined {
  const value = query[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function originsOf(urls: readonly string[]): string[] {
  return [...new Set(urls.map((url) => new URL(url).origin))];
}
