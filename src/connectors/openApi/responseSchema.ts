import { z } from 'zod';

import { type OpenApiDocument, resolve } from './document.js';
import { entriesOf, type JsonObject, listOf, memberOf, objectOf } from './json.js';
import type { Operation } from './operations.js';
import { openBundle } from './schema.js';

/** The documented response of a successful operation. */
export interface DocumentedResponse {
  /** The schema as it is in the document; `undefined` if the document has none, or the response is not JSON. */
  readonly schema?: unknown;
  readonly example?: unknown;
  /** The `accept` header, if it is not `application/json`. */
  readonly accept?: string;
}

const JSON_TYPE = /[/+]json\b/i;

/** Returns the first response from 200 to 299, else the default response. */
export function responseOf(document: OpenApiDocument, operation: Operation): DocumentedResponse {
  const responses = entriesOf(memberOf(operation.node, 'responses'));
  const found =
    responses.find(([status]) => /^2(?:\d\d|XX)$/i.test(status)) ??
    responses.find(([status]) => status === 'default');
  const response = found && resolve(document, found[1]);
  return document.version === '2.0'
    ? swagger2Response(document, operation, response)
    : openApi3Response(document, response);
}

function openApi3Response(document: OpenApiDocument, response: JsonObject | undefined) {
  const content = entriesOf(memberOf(response, 'content'));
  const [, media] = content.find(([type]) => JSON_TYPE.test(type)) ?? [];
  const [, firstExample] = entriesOf(memberOf(media, 'examples'))[0] ?? [];
  const example = memberOf(media, 'example') ?? memberOf(resolve(document, firstExample), 'value');
  return {
    ...(media !== undefined && { schema: memberOf(media, 'schema') }),
    ...(example !== undefined && { example }),
    ...acceptOf(content.map(([type]) => type)),
  };
}

function swagger2Response(
  document: OpenApiDocument,
  { node }: Operation,
  response: JsonObject | undefined,
): DocumentedResponse {
  const produces = memberOf(node, 'produces') ?? memberOf(document.root, 'produces');
  const types = listOf(produces).filter((type) => typeof type === 'string');
  const isJson = types.length === 0 || types.some((type) => JSON_TYPE.test(type));
  const [, example] =
    entriesOf(memberOf(response, 'examples')).find(([type]) => JSON_TYPE.test(type)) ?? [];
  const schema = memberOf(response, 'schema');
  const isFile = memberOf(resolve(document, schema), 'type') === 'file';
  return {
    ...(isJson && !isFile && schema !== undefined && { schema }),
    ...(example !== undefined && { example }),
    ...acceptOf(types),
  };
}

function acceptOf(types: readonly string[]): { accept?: string } {
  const usable = types.filter((type) => /^[\w.+*-]+\/[\w.+*-]+(?:;[\x20-\x7e]*)?$/.test(type));
  if (usable.length === 0 || usable.some((type) => /^application\/json\b/i.test(type))) return {};
  const accept = usable.find((type) => JSON_TYPE.test(type)) ?? usable.join(', ').slice(0, 500);
  return { accept };
}

/** Returns the documented response as JSON Schema; `undefined` if there is none. */
export function responseSchemaOf(
  document: OpenApiDocument,
  { schema }: DocumentedResponse,
): JsonObject | undefined {
  if (schema === undefined) return undefined;
  const bundle = openBundle(document, 'response');
  const converted = bundle.convert(schema);
  const definitions = bundle.definitions();
  return typeof converted === 'boolean' ? undefined : { ...converted, $defs: definitions };
}

/**
 * Returns what callers may rely on, loosely: an object if the document says object, a list if it says list. Real
 * responses differ too often from the document to check more of it.
 */
export function looseOutput(document: OpenApiDocument, response: DocumentedResponse): z.ZodType {
  const shape = shapeOf(document, response.schema);
  if (shape === 'array') return z.array(z.unknown());
  return shape === 'object' ? z.looseObject({}) : z.unknown();
}

function shapeOf(document: OpenApiDocument, node: unknown): unknown {
  const schema = resolve(document, node);
  const type = memberOf(schema, 'type');
  const isNullable =
    memberOf(schema, 'nullable') === true || memberOf(schema, 'x-nullable') === true;
  if (isNullable) return undefined;
  if (type !== undefined) return type;
  return objectOf(memberOf(schema, 'properties')) ? 'object' : undefined;
}
