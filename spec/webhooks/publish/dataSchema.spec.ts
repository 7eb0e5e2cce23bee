import { jest } from '@jest/globals';

import { AppError } from '../../../src/contract/index.js';
import { createEvaluators, createValidations } from '../../../src/platform/evaluation/index.js';
import { createDataSchemas, SCHEMA_LENGTH_MAX } from '../../../src/webhooks/publish/dataSchema.js';

const evaluators = createEvaluators();
afterAll(() => evaluators.close());
const schemas = createDataSchemas(evaluators, createValidations(evaluators));
const checkSchema = (schema: string) => schemas.check('acme', schema);
const checkData = (type: string, schema: string, data: unknown) =>
  schemas.checkData('acme', { type, schema, data });

const ORDER = JSON.stringify({
  type: 'object',
  required: ['orderId'],
  properties: { orderId: { type: 'string' }, total: { type: 'number', minimum: 0 } },
});

/** Returns the error of `work` as kind and message; `undefined` when it succeeded. */
async function refusalOf(
  work: () => Promise<void>,
): Promise<{ kind: string; message: string } | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof AppError) return { kind: error.kind, message: error.message };
    throw error;
  }
}

/** d0 references d1 twice, d1 references d2 twice …: linear in length, but 2^40 checks. */
const doubling = {
  $ref: '#/$defs/d0',
  $defs: Object.fromEntries(
    Array.from({ length: 41 }, (_, n) => [
      `d${n}`,
      n === 40
        ? { type: 'object' }
        : { allOf: [{ $ref: `#/$defs/d${n + 1}` }, { $ref: `#/$defs/d${n + 1}` }] },
    ]),
  ),
};

function nested(depth: number): object {
  return depth === 0 ? {} : { properties: { a: nested(depth - 1) } };
}

