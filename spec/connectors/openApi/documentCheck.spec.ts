import type { z } from 'zod';

import { documentProblems } from '../../../src/connectors/index.js';
import { createEvaluators, createValidations } from '../../../src/platform/evaluation/index.js';
import { documentWith, load } from './document.js';

const evaluators = createEvaluators();
afterAll(() => evaluators.close());

/** Counts what is validated on the main thread. */
let inlineRuns = 0;
const onMainThread = createValidations(evaluators, {
  run: (_organizationId, work) => {
    inlineRuns += 1;
    return Promise.resolve({ result: work() });
  },
});
const elsewhere = createValidations(evaluators, { run: () => Promise.resolve(undefined) });

const { action } = load(
  documentWith({
    method: 'post',
    operation: {
      parameters: [
        { name: 'kind', in: 'query', schema: { enum: ['a', 'b'] } },
        { name: 'X-Id', in: 'header', schema: { type: 'string' } },
      ],
      requestBody: {
        required: true,
        content: { 'application/json': { schema: { $ref: '#/components/schemas/order' } } },
      },
    },
    components: {
      schemas: {
        order: {
          type: 'object',
          required: ['id'],
          properties: {
            id: { type: 'string', pattern: '^[a-z\\-]+$' },
            items: { type: 'array', uniqueItems: true },
            file: { type: 'string', format: 'uuid' },
          },
          additionalProperties: false,
        },
      },
    },
  }),
);
const type = action().input as z.ZodType;
const problemsIn = async (validations: typeof elsewhere, value: unknown) =>
  (await documentProblems(validations, { type, value, organizationId: 'acme' }))?.map(
    ({ path, message }) => ({ path, message }),
  );

describe('an input that a document describes', () => {
  it.each([
    [{ body: { id: 'a-b' } }],
    [{ body: { id: 'A', file: 'x' }, kind: 'c' }],
    [{ body: { id: 7, more: 1 } }],
    [{}],
    [{ body: { id: 'a', items: [{ a: 1 }, { a: 1 }] } }],
    [{ body: { id: 'a' }, 'X-Id': 'a\nb' }],
    [null],
  ])('has the same problems on the main thread, elsewhere, and by its type: %j', async (value) => {
    const parsed = type.safeParse(value);
    const issues = (parsed.error?.issues ?? []).map(({ path, message }) => ({ path, message }));
    expect(await problemsIn(onMainThread, value)).toEqual(issues);
    expect(await problemsIn(elsewhere, value)).toEqual(issues);
  });

  it('is not compared on the main thread when it is large', async () => {
    inlineRuns = 0;
    const items = Array.from({ length: 30_000 }, (_, n) => ({ n }));
    expect(await problemsIn(onMainThread, { body: { id: 'a', items } })).toEqual([
      { path: [], message: 'validation took too long; simplify the value or the schema' },
    ]);
    const large = { body: { id: 'a', items: ['x'.repeat(100_000)], more: 1 } };
    expect(await problemsIn(onMainThread, large)).toEqual([
      { path: ['body'], message: 'must not have "more"' },
    ]);
    expect(inlineRuns).toBe(0);
  });

  it('is another process’s once the organization has used up its time on the main thread', async () => {
    expect(await problemsIn(elsewhere, { body: { id: 'a' } })).toEqual([]);
  });
});
