import {
  EvaluationFailed,
  type Evaluators,
  stringifyInPieces,
} from '../../platform/evaluation/index.js';

/** Thrown for an expression that has no result; its message is for the author of the expression. */
export class ExpressionFailed extends Error {}

/** Evaluates JSONata (https://docs.jsonata.org) in a process that is killed when it takes too long or too much memory. */
export interface Expressions {
  /** Throws ExpressionFailed and EvaluationBusy. */
  evaluate(organizationId: string, expression: string, input: unknown): Promise<unknown>;
}

const TIMEOUT_MS = 1_000;

/** `timeoutMs` is the time limit of one evaluation. */
export function createExpressions(evaluators: Evaluators, timeoutMs = TIMEOUT_MS): Expressions {
  return {
    async evaluate(organizationId, expression, input) {
      try {
        const given = { expression, input: (await stringifyInPieces(input ?? null)) ?? 'null' };
        const evaluation = { program: 'jsonata', given, timeoutMs } as const;
        const result = await evaluators.evaluate(organizationId, evaluation);
        return result === undefined ? undefined : (JSON.parse(result) as unknown);
      } catch (error) {
        if (error instanceof EvaluationFailed) throw new ExpressionFailed(error.message);
        throw error;
      }
    },
  };
}
