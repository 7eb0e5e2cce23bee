import { z } from 'zod';

import {
  defineErrors,
  functionsFor,
  organizationId,
  pageOf,
  pageParams,
} from '../../src/contract/index.js';

const defineFunction = functionsFor<unknown>();

const { TreeNotFound, TreeTooTall } = defineErrors({
  TreeNotFound: { code: 101, status: 404, message: 'There is no such tree.' },
  TreeTooTall: { code: 7901, status: 422, message: 'A tree has at most {meters} meters.' },
});

interface Branch {
  readonly name: string;
  readonly branches: readonly Branch[];
}

/** Contains itself, which JSON Schema expresses with a reference. */
const branch: z.ZodType<Branch> = z.lazy(() =>
  z.strictObject({ name: z.string(), branches: z.array(branch) }),
);

const tree = z.strictObject({
  id: z.string(),
  height: z.strictObject({ meters: z.number().min(0).describe('From the ground | to the top.') }),
  branches: z.array(z.strictObject({ name: z.string(), length: z.number().optional() })),
});

const exampleTree = { id: 't1', height: { meters: 3 }, branches: [{ name: "Ada's" }] };

/** Functions that use everything a declaration can contain, to show what is derived from it. */
export const sampleManifest = [
  defineFunction({
    name: 'registerForester',
    summary: 'Makes the caller a forester.',
    access: { kind: 'user' },
    params: z.strictObject({}),
    result: z.strictObject({ since: z.iso.datetime() }),
    errors: {},
    example: { params: {}, result: { since: '2026-01-02T03:04:05.000Z' } },
    handle: () => Promise.resolve({ since: '2026-01-02T03:04:05.000Z' }),
  }),
  defineFunction({
    name: 'plantTree',
    summary: 'Plants a tree.',
    access: { kind: 'permission', permission: 'webhooks:write' },
    params: z.strictObject({
      organizationId,
      kind: z.enum(['oak', 'fir']).default('oak').describe('What grows.'),
      note: z.string().min(1).max(200).optional().describe('First line.\nSecond | line.'),
      trunk: branch,
      care: z
        .discriminatedUnion('by', [
          z.strictObject({ by: z.literal('rain') }),
          z.strictObject({ by: z.literal('hand'), everyDays: z.number().int().min(1).max(30) }),
        ])
        .optional(),
    }),
    result: z.strictObject({ tree }),
    errors: { TreeTooTall },
    example: {
      params: { kind: 'fir', trunk: { name: "Ada's", branches: [] } },
      result: { tree: exampleTree },
    },
    handle: () => Promise.resolve({ tree: exampleTree }),
  }),
  defineFunction({
    name: 'getTrees',
    summary: 'Lists trees, newest first.',
    access: { kind: 'permission', permission: 'webhooks:read' },
    reads: true,
    params: z.strictObject({ organizationId, ...pageParams }),
    result: pageOf(tree),
    errors: {},
    example: { params: { limit: 1 }, result: { items: [exampleTree] } },
    handle: () => Promise.resolve({ items: [] }),
  }),
  defineFunction({
    name: 'fellTree',
    summary: 'Fells a tree.',
    access: { kind: 'master' },
    params: z.strictObject({ treeId: z.string() }),
    result: z.strictObject({}),
    errors: { TreeNotFound },
    example: { params: { treeId: 't1' }, result: {} },
    handle: () => Promise.resolve({}),
  }),
] as const;
