import { StartRefused } from '../../contract/index.js';
import { parseServerInternals } from './internals.js';
import type { ParseServerConfig } from './sdk.js';

/**
 * Throws when parse-server cannot route. It loads the package `router` from wherever npm installed it, and with 2.3 it
 * starts without a warning, but each query from cloud code and each batch fails.
 * https://github.com/parse-community/parse-server/pull/10530
 */
export function checkRouter(config: ParseServerConfig): void {
  const { PromiseRouter, routerVersion } = parseServerInternals(config);
  try {
    const router = new PromiseRouter();
    router.route('GET', '/classes/:className', async () => undefined);
    router.match('GET', '/classes/Any');
  } catch {
    throw new StartRefused(
      `This parse-server does not work with router ${routerVersion}, which it loads: /batch and queries from cloud code fail. Set "router": "2.2.0" among the dependencies and "router": "$router" among the overrides of your package.json, then run npm install.`,
    );
  }
}
