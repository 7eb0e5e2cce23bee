import { apiKeyErrors } from '../apiKeys/index.js';
import { routeInBatch } from '../platform/parse/index.js';
import type { ClassVerb } from '../scopes/index.js';
import type { ParseRequest } from './gateway.js';

/** One thing that a request calls in Parse Server; a batch has one for each of its parts. */
export type Requested =
  | { readonly kind: 'function'; readonly name: string }
  /** Any of the verbs: which one it is shows only where rows are read or written. */
  | { readonly kind: 'class'; readonly className: string; readonly verbs: readonly ClassVerb[] };

/** Whether keys and tokens may request a route at all. Runs before Parse Server has read the request. */
export function isOpenRoute(url: string): boolean {
  return OPEN.test(url);
}

// Exactly as it is routed: without capitals, which Express overlooks, and without escapes, which it resolves.
const OPEN = /^\/(?:functions\/[^/?#]+|classes\/[^/?#]+(?:\/[^/?#]+)?|batch)\/?(?:\?|$)/;
const FUNCTION = /^\/functions\/([A-Za-z0-9_.-]+)\/?$/;
const CLASS = /^\/classes\/(\w+)(\/[^/]+)?\/?$/;

/** Returns everything that a request calls. Throws FunctionsOnly when part of it is never open to keys and tokens. */
export function requestedAccess({
  path,
  originalUrl,
  body,
  config,
  method,
}: ParseRequest): Requested[] {
  if (!/^\/batch\/?$/.test(path)) return [requestedAt(method, path)];
  const requests = (body as { readonly requests?: unknown } | undefined)?.requests;
  // Parse Server itself refuses a batch without a list.
  if (!Array.isArray(requests)) return [];
  const routeOf = routeInBatch(originalUrl, config);
  return requests.map((request: { readonly path?: unknown; readonly method?: unknown } | null) => {
    const { path: given, method: verb } = request ?? {};
    return requestedAt(verb, typeof given === 'string' ? routeOf(given) : undefined);
  });
}

function requestedAt(method: unknown, route = ''): Requested {
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
