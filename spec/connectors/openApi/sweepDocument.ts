import type { z } from 'zod';

import type { AnyAction, ConnectorSpec } from '../../../src/contract/index.js';
import { disagreements, type GeneratedInput, inputFor } from './expectations.js';
import { deref, type DocumentedOperation, type Json, operationsIn } from './inputs.js';

/** The result of calling every operation of a document as far as the request. */
export interface DocumentSweep {
  /** How many were called. */
  readonly operations: number;
  /** With their required input. */
  readonly callable: number;
  /** With all their input. */
  readonly full: number;
  readonly problems: readonly { readonly cause: string; readonly where: string }[];
  /** The slowest first use of an operation, and all of them together. */
  readonly slowest: { readonly ms: number; readonly where: string };
  readonly firstUseMs: number;
}

/**
 * Calls each operation with its required input, with all its input, and wrongly. The requests are compared with the
 * document as `expectations.ts` reads it. Of a document with more operations, `operationsMax` are called, evenly spread.
 */
export function sweepDocument(
  document: Json,
  connector: ConnectorSpec,
  operationsMax = Infinity,
): DocumentSweep {
  const problems: { cause: string; where: string }[] = [];
  const operations = operationsIn(document);
  if (operations.length !== connector.actions.length) {
    problems.push({ cause: `${connector.actions.length} actions`, where: `${operations.length}` });
  }
  const counts = { callable: 0, full: 0, firstUseMs: 0 };
  let slowest = { ms: 0, where: '' };
  const numbers = spread(operations.length, operationsMax);
  for (const nth of numbers) {
    const [operation, action] = [operations[nth], connector.actions[nth]];
    if (!operation || !action) continue;
    const where = `${operation.method} ${operation.path}`;
    const say = (cause: string) => problems.push({ cause, where });
    const startedAt = performance.now();
    const generated = inputFor(operation, false);
    const found = problemsOf({ connector, action, operation }, generated);
    const ms = performance.now() - startedAt;
    counts.firstUseMs += ms;
    if (ms > slowest.ms) slowest = { ms, where };
    const everything = inputFor(operation, true);
    const isSame = JSON.stringify(everything.input) === JSON.stringify(generated.input);
    const others = isSame ? found : problemsOf({ connector, action, operation }, everything);
    const accepted = wrongsAccepted({ connector, action, operation }, generated);
    found.forEach((each) => say(`with what it requires: ${each}`));
    (isSame ? [] : others).forEach((each) => say(`with everything: ${each}`));
    accepted.forEach((each) => say(`accepts ${each}`));
    counts.callable += Number(found.length === 0);
    counts.full += Number(others.length === 0);
  }
  return { operations: numbers.length, ...counts, problems, slowest };
}

/** So many of the numbers below `count`, as far from each other as they can be. */
function spread(count: number, max: number): number[] {
  if (count <= max) return [...Array(count).keys()];
  return Array.from({ length: max }, (_, nth) => Math.round((nth * (count - 1)) / (max - 1)));
}

interface Called {
  readonly connector: ConnectorSpec;
  readonly action: AnyAction;
  readonly operation: DocumentedOperation;
}

function problemsOf(called: Called, generated: GeneratedInput): string[] {
  const { connector, action, operation } = called;
  const parsed = action.input.safeParse(generated.input);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return [`refused: ${issue?.path.join('/') ?? ''} ${issue?.message ?? ''}`.slice(0, 160)];
  }
  try {
    return disagreements(connector, action, operation, generated);
  } catch (error) {
    return [`threw ${(error as Error).constructor.name}: ${(error as Error).message}`];
  }
}

/** Returns wrong inputs, whatever the document says, that are not refused with a sentence. */
function wrongsAccepted(
  { action, operation: { document } }: Called,
  { input, filled }: GeneratedInput,
): string[] {
  // One with a single possible value may be omitted.
  const inPath = filled.find(
    ({ parameter }) =>
      parameter.in === 'path' &&
      (deref(document, parameter.schema) ?? parameter).enum?.length !== 1,
  )?.key;
  const { [inPath ?? '']: _left, ...rest } = input;
  const parsed: z.ZodSafeParseResult<unknown> = action.input.safeParse({
    ...rest,
    unknownToAll: 1,
  });
  const messages = parsed.error?.issues.map(({ message }) => message) ?? [];
  return [
    ...(messages.includes('must not have "unknownToAll"') ? [] : ['an unknown member']),
    ...(inPath === undefined || messages.some((each) => each.includes(`'${inPath}'`))
      ? []
      : [`nothing for ${inPath}`]),
  ];
}
