import { type OpenApiDocument, valueAtReference } from './document.js';
import { entriesOf, type JsonObject, listOf, memberOf, objectOf, textOf } from './json.js';
import { KEYWORDS, linearPatternOf, meansSomething } from './keywords.js';

/** Requests or responses: some members are in one of them only. */
export type Direction = 'request' | 'response';

/** JSON Schema, draft 2020-12, or just `true`. */
export type JsonSchema = JsonObject | boolean;

/** Collects the definitions that schemas of a document refer to, so that together they are one JSON Schema. */
export interface SchemaBundle {
  /** `files`: bytes are `FILE` objects, as a multipart body has them. */
  convert(node: unknown, options?: { readonly files?: boolean }): JsonSchema;
  /** Call it last, once: returns everything that was referred to, as `$defs`. */
  definitions(): JsonObject;
}

/**
 * How much of a document's schemas one operation is checked by, nearest first: beyond that anything is accepted. Bodies
 * of large documents refer to most of their thousands of schemas, which callers do not fill in.
 */
const SCHEMA_NODES_MAX = 1_000;
const DEPTH_MAX = 48;
const REFERENCE_STEPS_MAX = 32;

/** The form of bytes in inputs and results, which are JSON. */
export const FILE: JsonObject = {
  type: 'object',
  required: ['base64'],
  properties: {
    base64: { type: 'string', format: 'base64' },
    filename: { type: 'string', maxLength: 255, pattern: '^[^\\x00-\\x1f\\x7f]+$' },
    contentType: { type: 'string', maxLength: 255, pattern: '^[\\w.+-]+/[\\x20-\\x7e]+$' },
  },
  additionalProperties: false,
};

interface Conversion {
  readonly document: OpenApiDocument;
  readonly direction: Direction;
  readonly files: boolean;
  readonly depth: number;
  /** Returns the name of the definition for the target of a reference. */
  readonly define: (reference: string, files: boolean) => string;
  /** Returns whether one more schema may be converted, and counts it. */
  readonly mayGrow: () => boolean;
}

export function openBundle(document: OpenApiDocument, direction: Direction): SchemaBundle {
  const names = new Map<string, string>();
  const queue: { readonly name: string; readonly reference: string; readonly files: boolean }[] =
    [];
  let nodes = 0;
  const common = {
    document,
    direction,
    depth: 0,
    define(reference: string, files: boolean) {
      const key = `${files ? 'files' : 'json'} ${reference}`;
      const known = names.get(key);
      if (known !== undefined) return known;
      const name = `d${names.size}`;
      names.set(key, name);
      queue.push({ name, reference, files });
      return name;
    },
    mayGrow: () => ++nodes <= SCHEMA_NODES_MAX,
  };
  return {
    convert: (node, { files = false } = {}) => convert(node, { ...common, files }),
    definitions() {
      const definitions: [string, JsonSchema][] = [];
      // Converting one adds those that it refers to: nearest first.
      for (const { name, reference, files } of queue) {
        const node = valueAtReference(document, reference);
        definitions.push([name, convert(node, { ...common, files })]);
      }
      return Object.fromEntries(definitions);
    },
  };
}

function convert(node: unknown, conversion: Conversion): JsonSchema {
  const schema = objectOf(node);
  if (!schema) return node !== false;
  if (!conversion.mayGrow() || conversion.depth > DEPTH_MAX) return true;
  const reference = memberOf(schema, '$ref');
  const referred = typeof reference === 'string' ? convertReference(reference, conversion) : true;
  // Up to 3.0, members beside a reference are ignored: https://spec.openapis.org/oas/v3.0.4.html#reference-object
  if (typeof reference === 'string' && conversion.document.version !== '3.1') return referred;
  const own = isFile(schema, conversion) ? FILE : ownKeywords(schema, conversion);
  if (referred === true) return own;
  return Object.keys(own).length === 0 ? referred : { allOf: [referred, own] };
}

/** Follows references to references itself, so that a circle of nothing else is not a schema. */
function convertReference(reference: string, { document, define, files }: Conversion): JsonSchema {
  let last = reference;
  for (let steps = 0; steps < REFERENCE_STEPS_MAX; steps += 1) {
    const target = valueAtReference(document, last);
    // A reference to another document, or to nothing.
    if (!objectOf(target)) return target !== false;
    const next = memberOf(target, '$ref');
    if (typeof next !== 'string' || Object.keys(target as object).length > 1) {
      return { $ref: `#/$defs/${define(last, files)}` };
    }
    last = next;
  }
  return true;
}

/** https://spec.openapis.org/oas/v3.0.4.html#considerations-for-file-uploads, and `file` of Swagger 2. */
function isFile(schema: JsonObject, { files }: Conversion): boolean {
  if (!files) return false;
  const type = memberOf(schema, 'type');
  if (type === 'file') return true;
  const isText = type === 'string' || listOf(type).includes('string');
  if (isText && memberOf(schema, 'format') === 'binary') return true;
  // 3.1: a media type and no encoding of it.
  const mediaType = memberOf(schema, 'contentMediaType');
  return (
    typeof mediaType === 'string' &&
    !/^text\/|[/+]json$/.test(mediaType) &&
    memberOf(schema, 'contentEncoding') === undefined
  );
}

