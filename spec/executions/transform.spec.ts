import { commonErrors } from '../../src/contract/index.js';
import { createExpressions } from '../../src/executions/transform/jsonata.js';
import { createTransforms } from '../../src/executions/transform/transform.js';

describe('a transform while too many wait', () => {
  const busy = {
    evaluate: () => Promise.reject(commonErrors.EvaluationBusy()),
    close: () => Promise.resolve(),
  };
  const transforms = createTransforms(createExpressions(busy));
  const setting = { kind: 'jsonata', expression: '$' } as const;

  it.each([
    // Nothing was sent: the call can be repeated.
    ['request', 'EvaluationBusy'],
    // What the call does has been done.
    ['response', 'TransformFailed'],
  ] as const)('of a %s throws %s', async (which, kind) => {
    const applied = transforms.apply({ organizationId: 'acme', setting, which }, {});
    await expect(applied).rejects.toMatchObject({ kind });
  });
});
