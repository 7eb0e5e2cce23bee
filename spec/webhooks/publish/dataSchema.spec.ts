import { jest } from '@jest/globals';

import { AppError } from '../../../src/contract/index.js';
import {
  checkData,
  checkSchema,
  SCHEMA_LENGTH_MAX,
} from '../../../src/webhooks/publish/dataSchema.js';
import { cpuMsOf } from '../../support/cpu.js';

const ORDER = JSON.stringify({
  type: 'object',
  required: ['orderId'],
  properties: { orderId: { type: 'string' }, total: { type: 'number', minimum: 0 } },
});

/** Returns the error of `work` as kind and message, with its duration; `undefined` when it succeeded. */
function refusalOf(work: () => void): { kind: string; message: string } | undefined {
  try {
    work();
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
  ])('takes %s', (_name, schema) => {
    expect(refusalOf(() => checkSchema(schema))).toBeUndefined();
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
  ])('refuses %s with a message, within a second', async (_name, schema, problem) => {
    let refusal: ReturnType<typeof refusalOf>;
    const cpuMs = await cpuMsOf(() => (refusal = refusalOf(() => checkSchema(schema))));
    expect(cpuMs).toBeLessThan(1_000);
    expect(refusal?.kind).toBe('SchemaNotUsable');
    expect(refusal?.message).toMatch(/^This JSON Schema cannot be used: .{5,301}\.$/s);
    expect(refusal?.message).toMatch(problem);
  });

  it('separates the schemas of two organizations with the same $id', () => {
    const a = JSON.stringify({ $id: 'https://acme.example/order', required: ['a'] });
    const b = JSON.stringify({ $id: 'https://acme.example/order', required: ['b'] });
    checkSchema(a);
    checkSchema(b);
    expect(refusalOf(() => checkData('t', a, { b: 1 }))?.message).toContain("'a'");
    expect(refusalOf(() => checkData('t', b, { a: 1 }))?.message).toContain("'b'");
  });
});

describe('checkData', () => {
  it.each([{ orderId: 'o_1' }, { orderId: 'o_1', total: 0 }, { orderId: '', extra: [1] }])(
    'takes %j',
    (data) => {
      expect(refusalOf(() => checkData('order.paid', ORDER, data))).toBeUndefined();
    },
  );

  it.each([
    [{}, "data must have required property 'orderId'"],
    [{ orderId: 7 }, 'data/orderId must be string'],
    [{ orderId: 7, total: -1 }, 'data/orderId must be string; data/total must be >= 0'],
  ])('refuses %j and reports where and why', (data, problems) => {
    expect(refusalOf(() => checkData('order.paid', ORDER, data))).toEqual({
      kind: 'DataDoesNotMatch',
      message: `The data does not match the JSON Schema of order.paid: ${problems}.`,
    });
  });

  it('names at most three problems', () => {
    const schema = JSON.stringify({ required: ['a', 'b', 'c', 'd'] });
    const message = refusalOf(() => checkData('t', schema, {}))?.message;
    expect(message?.match(/required property/g)).toHaveLength(3);
  });

  it('never repeats a value that was published', () => {
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
    const message = refusalOf(() => checkData('t', schema, data))?.message;
    expect(message).toMatch(/^The data does not match/);
    expect(message).not.toContain(canary);
  });

  it('checks formats', () => {
    const schema = JSON.stringify({ properties: { at: { format: 'date-time' } } });
    expect(refusalOf(() => checkData('t', schema, { at: '2026-01-02T03:04:05Z' }))).toBeUndefined();
    expect(refusalOf(() => checkData('t', schema, { at: 'soon' }))?.message).toContain('data/at');
  });

  it.each([
    [
      'a pattern with endless backtracking',
      { properties: { a: { pattern: '^(a+)+$' } } },
      { a: `${'a'.repeat(60)}!` },
      'checking it took too long',
    ],
    ['references that double at each step', doubling, {}, 'checking it took too long'],
    [
      'a search for duplicates among many items',
      { properties: { a: { uniqueItems: true } } },
      { a: Array.from({ length: 20_000 }, (_, i) => ({ i })) },
      'checking it took too long',
    ],
    ['a schema that only references itself', { $ref: '#' }, {}, 'it nests too deep to be checked'],
  ])('stops %s', (_name, schema, data, problem) => {
    const refusal = refusalOf(() => checkData('t', JSON.stringify(schema), data));
    expect(refusal).toEqual({
      kind: 'DataDoesNotMatch',
      message: `The data does not match the JSON Schema of t: ${problem}.`,
    });
  });

  it('writes nothing to the console about unknown keywords', () => {
    const said: unknown[] = [];
    const consoles = (['log', 'warn', 'error'] as const).map((level) =>
      jest.spyOn(console, level).mockImplementation((line: unknown) => said.push(line)),
    );
    checkData('t', JSON.stringify({ properties: { a: { format: 'strange' } } }), { a: 'x' });
    for (const each of consoles) each.mockRestore();
    expect(said).toEqual([]);
  });
});