describe('checkSchema', () => {
  it.each([
    ['draft 2020-12', ORDER],
    [
      'draft 7',
      JSON.stringify({
        $schema: 'http://json-schema.org/draft-07/schema#',
        definitions: { id: { type: 'string' } },
        properties: { id: { $ref: '#/definitions/id' } },
      }),
    ],
    ['an empty schema', '{}'],
    ['unknown keywords', '{"x-owner":"billing","type":"object"}'],
    ['a schema of the maximum length', `{"description":"${'x'.repeat(SCHEMA_LENGTH_MAX - 18)}"}`],
    ['a schema that contains itself', '{"properties":{"next":{"$ref":"#"}}}'],
    ['one that costs exponentially to check, but not to compile', JSON.stringify(doubling)],
  ])('takes %s', async (_name, schema) => {
    expect(await refusalOf(() => checkSchema(schema))).toBeUndefined();
  });

  it.each([
    [
      'too long',
      `{"description":"${'x'.repeat(SCHEMA_LENGTH_MAX)}"}`,
      /more than 65536 characters/,
    ],
    ['no JSON Schema', '{"type":"strange"}', /schema is invalid: data\/type/],
    ['no object', 'true', /./],
    ['an unreadable pattern', '{"properties":{"a":{"pattern":"("}}}', /regular expression/],
    ['a reference to elsewhere', '{"$ref":"https://evil.example/s.json"}', /can't resolve/],
    ['a reference to a file', '{"$ref":"file:///etc/passwd"}', /can't resolve/],
    ['a dialect of its own', '{"$schema":"https://evil.example/dialect"}', /no schema with key/],
    ['the name of the dialect', '{"$id":"https://json-schema.org/draft/2020-12/schema"}', /exists/],
    ['a schema whose validator returns a promise', '{"$async":true,"required":["a"]}', /\$async/],
    ['nested too deep', JSON.stringify(nested(1_200)), /./],
  ])('refuses %s with a message', async (_name, schema, problem) => {
    const refusal = await refusalOf(() => checkSchema(schema));
    expect(refusal?.kind).toBe('SchemaNotUsable');
    expect(refusal?.message).toMatch(/^This JSON Schema cannot be used: .{5,301}\.$/s);
    expect(refusal?.message).toMatch(problem);
  });

  it('separates the schemas of two organizations with the same $id', async () => {
    const a = JSON.stringify({ $id: 'https://acme.example/order', required: ['a'] });
    const b = JSON.stringify({ $id: 'https://acme.example/order', required: ['b'] });
    await checkSchema(a);
    await checkSchema(b);
    const [ofA, ofB] = await Promise.all([
      refusalOf(() => checkData('t', a, { b: 1 })),
      refusalOf(() => schemas.checkData('globex', { type: 't', schema: b, data: { a: 1 } })),
    ]);
    expect(ofA?.message).toContain("'a'");
    expect(ofB?.message).toContain("'b'");
  });
});

describe('checkData', () => {
  it.each([{ orderId: 'o_1' }, { orderId: 'o_1', total: 0 }, { orderId: '', extra: [1] }])(
    'takes %j',
    async (data) => {
      expect(await refusalOf(() => checkData('order.paid', ORDER, data))).toBeUndefined();
    },
  );

  it.each([
    [{}, "data must have required property 'orderId'"],
    [{ orderId: 7 }, 'data/orderId must be string'],
    [{ orderId: 7, total: -1 }, 'data/orderId must be string; data/total must be >= 0'],
  ])('refuses %j and reports where and why', async (data, problems) => {
    expect(await refusalOf(() => checkData('order.paid', ORDER, data))).toEqual({
      kind: 'DataDoesNotMatch',
      message: `The data does not match the JSON Schema of order.paid: ${problems}.`,
    });
  });

  it('names at most three problems', async () => {
    const schema = JSON.stringify({ required: ['a', 'b', 'c', 'd'] });
    const message = (await refusalOf(() => checkData('t', schema, {})))?.message;
    expect(message?.match(/required property/g)).toHaveLength(3);
  });

  it('never repeats a value that was published', async () => {
    const schema = JSON.stringify({
      properties: {
        a: { const: 1 },
        b: { enum: ['x'] },
        c: { format: 'email' },
        d: { maxLength: 1 },
      },
    });
    const canary = 'canary-value';
    const data = { a: canary, b: canary, c: canary, d: canary };
    const message = (await refusalOf(() => checkData('t', schema, data)))?.message;
    expect(message).toMatch(/^The data does not match/);
    expect(message).not.toContain(canary);
  });

  it('checks formats', async () => {
    const schema = JSON.stringify({ properties: { at: { format: 'date-time' } } });
    const outcome = (at: string) => refusalOf(() => checkData('t', schema, { at }));
    expect(await outcome('2026-01-02T03:04:05Z')).toBeUndefined();
    expect((await outcome('soon'))?.message).toContain('data/at');
  });

  it.each([
    ['^(a+)+$', `${'a'.repeat(60)}!`],
    ['^(a|a)*$', `${'a'.repeat(5_000)}!`],
    ['(x+x+)+y', 'x'.repeat(5_000)],
    ['^(([a-z])+.)+[A-Z]([a-z])+$', 'a'.repeat(2_000)],
  ])('decides about the pattern %s in linear time', async (pattern, a) => {
    const schema = JSON.stringify({ properties: { a: { pattern } } });
    await checkSchema(schema);
    const problems = `data/a must match pattern "${pattern}"`;
    expect(await refusalOf(() => checkData('t', schema, { a }))).toEqual({
      kind: 'DataDoesNotMatch',
      message: `The data does not match the JSON Schema of t: ${problems}.`,
    });
  });

  it('stops a pattern without a linear form that was declared before these were refused', async () => {
    const schema = JSON.stringify({ properties: { a: { pattern: '^(?=a)(a+)+$' } } });
    expect(await refusalOf(() => checkData('t', schema, { a: 'aa' }))).toBeUndefined();
    expect(
      (await refusalOf(() => checkData('t', schema, { a: `${'a'.repeat(60)}!` })))?.message,
    ).toContain('checking it took too long');
  });

  it('validates nothing on the main thread for an organization that has used up its time there', async () => {
    const inline = {
      run: () => Promise.resolve(undefined),
    };
    const elsewhere = createDataSchemas(evaluators, createValidations(evaluators, inline));
    const typed = { type: 't', schema: ORDER, data: { orderId: 7 } };
    await expect(elsewhere.checkData('acme', typed)).rejects.toThrow('data/orderId must be string');
    await elsewhere.checkData('acme', { ...typed, data: { orderId: 'o_1' } });
  });

  it.each([
    ['references that double at each step', doubling, {}, 'checking it took too long'],
    [
      'a search for duplicates among many items',
      { properties: { a: { uniqueItems: true } } },
      { a: Array.from({ length: 20_000 }, (_, i) => ({ i })) },
      'checking it took too long',
    ],
    ['a schema that only references itself', { $ref: '#' }, {}, 'it nests too deep to be checked'],
  ])('stops %s', async (_name, schema, data, problem) => {
    const refusal = await refusalOf(() => checkData('t', JSON.stringify(schema), data));
    expect(refusal).toEqual({
      kind: 'DataDoesNotMatch',
      message: `The data does not match the JSON Schema of t: ${problem}.`,
    });
  });

  it('writes nothing to the console about unknown keywords', async () => {
    const said: unknown[] = [];
    const consoles = (['log', 'warn', 'error'] as const).map((level) =>
      jest.spyOn(console, level).mockImplementation((line: unknown) => said.push(line)),
    );
    await checkData('t', JSON.stringify({ properties: { a: { format: 'strange' } } }), { a: 'x' });
    for (const each of consoles) each.mockRestore();
    expect(said).toEqual([]);
  });
});
