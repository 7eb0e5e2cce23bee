import { connectorErrors } from '../errors.js';
import { type JsonObject, memberOf, objectOf } from './json.js';

/** A document with a known version. Parts of it are read when they are needed, and never changed. */
export interface OpenApiDocument {
  /** Later versions are read as 3.1, as far as they are the same. */
  readonly version: '2.0' | '3.0' | '3.1';
  readonly root: JsonObject;
  /** The targets of references: thousands of operations may share one that is long to follow. */
  readonly references: Map<string, unknown>;
}

/**
 * The maximum length of a document given as text, in characters. The largest known, Microsoft Graph's, has 50 million.
 */
const DOCUMENT_LENGTH_MAX = 64 * 1024 * 1024;
const REFERENCE_STEPS_MAX = 32;
const REFERENCE_LENGTH_MAX = 2_048;

/** Reads a parsed document or JSON text. Throws OpenApiNotUsable with a sentence about what is wrong with it. */
export function readDocument(document: unknown): OpenApiDocument {
  const root = objectOf(typeof document === 'string' ? parseJson(document) : document);
  if (!root) throw notUsable('it is not a JSON object');
  const version = versionOf(root);
  if (!objectOf(memberOf(root, 'paths'))) throw notUsable('it has no paths');
  return { version, root, references: new Map() };
}

/** Returns the error that says what is wrong with a document; the problem has no full stop. */
export function notUsable(problem: string) {
  return connectorErrors.OpenApiNotUsable({ problem });
}

function parseJson(text: string): unknown {
  if (text.length > DOCUMENT_LENGTH_MAX) {
    throw notUsable(`it has more than ${DOCUMENT_LENGTH_MAX} characters`);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw notUsable('it is not JSON; parse YAML before passing it');
  }
}

function versionOf(root: JsonObject): OpenApiDocument['version'] {
  const openApi = memberOf(root, 'openapi');
  // YAML reads an unquoted 2.0 as the number two.
  const swagger = memberOf(root, 'swagger');
  if (swagger === '2.0' || swagger === 2) return '2.0';
  const [, minor] = /^3\.(\d+)(?:\.|$)/.exec(typeof openApi === 'string' ? openApi : '') ?? [];
  if (minor === '0') return '3.0';
  if (minor === '1' || minor === '2') return '3.1';
  const declared = [openApi, swagger].find((value) => typeof value === 'string');
  throw notUsable(
    declared === undefined
      ? 'it declares neither openapi 3.0 to 3.2 nor swagger 2.0'
      : `its version is "${String(declared).slice(0, 20)}", not openapi 3.0 to 3.2 or swagger 2.0`,
  );
}

/**
 * Returns the object itself or, if it is a reference, its target within the document. `undefined` for references to
 * other documents, which are never followed, to missing targets, and in circles.
 */
export function resolve(document: OpenApiDocument, node: unknown) {
  let found = objectOf(node);
  for (let steps = 0; steps < REFERENCE_STEPS_MAX; steps += 1) {
    const reference = memberOf(found, '$ref');
    if (typeof reference !== 'string') return found;
    found = objectOf(valueAtReference(document, reference));
  }
  return undefined;
}

/**
 * Returns the target of a reference such as `#/components/schemas/Pet`; `undefined` when it is not in this document.
 */
export function valueAtReference(
  { root, references }: OpenApiDocument,
  reference: string,
): unknown {
  if (reference === '#') return root;
  if (!reference.startsWith('#/') || reference.length > REFERENCE_LENGTH_MAX) return undefined;
  if (references.has(reference)) return references.get(reference);
  let value: unknown = root;
  for (const token of reference.slice(2).split('/')) {
    value = memberOf(value, decodePointerToken(token).replaceAll('~1', '/').replaceAll('~0', '~'));
  }
  references.set(reference, value);
  return value;
}

function decodePointerToken(token: string): string {
  try {
    return decodeURIComponent(token);
  } catch {
    return token;
  }
}
