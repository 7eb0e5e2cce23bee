import { parseServerInternals } from './internals.js';
import type { ParseServerConfig } from './sdk.js';

/** The addresses of Parse Server, as its configuration has them. */
export interface ServerUrls extends ParseServerConfig {
  readonly serverURL?: string | undefined;
  readonly publicServerURL?: string | undefined;
}

/**
 * Where Parse Server routes a path that stands in a `/batch`: asked of Parse Server itself, so that what is looked at is
 * what runs. `undefined`: nowhere.
 */
export function routeInBatch(
  originalUrl: string,
  config: ServerUrls,
): (path: string) => string | undefined {
  // It takes for granted what it looks at elsewhere.
  if (!originalUrl.endsWith('/batch')) return () => undefined;
  const { batch } = parseServerInternals(config);
  const { serverURL, publicServerURL } = config;
  const route = batch.makeBatchRoutingPathFunction(originalUrl, serverURL, publicServerURL);
  return (path) => {
    try {
      return route(path);
    } catch {
      return undefined;
    }
  };
}
