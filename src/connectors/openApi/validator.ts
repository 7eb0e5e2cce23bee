import type { ErrorObject, ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

import type { LinearPattern } from '../../platform/evaluation/index.js';
import { TookTooLong, withWatchdog } from '../../platform/watchdog.js';
import type { JsonObject } from './json.js';
import { FORMATS, regExpOf } from './keywords.js';

/** A problem of a value and its location, without the value itself, which may be a secret. */
export interface ValueProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

export type Validator = (value: unknown) => readonly ValueProblem[];

/** Documents are untrusted: their patterns and references may take forever to evaluate. */
const COMPILE_MS_MAX = 2_000;
// Elapsed time: on a busy machine, 50 ms of work may well take four times as long.
const VALIDATE_MS_MAX = 500;
const PROBLEMS_MAX = 10;
const ALLOWED_LISTED_MAX = 12;

/** Compiles a schema made by `openBundle`. Throws Ajv's errors, and TookTooLong. */
export function compileValidator(schema: JsonObject): Validator {
  const validate = withWatchdog(() => compile(schema), COMPILE_MS_MAX);
  return (value) => {
    try {
      if (withWatchdog(() => validate(value), VALIDATE_MS_MAX)) return [];
      return readErrors(validate.errors ?? []);
    } catch (error) {
      if (error instanceof TookTooLong)
        return [
          { path: [], message: 'validation took too long; simplify the value or the schema' },
        ];
      if (error instanceof RangeError)
        return [{ path: [], message: 'the value is nested too deeply to be validated' }];
      throw error;
    }
  };
}

function compile(schema: JsonObject): ValidateFunction {
  const ajv = new Ajv2020({
    allErrors: true,
    strict: false,
    // The schemas have no keyword and no value that Ajv does not know: see keywords.ts.
    meta: false,
    validateSchema: false,
    addUsedSchema: false,
    logger: false,
    // `constructor` is not a member of every object.
    ownProperties: true,
    // A definition is compiled once, however many references it has.
    inlineRefs: false,
    multipleOfPrecision: 9,
    code: { regExp: Object.assign(compilePattern, { code: 'compilePattern' }) },
  });
  formats.default(ajv, [...FORMATS]);
  // One alphabet, padded, in one pass: that of https://www.rfc-editor.org/rfc/rfc4648#section-4
  ajv.addFormat('base64', (text) => text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text));
  return ajv.compile(schema);
}

function compilePattern(pattern: string): LinearPattern {
  return regExpOf(pattern) ?? /(?:)/;
}

function readErrors(errors: readonly ErrorObject[]): ValueProblem[] {
  const problems = new Map<string, ValueProblem>();
  for (const error of errors) {
    if (problems.size >= PROBLEMS_MAX) break;
    const problem = { path: pathOf(error.instancePath), message: messageOf(error) };
    problems.set(`${error.instancePath} ${problem.message}`, problem);
  }
  return [...problems.values()];
}

function pathOf(instancePath: string): (string | number)[] {
  return instancePath
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((token) => (/^\d{1,9}$/.test(token) ? Number(token) : token));
}

function messageOf({ keyword, params, message = 'is not valid' }: ErrorObject): string {
  const { allowedValues, additionalProperty } = params as Readonly<Record<string, unknown>>;
  if (keyword === 'enum' && Array.isArray(allowedValues)) {
    const listed = allowedValues.slice(0, ALLOWED_LISTED_MAX).map((value) => JSON.stringify(value));
    const more = allowedValues.length > ALLOWED_LISTED_MAX ? ', …' : '';
    return `must be one of ${listed.join(', ').slice(0, 500)}${more}`;
  }
  if (keyword === 'false schema') return 'must be omitted';
  if (keyword === 'additionalProperties' && typeof additionalProperty === 'string') {
    return `must not have ${JSON.stringify(additionalProperty.slice(0, 100))}`;
  }
  return message.slice(0, 300);
}
