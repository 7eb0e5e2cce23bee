import {
  EvaluationFailed,
  type Evaluators,
  type Validation,
  type Validations,
} from '../../platform/evaluation/index.js';
import { eventErrors } from '../errors.js';
import { BODY_BYTES_MAX } from './envelope.js';

/** The largest JSON Schema that an event type may have, in characters. */
export const SCHEMA_LENGTH_MAX = 64 * 1024;
/** An ordinary schema compiles in some 20 ms; the first of a process on a busy machine has taken over 500. */
const COMPILE_MS_MAX = 2_000;
const PROBLEMS_SHOWN = 3;

/** A schema of an event type and data for it. */
interface TypedData {
  readonly type: string;
  /** As JSON. It has passed `check`. */
  readonly schema: string;
  readonly data: unknown;
}

/** JSON Schemas of event types: draft 7 if `$schema` says so, else draft 2020-12. They are untrusted. */
export interface DataSchemas {
  /**
   * Throws SchemaNotUsable, also for patterns that have no linear form; and EvaluationBusy. References to other documents are not
   * followed.
   */
  check(organizationId: string, schema: string): Promise<void>;
  /**
   * Throws DataDoesNotMatch with the first problems. They name paths and rules, but none of the values. Throws EvaluationBusy.
   */
  checkData(organizationId: string, typed: TypedData): Promise<void>;
}

export function createDataSchemas(evaluators: Evaluators, validations: Validations): DataSchemas {
  return {
    async check(organizationId, schema) {
      const problem =
        schema.length > SCHEMA_LENGTH_MAX
          ? `it has more than ${String(SCHEMA_LENGTH_MAX)} characters`
          : await problemOfSchema(evaluators, organizationId, schema);
      if (problem !== undefined) throw eventErrors.SchemaNotUsable({ problem });
    },
    async checkData(organizationId, { type, schema, data }) {
      const given = { dialect: 'event', schema, data, lengthMax: BODY_BYTES_MAX } as const;
      const problems = problemsIn(await validations.validate(organizationId, given));
      if (problems !== undefined) throw eventErrors.DataDoesNotMatch({ type, problems });
    },
  };
}

async function problemOfSchema(
  evaluators: Evaluators,
  organizationId: string,
  schema: string,
): Promise<string | undefined> {
  const given = { schema };
  try {
    await evaluators.evaluate(organizationId, {
      program: 'checkSchema',
      given,
      timeoutMs: COMPILE_MS_MAX,
    });
    return undefined;
  } catch (error) {
    if (!(error instanceof EvaluationFailed)) throw error;
    return error.isStopped ? 'it takes too long to compile' : error.message;
  }
}

const FAILURES: Readonly<Record<NonNullable<Validation['failure']>, string>> = {
  tooDeep: 'it nests too deep to be checked',
  tooLong: 'checking it took too long',
  schemaUnfit: 'the schema cannot be evaluated; update it',
};

function problemsIn({ violations, failure }: Validation): string | undefined {
  if (failure) return FAILURES[failure];
  if (violations.length === 0) return undefined;
  return violations
    .slice(0, PROBLEMS_SHOWN)
    .map(({ path, message }) => `data${path} ${message}`)
    .join('; ');
}
