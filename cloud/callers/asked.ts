import { apiKeyErrors } from '../../src/apiKeys/index.js';
import { routeInBatch } from '../../src/platform/parse/index.js';
import type { ParseRequest } from './bearer.js';

/** What a request wants of Parse Server, once for each part of a batch. */
export interface Asked {
  readonly kind: 'function';
  readonly name: string;
}

/** Whether a path may be looked at further at all, before Parse Server has read the request. */
export function isOpen(url: string): boolean {
  return OPEN.test(url);
}

const OPEN = /^\/(?:functions\/[^/?#]+|batch)\/?(?:\?|$)/;
// Exactly as it is routed: without capitals, which Express overlooks, and without escapes, which it resolves.
const FUNCTION = /^\/functions\/([A-Za-z0-9_.-]+)\/?$/;

/** Everything that a request asks for. Throws FunctionsOnly when part of it is something that keys and tokens never reach. */
export function askedFor({ path, originalUrl, body, config, method }: ParseRequest): Asked[] {
  if (!/^\/batch\/?$/.test(path)) return [askedAt(method, path)];
  const requests = (body as { readonly requests?: unknown } | undefined)?.requests;
  // Parse Server says itself what is wrong with a batch that is none.
  if (!Array.isArray(requests)) return [];
  const routeOf = routeInBatch(originalUrl, config);
  return requests.map((request: { readonly path?: unknown; readonly method?: unknown } | null) => {
    const { path: given, method: verb } = request ?? {};
    return askedAt(verb, typeof given === 'string' ? routeOf(given) : undefined);
  });
}

function askedAt(_method: unknown, route: string | undefined): Asked {
  const [, name] = FUNCTION.exec(route ?? '') ?? [];
  if (name === undefined) throw apiKeyErrors.FunctionsOnly();
  return { kind: 'function', name };
}
