import type { z } from 'zod';

import { type AnyAction, describeIssue, PathValueRefused } from '../../contract/index.js';
import { executionErrors } from '../errors.js';
import { parseValue, type ValueDeps } from './value.js';

const PROBLEMS_MAX = 5;
const PROBLEMS_LENGTH_MAX = 500;

/** Returns the input as the action takes it. Throws InputNotValid and EvaluationBusy. */
export async function parseInput(
  deps: ValueDeps,
  action: AnyAction,
  given: { readonly value: unknown; readonly organizationId: string },
): Promise<unknown> {
  const parsed = await parseValue(deps, { ...given, type: action.input as z.ZodType });
  if ('value' in parsed) return parsed.value;
  const problems = parsed.issues.slice(0, PROBLEMS_MAX).map(describeIssue).join('; ');
  throw executionErrors.InputNotValid({ problems: `${problems.slice(0, PROBLEMS_LENGTH_MAX)}.` });
}

/**
 * Builds a request from an input. If the action throws for a value that no request can carry, this throws
 * InputNotValid, which names the field of a text that has no UTF-8.
 */
export function buildFromInput<Request>(input: unknown, build: () => Request): Request {
  try {
    return build();
  } catch (error) {
    // encodeURIComponent throws URIError for an unpaired surrogate.
    if (!(error instanceof URIError) && !(error instanceof PathValueRefused)) throw error;
    const field = malformedField(input);
    const problem =
      field === undefined
        ? error.message
        : `${field || 'the input'} contains an unpaired UTF-16 surrogate`;
    throw executionErrors.InputNotValid({ problems: `${problem}.` });
  }
}

/**
 * Returns the path of the first text with an unpaired surrogate, such as `items.0.name`; `undefined` when there is
 * none.
 */
function malformedField(value: unknown, path = ''): string | undefined {
  if (typeof value === 'string') return /\p{Surrogate}/u.test(value) ? path : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, member] of Object.entries(value)) {
    const found = malformedField(member, path === '' ? name : `${path}.${name}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
