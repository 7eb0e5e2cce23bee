import { apiKeyErrors } from '../apiKeys/index.js';
import { routeInBatch } from '../platform/parse/index.js';
import type { ClassVerb } from '../scopes/index.js';
import type { ParseRequest } from './bearer.js';

/** What a request wants of Parse Server, once for each part of a batch. */
export type Asked =
  | { readonly kind: 'function'; readonly name: string }
  /** One of the verbs: which it is shows only where the rows are reached. */
  | { readonly kind: 'class'; readonly className: string; readonly verbs: readonly ClassVerb[] };

/** Whether a path may be looked at further at all, before Parse Server has read the request. */
export function isOpen(url: string): boolean {
  return OPEN.test(url);
}

// Exactly as it is routed: without capitals, which Express overlooks, and without escapes, which it resolves.
const OPEN = /^\/(?:functions\/[^/?#]+|classes\/[^/?#]+(?:\/[^/?#]+)?|batch)\/?(?:\?|$)/;
const FUNCTION = /^\/functions\/([A-Za-z0-9_.-]+)\/?$/;
const CLASS = /^\/classes\/(\w+)(\/[^/]+)?\/?$/;

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

function askedAt(method: unknown, route = ''): Asked {
  const [, name] = FUNCTION.exec(route) ?? [];
  if (name !== undefined) return { kind: 'function', name };
  const [, className, row] = CLASS.exec(route) ?? [];
  const verbs = (row === undefined ? OF_CLASSES : OF_ROWS).get(method);
  if (className === undefined || verbs === undefined) throw apiKeyErrors.FunctionsOnly();
  return { kind: 'class', className, verbs };
}

const OF_CLASSES = new Map<unknown, readonly ClassVerb[]>([
  // With `count=1`, or with `where={"objectId":"…"}`.
  ['GET', ['find', 'count', 'get']],
  ['POST', ['create']],
]);
const OF_ROWS = new Map<unknown, readonly ClassVerb[]>([
  ['GET', ['get']],
  ['PUT', ['update']],
  ['DELETE', ['delete']],
]);