function ownKeywords(schema: JsonObject, conversion: Conversion): JsonObject {
  const inner: Conversion = { ...conversion, depth: conversion.depth + 1 };
  const keywords = new Map<string, unknown>();
  for (const [keyword, kind] of Object.entries(KEYWORDS)) {
    const value = memberOf(schema, keyword);
    if (value === undefined || (keyword === 'not' && !isPlain(value))) continue;
    if (kind === 'schema') {
      if (typeof value === 'boolean' || objectOf(value))
        keywords.set(keyword, convert(value, inner));
    } else if (kind === 'schemas') {
      const schemas = listOf(value);
      if (schemas.length > 0)
        keywords.set(
          keyword,
          schemas.map((each) => convert(each, inner)),
        );
    } else if (kind === 'schemasByName') {
      keywords.set(keyword, convertByName(keyword, value, inner));
    } else if (meansSomething(kind, value)) {
      keywords.set(
        keyword,
        typeof value === 'string' && kind === 'pattern' ? linearPatternOf(value) : value,
      );
    }
  }
  annotate(schema, keywords);
  adjustLists(schema, keywords, inner);
  adjustBounds(schema, keywords);
  adjustRequired(schema, keywords, conversion);
  return adjustNull(schema, adjustChoices(keywords));
}

/** Returns whether `not` can be kept: only if every keyword of its schema is supported and holds no schema. */
function isPlain(value: unknown): boolean {
  const entries = entriesOf(value);
  return (
    entries.length > 0 &&
    entries.every(([keyword, inner]) => {
      const kind = Object.hasOwn(KEYWORDS, keyword) ? KEYWORDS[keyword] : undefined;
      const isValue = kind !== undefined && kind !== 'schema' && kind !== 'schemas';
      return isValue && kind !== 'schemasByName' && meansSomething(kind, inner);
    })
  );
}

function convertByName(keyword: string, value: unknown, conversion: Conversion): JsonObject {
  return Object.fromEntries(
    entriesOf(value).flatMap(([name, each]) => {
      const key = keyword === 'patternProperties' ? linearPatternOf(name) : name;
      return key === undefined ? [] : [[key, convert(each, conversion)]];
    }),
  );
}

/** Adds descriptions, titles and examples for people and forms; they validate nothing. */
function annotate(schema: JsonObject, keywords: Map<string, unknown>): void {
  for (const name of ['title', 'description']) {
    const text = textOf(memberOf(schema, name));
    if (text !== undefined) keywords.set(name, text);
  }
  const fallback = memberOf(schema, 'default');
  if (fallback !== undefined) keywords.set('default', fallback);
  const [example] = [memberOf(schema, 'example'), ...listOf(memberOf(schema, 'examples'))].filter(
    (each) => each !== undefined,
  );
  if (example !== undefined) keywords.set('examples', [example]);
}

/** Renames a list of schemas under `items` to `prefixItems`. */
function adjustLists(schema: JsonObject, keywords: Map<string, unknown>, inner: Conversion): void {
  const items = listOf(memberOf(schema, 'items'));
  if (items.length === 0) return;
  keywords.set(
    'prefixItems',
    items.map((each) => convert(each, inner)),
  );
}

/** Converts `exclusiveMinimum: true`, which until 3.0 means that `minimum` is excluded. */
function adjustBounds(schema: JsonObject, keywords: Map<string, unknown>): void {
  for (const [bound, exclusive] of [
    ['minimum', 'exclusiveMinimum'],
    ['maximum', 'exclusiveMaximum'],
  ] as const) {
    if (memberOf(schema, exclusive) !== true || !keywords.has(bound)) continue;
    keywords.set(exclusive, keywords.get(bound));
    keywords.delete(bound);
  }
}

/** https://spec.openapis.org/oas/v3.0.4.html#schema-read-only: required, but in the other direction. */
function adjustRequired(
  schema: JsonObject,
  keywords: Map<string, unknown>,
  { document, direction }: Conversion,
): void {
  const required = keywords.get('required');
  if (!Array.isArray(required)) return;
  const elsewhere = direction === 'request' ? 'readOnly' : 'writeOnly';
  const properties = memberOf(schema, 'properties');
  const here = [...new Set(required as string[])].filter((name) => {
    const property = memberOf(properties, name);
    const reference = memberOf(property, '$ref');
    const target =
      typeof reference === 'string' ? valueAtReference(document, reference) : undefined;
    return ![property, target].some((each) => memberOf(each, elsewhere) === true);
  });
  keywords.set('required', here);
}

/**
 * Reads `oneOf` as `anyOf`: documents write unions with it whose branches overlap, and then refuse what the service
 * accepts. A type that fits none of the listed values is ignored.
 */
function adjustChoices(keywords: Map<string, unknown>): Map<string, unknown> {
  const oneOf = keywords.get('oneOf');
  if (oneOf !== undefined) {
    const anyOf = keywords.get('anyOf');
    keywords.delete('oneOf');
    if (anyOf === undefined) keywords.set('anyOf', oneOf);
    else keywords.set('allOf', [...listOf(keywords.get('allOf')), { anyOf: oneOf }]);
  }
  const values = listOf(keywords.get('enum'));
  const types = [keywords.get('type')].flat();
  if (values.length > 0 && !values.some((value) => types.some((type) => isOfType(value, type)))) {
    keywords.delete('type');
  }
  return keywords;
}

function isOfType(value: unknown, type: unknown): boolean {
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  return type === undefined || typeof value === type;
}

/**
 * Reads `nullable` of 3.0 and `x-nullable` of Swagger 2, beside a type or not:
 * https://spec.openapis.org/oas/v3.0.4.html#schema-nullable
 */
function adjustNull(schema: JsonObject, keywords: Map<string, unknown>): JsonObject {
  const isNullable = ['nullable', 'x-nullable'].some((name) => memberOf(schema, name) === true);
  const own: JsonObject = Object.fromEntries(keywords);
  return isNullable ? { anyOf: [own, { type: 'null' }] } : own;
}
