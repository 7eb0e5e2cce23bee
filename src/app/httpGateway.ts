import {
  createHttpClient,
  createLookup,
  type HttpClient,
  type Lookup,
} from '../platform/http/index.js';
import type { CheckedOptions } from './checkOptions.js';

/** The HTTP client, and the rules for its targets. */
export interface HttpGateway {
  readonly client: HttpClient;
  readonly targets: Parameters<typeof createHttpClient>[0]['policy'];
  readonly lookup: Lookup;
}

export function openHttp(
  options: Pick<CheckedOptions, 'allowHttp' | 'allowedTargets' | 'inFlightMax'>,
  seams: { readonly lookup?: Lookup | undefined },
): HttpGateway {
  const targets = { allowHttp: options.allowHttp, allowed: options.allowedTargets };
  const lookup = seams.lookup ?? createLookup(options.allowedTargets);
  const maxConnectionsPerOrigin = options.inFlightMax;
  const client = createHttpClient({ policy: targets, lookup, maxConnectionsPerOrigin });
  return { client, targets, lookup };
}
