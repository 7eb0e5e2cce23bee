import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { LRUCache } from 'lru-cache';

import { TookTooLong, withWatchdog } from '../../platform/watchdog.js';
import { eventErrors } from '../errors.js';

/** The largest JSON Schema that an event type may have, in characters. */
export const SCHEMA_LENGTH_MAX = 64 * 1024;
/**
 * A schema comes from a user, and its patterns and references may run forever. An ordinary one compiles in some 20 ms; the
 * first of a process on a busy machine has taken over 500.
 */
const COMPILE_MS_MAX = 1_500;
/** Longer for a schema that was accepted once: the machine may be busier now than it was then. */
const COMPILE_AGAIN_MS_MAX = 2 * COMPILE_MS_MAX;
// Elapsed time, as the watchdog measures it: the first validation of a busy process has taken over 100 ms.
const VALIDATE_MS_MAX = 250;
const PROBLEMS_SHOWN = 3;
const COMPILED_MAX = 500;

/** Compiled schemas by their text. */
const compiled = new LRUCache<string, ValidateFunction>({ max: COMPILED_MAX });

/**
 * Compiles a JSON Schema: draft 7 if its `$schema` says so, else draft 2020-12. References to other documents are not followed.
 * Throws SchemaNotUsable.
 */
export function checkSchema(schema: string): void {
  if (schema.length > SCHEMA_LENGTH_MAX) {
    throw eventErrors.SchemaNotUsable({
      problem: `it has more than ${SCHEMA_LENGTH_MAX} characters`,
    });
  }
  try {
    validatorOf(schema, COMPILE_MS_MAX);
  } catch (error) {
    const problem =
      error instanceof TookTooLong ? 'it takes too long to compile' : (error as Error).message;
    throw eventErrors.SchemaNotUsable({ problem: problem.slice(0, 300) });
  }
}

/**
 * Throws DataDoesNotMatch with the first problems. They name paths and rules, but none of the values. `schema` has passed
 * `checkSchema`.
 */
export function checkData(type: string, schema: string, data: unknown): void {
  const problems = violationsIn(schema, data);
  if (problems) throw eventErrors.DataDoesNotMatch({ type, problems });
}

function violationsIn(schema: string, data: unknown): string | undefined {
  try {
    const validate = validatorOf(schema, COMPILE_AGAIN_MS_MAX);
    if (withWatchdog(() => validate(data), VALIDATE_MS_MAX)) return undefined;
    return (validate.errors ?? []).slice(0, PROBLEMS_SHOWN).map(violationText).join('; ');
  } catch (error) {
    return error instanceof TookTooLong
      ? 'checking it took too long'
      : 'it nests too deep to be checked';
  }
}

function validatorOf(schema: string, msMax: number): ValidateFunction {
  const validate = compiled.get(schema) ?? compile(schema, msMax);
  compiled.set(schema, validate);
  return validate;
}

function compile(text: string, msMax: number): ValidateFunction {
  return withWatchdog(() => {
    const schema = JSON.parse(text) as object;
    // Ajv's own keyword: the validator of such a schema returns a promise, which would pass for true.
    if ('$async' in schema) throw new Error('the keyword $async is not supported');
    // One instance for each schema, so that the `$id`s of different organizations do not collide.
    const options = {
      allErrors: true,
      strict: false,
      messages: true,
      validateFormats: true,
      // Ajv would write text from the schema to the console.
      logger: false,
    } as const;
    const ajv = isDraft7(schema) ? new Ajv(options) : new Ajv2020(options);
    formats.default(ajv);
    return ajv.compile(schema);
  }, msMax);
}

function isDraft7(schema: object): boolean {
  return '$schema' in schema && String(schema.$schema).includes('draft-07');
}

function violationText({ instancePath, message = 'is not valid' }: ErrorObject): string {
  return `${instancePath === '' ? 'data' : `data${instancePath}`} ${message}`;
}
