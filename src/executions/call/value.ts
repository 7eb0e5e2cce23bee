import type { z } from 'zod';

import { documentProblems } from '../../connectors/index.js';
import type { Validations } from '../../platform/evaluation/index.js';

export interface ValueDeps {
  readonly validations: Validations;
}

type Issue = z.core.$ZodIssue;

/**
 * Returns an input or output as its type has it, or what is wrong with it. Types that are made from an OpenAPI document are
 * validated beside the main thread where they are large. Throws EvaluationBusy.
 */
export async function parseValue(
  { validations }: ValueDeps,
  given: {
    readonly type: z.ZodType;
    readonly value: unknown;
    readonly organizationId: string;
  },
): Promise<{ readonly value: unknown } | { readonly issues: readonly Issue[] }> {
  const { type, value } = given;
  const problems = await documentProblems(validations, given);
  if (!problems) {
    const parsed = type.safeParse(value);
    return parsed.success ? { value: parsed.data } : { issues: parsed.error.issues };
  }
  if (problems.length === 0) return { value };
  return {
    issues: problems.map(({ path, message }) => ({
      code: 'custom',
      path: [...path],
      message,
      input: undefined,
    })),
  };
}
