import type { ActionRequest } from '../../contract/index.js';
import { notUsable, type OpenApiDocument, resolve } from './document.js';
import { entriesOf, type JsonObject, memberOf, textOf } from './json.js';
import { camelCase, uniqueNames } from './names.js';

/** One operation of a document; its details are not read yet. */
export interface Operation {
  /** camelCase and unique. */
  readonly name: string;
  readonly method: ActionRequest['method'];
  /** The path as it is in the document. */
  readonly path: string;
  readonly node: JsonObject;
  /** The part that it shares with the other methods of its path. */
  readonly item: JsonObject;
}

/** Microsoft Graph's beta, the largest document known, has 22,361. */
const OPERATIONS_MAX = 30_000;
/**
 * The maximum length of a path; no server accepts a longer one in a URL. The longest known is Microsoft Graph's, of
 * 380.
 */
const PATH_LENGTH_MAX = 2_048;

const METHODS = {
  get: 'GET',
  head: 'HEAD',
  post: 'POST',
  put: 'PUT',
  patch: 'PATCH',
  delete: 'DELETE',
  options: 'OPTIONS',
} as const;

/**
 * Returns every operation in the document's order, except TRACE: it makes a server echo the request with its credential
 * (https://www.rfc-editor.org/rfc/rfc9110#section-9.3.8). Throws OpenApiNotUsable when there is none, or too many.
 */
export function operationsOf(document: OpenApiDocument): readonly Operation[] {
  const nameOnce = uniqueNames();
  const operations: Operation[] = [];
  for (const [path, pathItem] of entriesOf(memberOf(document.root, 'paths'))) {
    const item = path.startsWith('x-') ? undefined : resolve(document, pathItem);
    if (!item) continue;
    if (path.length > PATH_LENGTH_MAX) {
      throw notUsable(`it has a path of more than ${PATH_LENGTH_MAX} characters`);
    }
    for (const [key, method] of Object.entries(METHODS)) {
      const node = resolve(document, memberOf(item, key));
      if (!node) continue;
      const name = nameOnce(nameOf(node, method, path));
      operations.push({ name, method, path, node, item });
      if (operations.length > OPERATIONS_MAX) {
        throw notUsable(`it has more than ${OPERATIONS_MAX} operations`);
      }
    }
  }
  if (operations.length === 0) throw notUsable('it has no operation');
  return operations;
}

function nameOf(node: JsonObject, method: string, path: string): string {
  const own = camelCase(textOf(memberOf(node, 'operationId')) ?? '');
  // `n200` is not a name that anyone would look for.
  if (own !== '' && !/^n\d+$/.test(own)) return own;
  const words = path.replace(/\{([^{}]*)\}/g, ' by $1 ');
  return camelCase(`${method.toLowerCase()} ${words}`);
}
