import { LRUCache } from 'lru-cache';
import type { z } from 'zod';

import type { Validation, Validations } from '../../platform/evaluation/index.js';
import type { JsonObject } from './json.js';
import { problemOf, SCHEMA_UNFIT, TOO_DEEP, TOO_LONG, type ValueProblem } from './validator.js';

/** What an OpenAPI document says about an input or an output. */
interface DocumentCheck {
  readonly schema: () => JsonObject;
  /** Further checks, called with values that the schema accepts. */
  readonly alsoCheck?: (value: unknown) => readonly ValueProblem[];
}

const checks = new WeakMap<z.ZodType, DocumentCheck>();
/** As JSON. One may have some hundred kilobytes; making it again takes some milliseconds. */
const texts = new LRUCache<DocumentCheck, string>({ max: 50 });

/** Remembers what a type is made from. */
export function registerDocumentCheck(type: z.ZodType, check: DocumentCheck): void {
  checks.set(type, check);
}

/**
 * Returns what a document refuses in a value of a user or a service, which may take another process; `undefined` when the type is
 * not made from a document. Throws EvaluationBusy.
 */
export async function documentProblems(
  validations: Validations,
  { type, value, organizationId }: { type: z.ZodType; value: unknown; organizationId: string },
): Promise<readonly ValueProblem[] | undefined> {
  const check = checks.get(type);
  if (!check) return undefined;
  const schema = texts.get(check) ?? JSON.stringify(check.schema());
  texts.set(check, schema);
  const given = { dialect: 'openApi', schema, data: value, lengthMax: Infinity } as const;
  const { violations, failure } = await validations.validate(organizationId, given);
  if (failure) return [FAILURES[failure]];
  return violations.length > 0 ? violations.map(problemOf) : (check.alsoCheck?.(value) ?? []);
}

const FAILURES: Readonly<Record<NonNullable<Validation['failure']>, ValueProblem>> = {
  tooDeep: TOO_DEEP,
  tooLong: TOO_LONG,
  schemaUnfit: SCHEMA_UNFIT,
};
