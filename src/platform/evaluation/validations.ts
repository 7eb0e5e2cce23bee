import { LRUCache } from 'lru-cache';

import { jsonSizeUpTo } from '../jsonSize.js';
import { TookTooLong, withWatchdog } from '../watchdog.js';
import { EvaluationFailed } from './evaluator.js';
import type { Evaluators } from './evaluators.js';
import { InlineWork } from './inlineWork.js';
import { stringifyInPieces } from './jsonPieces.js';
import {
  type CompiledSchema,
  type SchemaDialect,
  schemaEngine,
  type SchemaViolation,
} from './schemaEngine.js';

/** Data and the JSON Schema that it is to match. */
interface SchemaAndData {
  readonly dialect: SchemaDialect;
  /** As JSON. */
  readonly schema: string;
  readonly data: unknown;
  /** Data that is longer as JSON is not validated in another process: the caller refuses it for its length. */
  readonly lengthMax: number;
}

/** `failure`: the data could not be compared with the schema, so nothing is known of its violations. */
export interface Validation {
  readonly violations: readonly SchemaViolation[];
  readonly failure?: 'tooDeep' | 'tooLong' | 'schemaUnfit' | undefined;
}

/** Compares data with JSON Schemas: of both, at least one comes from users. */
export interface Validations {
  /** Throws EvaluationBusy. */
  validate(organizationId: string, given: SchemaAndData): Promise<Validation>;
}

/** What is small is validated on the main thread, for so many milliseconds of each organization; the rest in another process. */
interface InlineLimits {
  readonly schemaLengthMax: number;
  readonly dataSizeMax: number;
  /** Compiled schemas that are kept. */
  readonly compiledMax: number;
}

const INLINE: Readonly<Record<SchemaDialect, InlineLimits>> = {
  event: { schemaLengthMax: 8 * 1024, dataSizeMax: 8 * 1024, compiledMax: 500 },
  // The host’s, therefore larger and trusted to be what a service publishes. A compiled one may take some megabytes.
  openApi: { schemaLengthMax: 256 * 1024, dataSizeMax: 8 * 1024, compiledMax: 50 },
};
const COMPILE_MS_MAX = 30;
const VALIDATE_MS_MAX = 5;
/** In another process. */
const VALIDATE_ELSEWHERE_MS_MAX = 1_000;
/** Data times schema, in characters, that take a few milliseconds at most, whatever they are. */
const HARMLESS_SIZE_MAX = 200_000;
/** What can take longer than data times schema. */
const COSTLY = /"(?:\$(?:dynamic|recursive)?[rR]ef|uniqueItems|url)"/;

/** Compiled schemas by their text; without `check` those that are not for the main thread. */
type Compiled = LRUCache<string, { readonly check?: CompiledSchema }>;

export function createValidations(
  evaluators: Evaluators,
  inline: Pick<InlineWork, 'run'> = new InlineWork(),
): Validations {
  schemaEngine();
  const compiled: Readonly<Record<SchemaDialect, Compiled>> = {
    event: new LRUCache({ max: INLINE.event.compiledMax }),
    openApi: new LRUCache({ max: INLINE.openApi.compiledMax }),
  };

  async function validateInline(
    organizationId: string,
    { dialect, schema, data }: SchemaAndData,
  ): Promise<Validation | undefined> {
    const { schemaLengthMax, dataSizeMax } = INLINE[dialect];
    if (schema.length > schemaLengthMax) return undefined;
    const size = jsonSizeUpTo(data, dataSizeMax);
    if (size >= dataSizeMax) return undefined;
    const known = compiled[dialect];
    const made =
      known.get(schema) ??
      (await inline.run(organizationId, () => compile(dialect, schema)))?.result;
    if (made) known.set(schema, made);
    const check = made?.check;
    if (!check) return undefined;
    const isHarmless = size * schema.length <= HARMLESS_SIZE_MAX && !COSTLY.test(schema);
    const done = await inline.run(organizationId, () => run(check, data, isHarmless));
    if (done?.result !== 'tooLong') return done?.result;
    known.set(schema, {});
    return undefined;
  }

  return {
    async validate(organizationId, given) {
      const done = await validateInline(organizationId, given);
      if (done) return done;
      const { dialect, schema, lengthMax } = given;
      const data = (await stringifyInPieces(given.data)) ?? 'null';
      if (data.length > lengthMax) return { violations: [] };
      return validateElsewhere(evaluators, organizationId, { dialect, schema, data });
    },
  };
}

/** A schema that fails here, for example by an old pattern without linear form, is evaluated elsewhere. */
function compile(dialect: SchemaDialect, schema: string): { readonly check?: CompiledSchema } {
  const options = { isNew: false, isLinear: true, dialect };
  try {
    return { check: withWatchdog(() => schemaEngine().compile(schema, options), COMPILE_MS_MAX) };
  } catch {
    return {};
  }
}

function run(check: CompiledSchema, data: unknown, isHarmless: boolean): Validation | 'tooLong' {
  try {
    return {
      violations: isHarmless
        ? check(data)
        : withWatchdog(() => check(data), VALIDATE_MS_MAX, { attemptsMax: 1 }),
    };
  } catch (error) {
    if (error instanceof TookTooLong) return 'tooLong';
    return { violations: [], failure: 'tooDeep' };
  }
}

async function validateElsewhere(
  evaluators: Evaluators,
  organizationId: string,
  given: { readonly dialect: SchemaDialect; readonly schema: string; readonly data: string },
): Promise<Validation> {
  const timeoutMs = VALIDATE_ELSEWHERE_MS_MAX;
  try {
    const result = await evaluators.evaluate(organizationId, {
      program: 'checkData',
      given,
      timeoutMs,
    });
    return { violations: JSON.parse(result ?? '[]') as readonly SchemaViolation[] };
  } catch (error) {
    if (!(error instanceof EvaluationFailed)) throw error;
    const { isStopped, isTooDeep } = error;
    return {
      violations: [],
      failure: isTooDeep ? 'tooDeep' : isStopped ? 'tooLong' : 'schemaUnfit',
    };
  }
}
