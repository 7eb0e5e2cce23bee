import { schemaEngine, type SchemaViolation } from '../../platform/evaluation/index.js';
import { TookTooLong, withWatchdog } from '../../platform/watchdog.js';
import type { JsonObject } from './json.js';

/** A problem of a value and its location, without the value itself, which may be a secret. */
export interface ValueProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

export type Validator = (value: unknown) => readonly ValueProblem[];

/** Documents are large, and the first of a process takes longer. */
const COMPILE_MS_MAX = 2_000;
// Elapsed time: on a busy machine, 50 ms of work may well take four times as long.
const VALIDATE_MS_MAX = 500;
const ALLOWED_LISTED_MAX = 12;

export const TOO_LONG: ValueProblem = {
  path: [],
  message: 'validation took too long; simplify the value or the schema',
};
export const TOO_DEEP: ValueProblem = {
  path: [],
  message: 'the value is nested too deeply to be validated',
};
/** Input that cannot be validated is not sent. */
export const SCHEMA_UNFIT: ValueProblem = {
  path: [],
  message: 'the document does not describe the input of this operation in a usable form',
};

/**
 * Compiles a schema made by `openBundle`, for values of the host: those of users are validated by `valueProblems`. Throws Ajv's
 * errors, and TookTooLong.
 */
export function compileValidator(schema: JsonObject): Validator {
  const text = JSON.stringify(schema);
  const options = { isNew: false, isLinear: true, dialect: 'openApi' } as const;
  const validate = withWatchdog(() => schemaEngine().compile(text, options), COMPILE_MS_MAX);
  return (value) => {
    try {
      return withWatchdog(() => validate(value), VALIDATE_MS_MAX).map(problemOf);
    } catch (error) {
      if (error instanceof TookTooLong) return [TOO_LONG];
      if (error instanceof RangeError) return [TOO_DEEP];
      throw error;
    }
  };
}

/** Returns a violation as a problem of the value. */
export function problemOf(violation: SchemaViolation): ValueProblem {
  return { path: pathOf(violation.path), message: messageOf(violation) };
}

function pathOf(pointer: string): (string | number)[] {
  return pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((token) => (/^\d{1,9}$/.test(token) ? Number(token) : token));
}

function messageOf({
  keyword,
  allowedValues,
  additionalProperty,
  message,
}: SchemaViolation): string {
  if (keyword === 'enum' && allowedValues) {
    const listed = allowedValues.slice(0, ALLOWED_LISTED_MAX).map((value) => JSON.stringify(value));
    const more = allowedValues.length > ALLOWED_LISTED_MAX ? ', …' : '';
    return `must be one of ${listed.join(', ').slice(0, 500)}${more}`;
  }
  if (keyword === 'false schema') return 'must be omitted';
  if (keyword === 'additionalProperties' && additionalProperty !== undefined) {
    return `must not have ${JSON.stringify(additionalProperty.slice(0, 100))}`;
  }
  return message.slice(0, 300);
}
