import { parseServerInternals } from './internals.js';
import type { ParseServerConfig } from './sdk.js';

/** The URLs of Parse Server, from its configuration. */
export interface ServerUrls extends ParseServerConfig {
  readonly serverURL?: string | undefined;
  readonly publicServerURL?: string | undefined;
}

/**
 * Returns where Parse Server routes a path within a `/batch`. It uses Parse Server's own routing, so that what is
 * checked is what runs. `undefined`: nowhere.
 */
export function routeInBatch(
  originalUrl: string,
  config: ServerUrls,
): (path: string) => string | undefined {
  // It relies on checks that it makes elsewhere.
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
