import { isDeeperThan } from '../../contract/index.js';
import { applyMapping, MappingFailed, type TransformSetting } from '../../integrations/index.js';
import { executionErrors } from '../errors.js';
import { ExpressionFailed, type Expressions } from './jsonata.js';

/** Makes one JSON from another, as an integration says. */
export interface Transforms {
  /** Throws TransformFailed. */
  apply(setting: TransformSetting, value: unknown, which: 'request' | 'response'): Promise<unknown>;
}

/** No answer that is read as JSON is deeper, so that mapping one whole is no failure. */
const DEPTH_MAX = 1_000;

export function createTransforms(expressions: Expressions): Transforms {
  return {
    async apply(setting, value, which) {
      try {
        const made =
          setting.kind === 'map'
            ? applyMapping(setting.to, value)
            : await expressions.evaluate(setting.expression, value);
        if (isDeeperThan(made, DEPTH_MAX)) throw new MappingFailed('its result is nested too deep');
        return made;
      } catch (error) {
        if (!(error instanceof MappingFailed) && !(error instanceof ExpressionFailed)) throw error;
        throw executionErrors.TransformFailed({ which, problem: error.message });
      }
    },
  };
}
