import { LRUCache } from 'lru-cache';

import { OPENAPI_FORMATS, schemaEngine } from '../../platform/evaluation/index.js';
import { listOf } from './json.js';

/**
 * The supported keywords of JSON Schema, and which values of them are meaningful. Documents are full of values that
 * mean nothing (`"type": "datetime"`, `"required": true`): they are ignored, as if the document did not have them.
 */
export type KeywordKind = keyof typeof MEANS_SOMETHING | 'schema' | 'schemas' | 'schemasByName';

const TYPES = new Set<unknown>([
  'string',
  'number',
  'integer',
  'boolean',
  'object',
  'array',
  'null',
]);

const KNOWN_FORMATS = new Set<unknown>(OPENAPI_FORMATS);
/** Longer patterns are not evaluated. */
export const PATTERN_LENGTH_MAX = 2_000;

const MEANS_SOMETHING = {
  type: (value: unknown) =>
    TYPES.has(value) || (listOf(value).length > 0 && listOf(value).every((one) => TYPES.has(one))),
  any: () => true,
  boolean: (value: unknown) => typeof value === 'boolean',
  number: (value: unknown) => typeof value === 'number' && Number.isFinite(value),
  factor: (value: unknown) => typeof value === 'number' && Number.isFinite(value) && value > 0,
  count: (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0,
  values: (value: unknown) => listOf(value).length > 0,
  names: (value: unknown) =>
    Array.isArray(value) && value.every((name) => typeof name === 'string'),
  format: (value: unknown) => KNOWN_FORMATS.has(value),
  pattern: (value: unknown) => typeof value === 'string' && linearPatternOf(value) !== undefined,
} as const;

/**
 * Draft 2020-12 (https://json-schema.org/draft/2020-12/json-schema-validation) without the keywords that would refuse
 * too much if a part of them is ignored: conditions, counts of contained items, unevaluated members.
 */
export const KEYWORDS: Readonly<Record<string, KeywordKind>> = {
  type: 'type',
  enum: 'values',
  const: 'any',
  multipleOf: 'factor',
  maximum: 'number',
  exclusiveMaximum: 'number',
  minimum: 'number',
  exclusiveMinimum: 'number',
  maxLength: 'count',
  minLength: 'count',
  pattern: 'pattern',
  format: 'format',
  maxItems: 'count',
  minItems: 'count',
  uniqueItems: 'boolean',
  maxProperties: 'count',
  minProperties: 'count',
  required: 'names',
  properties: 'schemasByName',
  patternProperties: 'schemasByName',
  additionalProperties: 'schema',
  propertyNames: 'schema',
  dependentSchemas: 'schemasByName',
  items: 'schema',
  prefixItems: 'schemas',
  contains: 'schema',
  allOf: 'schemas',
  anyOf: 'schemas',
  oneOf: 'schemas',
  not: 'schema',
};

/** Returns whether the value of a keyword that holds no schema is meaningful. */
export function meansSomething(
  kind: Exclude<KeywordKind, 'schema' | 'schemas' | 'schemasByName'>,
  value: unknown,
): boolean {
  return MEANS_SOMETHING[kind](value);
}

/**
 * Returns a pattern as an expression for the flag u that takes linear time, because users choose the text; `undefined` for
 * patterns of other languages and those that have no linear form, which then restrict nothing: the service itself still checks
 * the value.
 */
export function linearPatternOf(pattern: string): string | undefined {
  if (pattern.length > PATTERN_LENGTH_MAX) return undefined;
  // `/^a$/i` is a pattern between the delimiters of another language.
  if (/^\/.*\/[a-z]*$/s.test(pattern)) return undefined;
  const known = linear.get(pattern);
  if (known) return known.pattern;
  const made = { pattern: normalized(pattern) };
  linear.set(pattern, made);
  return made.pattern;
}

/** A document repeats its patterns. */
const linear = new LRUCache<string, { readonly pattern: string | undefined }>({ max: 5_000 });

function normalized(pattern: string): string | undefined {
  for (const flags of ['u', '']) {
    // Without the flag, `\p{L}` would mean p{L}, and `\A` and `\z` the letters.
    if (flags === '' && /\\[pPAzZQEG]/.test(pattern)) return undefined;
    if (!isExpression(pattern, flags)) continue;
    const unicode = flags === 'u' ? pattern : forUnicode(pattern);
    return isLinear(unicode) ? unicode : undefined;
  }
  return undefined;
}

function isExpression(pattern: string, flags: string): boolean {
  try {
    new RegExp(pattern, flags);
    return true;
  } catch {
    return false;
  }
}

function isLinear(pattern: string): boolean {
  try {
    schemaEngine().linearPattern(pattern);
    return true;
  } catch {
    return false;
  }
}

/** Without the flag u, a character may be escaped that needs it not, such as a hyphen. */
function forUnicode(pattern: string): string {
  return pattern.replace(/\\([^\w^$\\.*+?()[\]{}|/])/g, (_, character: string) =>
    character === '-' ? '\\x2d' : character,
  );
}
