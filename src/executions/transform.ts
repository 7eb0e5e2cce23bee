import { applyMapping, MappingFailed, type TransformSetting } from '../integrations/index.js';
import { executionErrors } from './errors.js';
import { ExpressionFailed, type Expressions } from './jsonata.js';

/** Makes one JSON from another, as an integration says. */
export interface Transforms {
  /** Throws TransformFailed. */
  apply(setting: TransformSetting, value: unknown, which: 'request' | 'response'): Promise<unknown>;
}

export function createTransforms(expressions: Expressions): Transforms {
  return {
    async apply(setting, value, which) {
      try {
        return setting.kind === 'map'
          ? applyMapping(setting.to, value)
          : await expressions.evaluate(setting.expression, value);
      } catch (error) {
        if (!(error instanceof MappingFailed) && !(error instanceof ExpressionFailed)) throw error;
        throw executionErrors.TransformFailed({ which, problem: error.message });
      }
    },
  };
}
