import { z } from 'zod';

import { describeIssue } from '../../src/contract/index.js';
import { rest } from '../../templates/generic/rest/index.js';

const post = rest.actions.find(({ name }) => name === 'post')?.input ?? z.never();
const parameters = z.strictObject({
  size: z.union([z.int(), z.literal('all')]).optional(),
  tags: z.record(z.string(), z.union([z.string(), z.array(z.string())])).optional(),
  shape: z.discriminatedUnion('kind', [z.object({ kind: z.literal('a') })]).optional(),
  limit: z.number().max(5).optional(),
});

describe('the description of what is wrong with a value', () => {
  it.each<[z.ZodType, unknown, string]>([
    [parameters, 7, 'must be of type object, not number'],
    [parameters, { limit: 'x' }, 'limit: must be of type number, not string'],
    [parameters, { limit: 6 }, 'limit: Too big: expected number to be <=5'],
    [parameters, { other: 1 }, 'Unrecognized key: "other"'],
    [parameters, { size: 0.5 }, 'size: must be of type int, not number, or must be "all"'],
    [
      parameters,
      { tags: { a: 1 } },
      'tags.a: must be of type string, not number, or must be of type array, not number',
    ],
    [parameters, { shape: { kind: 'b' } }, "shape.kind: Invalid discriminator value. Expected 'a'"],
    [z.strictObject({ name: z.string() }), {}, 'name: is missing'],
    [parameters.required(), { tags: {}, shape: { kind: 'a' }, limit: 1 }, 'size: is missing'],
    [
      post,
      { path: '/', body: { a: 1 } },
      'body: must be { json }, { form } or { text, contentType }',
    ],
    [post, { path: '/', body: { json: undefined } }, 'body: json must be a value'],
  ])('%#', (type, value, description) => {
    expect(type.safeParse(value).error?.issues.map(describeIssue)).toEqual([description]);
  });
});
