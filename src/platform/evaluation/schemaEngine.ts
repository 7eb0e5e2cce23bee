import { createRequire } from 'node:module';
import { compileFunction } from 'node:vm';

import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { RE2JS } from 're2js';

import { LINEAR_PATTERN_SOURCE } from './linearPatterns.js';

/** A regular expression without references back and without looking ahead or behind. */
interface LinearPattern {
  test(text: string): boolean;
}

export interface SchemaEngine {
  /** Compiles a JSON Schema. Throws Errors whose messages are for its author. */
  compile(text: string, options: SchemaOptions): CompiledSchema;
  /** A regular expression of ECMAScript, flag u, in linear time. Throws for what cannot be. */
  linearPattern(pattern: string): LinearPattern;
}

/**
 * - `event`: draft 2020-12, or draft 7 if `$schema` says so, as users write them.
 * - `openApi`: what the hub makes of the schemas of an OpenAPI document. No keyword, value or pattern in it is unknown.
 */
export type SchemaDialect = 'event' | 'openApi';

/** Formats with one meaning everywhere. `byte` is not one: base64 is sent in two alphabets, with padding and without. */
export const OPENAPI_FORMATS = [
  'date',
  'date-time',
  'email',
  'hostname',
  'ipv4',
  'ipv6',
  'uri',
  'uuid',
  'int32',
  'int64',
] as const;

interface SchemaOptions {
  readonly dialect: SchemaDialect;
  /** Whether the schema is compared with its meta-schema; unnecessary for one that was accepted. */
  readonly isNew: boolean;
  /** Whether patterns that have no linear form are refused. Only a process that can be killed may do without. */
  readonly isLinear: boolean;
}

/** A problem of a value and its location, without the value itself, which may be a secret. */
export interface SchemaViolation {
  /** A JSON pointer. */
  readonly path: string;
  readonly keyword: string;
  readonly message: string;
  /** What the keyword says about it. */
  readonly allowedValues?: readonly unknown[];
  readonly additionalProperty?: string;
}

/** Returns the first violations of data, each once; none when it is valid. */
export type CompiledSchema = (data: unknown) => readonly SchemaViolation[];

/** Source, because a separate process evaluates it too; see linearPatterns.ts. The body of a function of `libraries`. */
export const SCHEMA_ENGINE_SOURCE = `
${LINEAR_PATTERN_SOURCE}
const { RE2JS } = libraries.re2js;
const VIOLATIONS_MAX = 10;
function regExpFor(isLinear) {
  const regExp = (pattern, flags) => {
    try {
      return linearPattern(RE2JS, pattern);
    } catch (error) {
      if (isLinear) throw error;
      return new RegExp(pattern, flags);
    }
  };
  return Object.assign(regExp, { code: 'regExp' });
}
function compile(text, { isNew, isLinear, dialect }) {
  const schema = JSON.parse(text);
  const isOpenApi = dialect === 'openApi';
  // Ajv's own keyword: the validator of such a schema returns a promise, which would pass for true.
  if ('$async' in schema) throw new Error('the keyword $async is not supported');
  const Ajv = String(schema.$schema).includes('draft-07') ? libraries.ajv.Ajv : libraries.ajv2020.Ajv2020;
  // One instance for each schema, so that the $ids of different organizations do not collide.
  const ajv = new Ajv({
    allErrors: true,
    strict: false,
    messages: true,
    validateFormats: true,
    // Ajv would write text from the schema to the console.
    logger: false,
    meta: isNew,
    validateSchema: isNew,
    addUsedSchema: !isOpenApi,
    // The name constructor is not a member of every object.
    ownProperties: isOpenApi,
    multipleOfPrecision: isOpenApi ? 9 : undefined,
    // A definition is compiled once, however many references it has.
    inlineRefs: false,
    code: { regExp: regExpFor(isLinear) },
  });
  libraries.formats.default(ajv, isOpenApi ? ${JSON.stringify(OPENAPI_FORMATS)} : undefined);
  // One alphabet, padded, in one pass: that of https://www.rfc-editor.org/rfc/rfc4648#section-4
  if (isOpenApi)
    ajv.addFormat('base64', (text) => text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text));
  const validate = ajv.compile(schema);
  return (data) => (validate(data) ? [] : violationsIn(validate.errors));
}
function violationsIn(errors) {
  const violations = new Map();
  for (const { instancePath: path, keyword, message = 'is not valid', params } of errors) {
    if (violations.size >= VIOLATIONS_MAX) break;
    const { allowedValues, additionalProperty } = params;
    const key = JSON.stringify([path, message, additionalProperty]);
    violations.set(key, { path, keyword, message, allowedValues, additionalProperty });
  }
  return [...violations.values()];
}
return { compile, linearPattern: (pattern) => linearPattern(RE2JS, pattern) };
`;

const WARM_UP = '{"type":"object","properties":{"a":{"pattern":"^a+$","format":"email"}}}';

let engine: SchemaEngine | undefined;

/** Returns the engine of this process. The first call takes some 100 ms. */
export function schemaEngine(): SchemaEngine {
  if (engine) return engine;
  const libraries = { ajv: { Ajv }, ajv2020: { Ajv2020 }, formats, re2js: { RE2JS } };
  const make = compileFunction(SCHEMA_ENGINE_SOURCE, ['libraries']) as (
    given: object,
  ) => SchemaEngine;
  engine = make(libraries);
  // The first of a process takes ten times as long as the next: that is not to count for a user.
  engine.compile(WARM_UP, { isNew: false, isLinear: true, dialect: 'event' })({ a: '' });
  return engine;
}

/** Returns the files of the libraries, for a process that cannot resolve them. */
export function libraryPaths(): Readonly<Record<string, string>> {
  const { resolve } = createRequire(import.meta.url);
  return {
    ajv: resolve('ajv'),
    ajv2020: resolve('ajv/dist/2020.js'),
    formats: resolve('ajv-formats'),
    re2js: resolve('re2js'),
    jsonata: resolve('jsonata'),
  };
}
