import { createRequire } from 'node:module';
import { compileFunction } from 'node:vm';

import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { RE2JS } from 're2js';

import { LINEAR_PATTERN_SOURCE } from './linearPatterns.js';

/** A regular expression without references back and without looking ahead or behind. */
export interface LinearPattern {
  test(text: string): boolean;
}

export interface SchemaEngine {
  /** Compiles a JSON Schema. Throws Errors whose messages are for its author. */
  compile(text: string, options: SchemaOptions): CompiledSchema;
  /** A regular expression of ECMAScript, flag u, in linear time. Throws for what cannot be. */
  linearPattern(pattern: string): LinearPattern;
}

interface SchemaOptions {
  /** Whether the schema is compared with its meta-schema; unnecessary for one that was accepted. */
  readonly isNew: boolean;
  /** Whether patterns that have no linear form are refused. Only a process that can be killed may do without. */
  readonly isLinear: boolean;
}

/** Returns the first problems of data, without values; `undefined` when there are none. */
export type CompiledSchema = (data: unknown) => string | undefined;

/** Source, because a separate process evaluates it too; see linearPatterns.ts. The body of a function of `libraries`. */
export const SCHEMA_ENGINE_SOURCE = `
${LINEAR_PATTERN_SOURCE}
const { RE2JS } = libraries.re2js;
const PROBLEMS_SHOWN = 3;
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
function compile(text, { isNew, isLinear }) {
  const schema = JSON.parse(text);
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
    // A definition is compiled once, however many references it has.
    inlineRefs: false,
    code: { regExp: regExpFor(isLinear) },
  });
  libraries.formats.default(ajv);
  const validate = ajv.compile(schema);
  return (data) => {
    if (validate(data)) return undefined;
    return validate.errors
      .slice(0, PROBLEMS_SHOWN)
      .map(({ instancePath, message = 'is not valid' }) =>
        (instancePath === '' ? 'data ' : 'data' + instancePath + ' ') + message)
      .join('; ');
  };
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
  engine.compile(WARM_UP, { isNew: false, isLinear: true })({ a: '' });
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
