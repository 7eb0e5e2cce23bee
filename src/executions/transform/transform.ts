import { AppError, isDeeperThan } from '../../contract/index.js';
import { applyMapping, MappingFailed, type TransformSetting } from '../../integrations/index.js';
import { executionErrors } from '../errors.js';
import { ExpressionFailed, type Expressions } from './jsonata.js';

interface Transform {
  readonly organizationId: string;
  readonly setting: TransformSetting;
  readonly which: 'request' | 'response';
}

/** Turns one JSON value into another by a transform of an integration. */
export interface Transforms {
  /** Throws TransformFailed; for requests, also EvaluationBusy. */
  apply(transform: Transform, value: unknown): Promise<unknown>;
}

/** Responses that are parsed as JSON are never deeper, so that a transform may return one whole. */
const DEPTH_MAX = 1_000;

/** A busy evaluation of a response is a failure: the request was sent, so the call must not just be repeated. */
function isForCaller(error: unknown, which: Transform['which']): error is Error {
  const isBusy = error instanceof AppError && error.kind === 'EvaluationBusy';
  return (
    error instanceof MappingFailed ||
    error instanceof ExpressionFailed ||
    (isBusy && which === 'response')
  );
}

export function createTransforms(expressions: Expressions): Transforms {
  return {
    async apply({ organizationId, setting, which }, value) {
      try {
        const made =
          setting.kind === 'map'
            ? await applyMapping(setting.to, value)
            : await expressions.evaluate(organizationId, setting.expression, value);
        if (isDeeperThan(made, DEPTH_MAX)) throw new MappingFailed('its result is nested too deep');
        return made;
      } catch (error) {
        if (!isForCaller(error, which)) throw error;
        throw executionErrors.TransformFailed({ which, problem: error.message.replace(/\.$/, '') });
      }
    },
  };
}
