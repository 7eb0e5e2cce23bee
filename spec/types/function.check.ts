// Compiled by `npm run types`, never run: each line marked as an error must be one.
import { z } from 'zod';

import {
  type AnyFunction,
  type ClientOf,
  defineErrors,
  type ErrorsOf,
  functionsFor,
  type ParamsOf,
  type ResultOf,
} from '../../src/contract/index.js';

interface Trees {
  plant(kind: string): Promise<{ id: string }>;
}

const defineFunction = functionsFor<{ trees: Trees }>();
const { TooTall, TooWide } = defineErrors({
  TooTall: { code: 7901, status: 422, message: 'Too tall.' },
  TooWide: { code: 7902, status: 422, message: 'Too wide.' },
});

const plantTree = defineFunction({
  name: 'plantTree',
  summary: 'Plants a tree.',
  access: { kind: 'permission', permission: 'webhooks:write' },
  params: z.strictObject({ kind: z.string(), meters: z.number().default(1) }),
  result: z.strictObject({ id: z.string() }),
  errors: { TooTall },
  example: { params: { kind: 'oak' }, result: { id: 't1' } },
  async handle({ params, services, fail }) {
    // Parameters with a default are always present.
    const meters: number = params.meters;
    if (meters > 100) throw fail.TooTall();
    // @ts-expect-error -- only declared errors may be raised
    if (meters < 0) throw fail.TooWide();
    // @ts-expect-error -- undeclared parameters do not exist
    await services.trees.plant(params.species);
    // @ts-expect-error -- nor are services
    await services.bushes.plant(params.kind);
    return services.trees.plant(params.kind);
  },
});

defineFunction({
  name: 'fellTree',
  summary: 'Fells a tree.',
  // @ts-expect-error -- there is no such permission
  access: { kind: 'permission', permission: 'trees:fell' },
  params: z.strictObject({ id: z.string() }),
  result: z.strictObject({}),
  errors: { TooWide },
  // @ts-expect-error -- an example is one of the declared parameters
  example: { params: { id: 1 }, result: {} },
  handle: () => Promise.resolve({}),
});

defineFunction({
  name: 'countTrees',
  summary: 'Counts trees.',
  access: { kind: 'user' },
  params: z.strictObject({}),
  result: z.strictObject({ trees: z.number() }),
  errors: {},
  example: { params: {}, result: { trees: 1 } },
  // @ts-expect-error -- the result must be the declared one
  handle: () => Promise.resolve({ trees: 'many' }),
});

export const manifest = [plantTree] as const satisfies readonly AnyFunction[];

// For callers: parameters with a default are optional, and the result is the declared one.
export const params: ParamsOf<typeof plantTree> = { kind: 'oak' };
export const result: ResultOf<typeof plantTree> = { id: 't1' };
export const error: ErrorsOf<typeof plantTree> = 'TooTall';
// @ts-expect-error -- not an error that it throws
export const otherError: ErrorsOf<typeof plantTree> = 'TooWide';

declare const client: ClientOf<typeof manifest>;
export const planted: Promise<{ id: string }> = client.plantTree({ kind: 'oak' });
// @ts-expect-error -- not in the manifest
void client.countTrees();
