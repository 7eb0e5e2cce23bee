import { LRUCache } from 'lru-cache';

import {
  type CompiledSchema,
  EvaluationFailed,
  type Evaluators,
  InlineWork,
  schemaEngine,
} from '../../platform/evaluation/index.js';
import { jsonSizeUpTo } from '../../platform/jsonSize.js';
import { TookTooLong, withWatchdog } from '../../platform/watchdog.js';
import { eventErrors } from '../errors.js';
import { BODY_BYTES_MAX } from './envelope.js';

/** The largest JSON Schema that an event type may have, in characters. */
export const SCHEMA_LENGTH_MAX = 64 * 1024;
/** An ordinary schema compiles in some 20 ms; the first of a process on a busy machine has taken over 500. */
const COMPILE_MS_MAX = 2_000;
const VALIDATE_MS_MAX = 1_000;

// On the main thread, only what is small; the rest goes to another process.
const INLINE_SCHEMA_LENGTH_MAX = 8 * 1024;
const INLINE_DATA_SIZE_MAX = 8 * 1024;
const INLINE_COMPILE_MS_MAX = 30;
const INLINE_VALIDATE_MS_MAX = 5;
/** Data times schema, in characters, that take a few milliseconds at most, whatever they are. */
const HARMLESS_SIZE_MAX = 200_000;
/** What can take longer than data times schema. */
const COSTLY = /"(?:\$(?:dynamic|recursive)?[rR]ef|uniqueItems|url)"/;
const COMPILED_MAX = 500;

/** A schema of an event type and data for it. */
interface TypedData {
  readonly type: string;
  /** As JSON. It has passed `checkSchema`. */
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

/**
 * Validates small data on the main thread, for so many milliseconds of each organization, and everything else in other processes.
 */
export function createDataSchemas(
  evaluators: Evaluators,
  inline: Pick<InlineWork, 'run' | 'slice'> = new InlineWork(),
): DataSchemas {
  schemaEngine();
  /** Compiled schemas by their text; `undefined` for those that are not for the main thread. */
  const compiled = new LRUCache<string, { readonly check: CompiledSchema | undefined }>({
    max: COMPILED_MAX,
  });

  async function validateInline(
    organizationId: string,
    { schema, data }: TypedData,
  ): Promise<{ readonly problems: string | undefined } | undefined> {
    if (schema.length > INLINE_SCHEMA_LENGTH_MAX) return undefined;
    const size = jsonSizeUpTo(data, INLINE_DATA_SIZE_MAX);
    if (size >= INLINE_DATA_SIZE_MAX) return undefined;
    const known = compiled.get(schema);
    const made = known ?? (await inline.run(organizationId, () => compile(schema)))?.result;
    if (made) compiled.set(schema, made);
    const check = made?.check;
    if (!check) return undefined;
    const isHarmless = size * schema.length <= HARMLESS_SIZE_MAX && !COSTLY.test(schema);
    const done = await inline.run(organizationId, () => run(check, data, isHarmless));
    if (done?.result === 'tooLong') compiled.set(schema, { check: undefined });
    return done === undefined || done.result === 'tooLong' ? undefined : done.result;
  }

  return {
    async check(organizationId, schema) {
      const problem =
        schema.length > SCHEMA_LENGTH_MAX
          ? `it has more than ${String(SCHEMA_LENGTH_MAX)} characters`
          : await problemOfSchema(evaluators, organizationId, schema);
      if (problem !== undefined) throw eventErrors.SchemaNotUsable({ problem });
    },
    async checkData(organizationId, typed) {
      const done =
        (await validateInline(organizationId, typed)) ??
        (await validateElsewhere(evaluators, organizationId, {
          schema: typed.schema,
          data: await inline.slice(() => JSON.stringify(typed.data)),
        }));
      const { problems } = done;
      if (problems !== undefined)
        throw eventErrors.DataDoesNotMatch({ type: typed.type, problems });
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

async function validateElsewhere(
  evaluators: Evaluators,
  organizationId: string,
  given: { readonly schema: string; readonly data: string },
): Promise<{ readonly problems: string | undefined }> {
  // Too large for an event, which is refused for that.
  if (given.data.length > BODY_BYTES_MAX) return { problems: undefined };
  try {
    const result = await evaluators.evaluate(organizationId, {
      program: 'checkData',
      given,
      timeoutMs: VALIDATE_MS_MAX,
    });
    return { problems: result === undefined ? undefined : (JSON.parse(result) as string) };
  } catch (error) {
    if (!(error instanceof EvaluationFailed)) throw error;
    return { problems: problemOfFailure(error) };
  }
}

function problemOfFailure({ isStopped, isTooDeep }: EvaluationFailed): string {
  if (isTooDeep) return 'it nests too deep to be checked';
  return isStopped ? 'checking it took too long' : 'the schema cannot be evaluated; update it';
}

/** A schema that fails here, for example by an old pattern without linear form, is evaluated elsewhere. */
function compile(schema: string): { readonly check: CompiledSchema | undefined } {
  try {
    const make = () => schemaEngine().compile(schema, { isNew: false, isLinear: true });
    return { check: withWatchdog(make, INLINE_COMPILE_MS_MAX) };
  } catch {
    return { check: undefined };
  }
}

function run(
  check: CompiledSchema,
  data: unknown,
  isHarmless: boolean,
): { readonly problems: string | undefined } | 'tooLong' {
  try {
    return {
      problems: isHarmless
        ? check(data)
        : withWatchdog(() => check(data), INLINE_VALIDATE_MS_MAX, { attemptsMax: 1 }),
    };
  } catch (error) {
    if (error instanceof TookTooLong) return 'tooLong';
    return { problems: 'it nests too deep to be checked' };
  }
}
