import fc from 'fast-check';

import { applyMapping, MappingFailed } from '../../src/integrations/index.js';
import { problemOfMapping } from '../../src/integrations/mapping.js';

const SOURCE = {
  name: 'Grace',
  born: 1906,
  tags: ['navy', 'cobol'],
  address: { city: 'New York', 'a/b': 1, '~': 2 },
  items: [
    { id: 1, price: '2.50' },
    { id: 2, price: '4' },
  ],
  yes: 'true',
  nothing: null,
};

describe('a mapping makes', () => {
  it.each<[string, unknown, unknown]>([
    [
      'its own constants',
      { a: [1, 'x', null, true, { b: {} }] },
      { a: [1, 'x', null, true, { b: {} }] },
    ],
    ['an existing value', { $from: '/address/city' }, 'New York'],
    ['the whole source', { $from: '' }, SOURCE],
    ['values with special names', [{ $from: '/address/a~1b' }, { $from: '/address/~0' }], [1, 2]],
    ['an item by its index', { $from: '/tags/1' }, 'cobol'],
    ['nothing for missing values', { a: { $from: '/no' }, b: [{ $from: '/no' }, 1] }, { b: [1] }],
    ['a default instead', { $from: '/no/where', $default: { x: 1 } }, { x: 1 }],
    ['no default for an existing value', { $from: '/name', $default: 'x' }, 'Grace'],
    ['text', { $from: '/born', $as: 'string' }, '1906'],
    ['text of an object', { $from: '/address', $as: 'string' }, JSON.stringify(SOURCE.address)],
    ['a number', { $from: '/items/0/price', $as: 'number' }, 2.5],
    ['true or false', { $from: '/yes', $as: 'boolean' }, true],
    [
      'a new value for each item',
      { $from: '/items', $each: { n: { $from: '/id' }, p: { $from: '/price', $as: 'number' } } },
      [
        { n: 1, p: 2.5 },
        { n: 2, p: 4 },
      ],
    ],
    ['nothing for a missing list', { $from: '/no', $each: 1 }, undefined],
    [
      'one text from several',
      { $join: [{ $from: '/name' }, { $from: '/no' }, 'H'], $with: ' ' },
      'Grace H',
    ],
    ['a literal', { $literal: { $from: '/name' } }, { $from: '/name' }],
  ])('%s', async (_title, mapping, expected) => {
    expect(problemOfMapping(mapping)).toBeUndefined();
    expect(await applyMapping(mapping, SOURCE)).toEqual(expected);
  });

  it.each([
    [{ $from: '/name', $as: 'number' }, 'the value at /name is not a number'],
    [{ $from: '/name', $as: 'boolean' }, 'the value at /name is neither true nor false'],
    [{ $from: '/name', $each: 1 }, 'there is no list at /name'],
  ])('an error: %j', async (mapping, problem) => {
    await expect(applyMapping(mapping, SOURCE)).rejects.toThrow(new MappingFailed(problem));
  });

  it('an error when it makes too many values, however small the mapping is', async () => {
    const source = { items: Array.from({ length: 50_000 }, (_, n) => n) };
    const each = { $from: '/items', $each: { n: { $from: '' } } };
    await expect(
      applyMapping(
        Array.from({ length: 400 }, () => each),
        source,
      ),
    ).rejects.toThrow('it makes more than 1000000 values');
  });

  it('an error when it copies large values too often, also as text', async () => {
    const source = { text: 'x'.repeat(1_000_000), list: Array.from({ length: 300_000 }, () => 7) };
    for (const from of [
      { $from: '' },
      { $from: '/text' },
      { $from: '/list', $as: 'string' },
      { $join: [{ $from: '/list' }, { $from: '/text' }] },
    ]) {
      const often = Array.from({ length: 50 }, () => from);
      await expect(applyMapping(often, source)).rejects.toThrow('characters');
      expect(await applyMapping([from, from], source)).toHaveLength(2);
    }
  });

  it('one list after the other, so that other work goes on', async () => {
    const source = Array.from({ length: 60_000 }, (_, n) => n);
    let turns = 0;
    let isDone = false;
    const takeTurn = () => {
      turns += 1;
      if (!isDone) setImmediate(takeTurn);
    };
    takeTurn();
    const made = await applyMapping({ $from: '', $each: [{ $from: '' }] }, source);
    isDone = true;
    expect(made).toHaveLength(60_000);
    expect(turns).toBeGreaterThan(5);
  });
});

it.each([
  [{ $from: 'name' }, '$from must be a JSON pointer, such as /customer/email'],
  [{ $from: 7 }, '$from must be a JSON pointer, such as /customer/email'],
  [{ a: [{ $form: '/x' }] }, '$form is not one of $from, $join, $literal'],
  [{ $from: '/x', y: 1 }, '$from cannot be combined with ordinary names'],
  [{ $from: '/x', $with: ',' }, '$with cannot be combined with $from'],
  [{ $from: '/x', $as: 'date' }, '$as must be string, number or boolean'],
  [{ $from: '/x', $each: { $from: 1 } }, '$from must be a JSON pointer, such as /customer/email'],
  [{ $join: 'x' }, '$join must be a list'],
  [{ $join: [{ $from: 1 }] }, '$from must be a JSON pointer, such as /customer/email'],
  [{ $join: [], $with: 1 }, '$with must be a string'],
])('%j cannot be applied: %s', (mapping, problem) => {
  expect(problemOfMapping(mapping)).toBe(problem);
});

it('returns only members of the original', async () => {
  for (const name of ['__proto__', 'constructor', 'toString', 'length']) {
    expect(await applyMapping({ $from: `/${name}` }, {})).toBeUndefined();
  }
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), fc.jsonValue(), async (mapping, source) => {
      if (problemOfMapping(mapping) !== undefined) return;
      const failure: unknown = await applyMapping(mapping, source).then(
        () => undefined,
        (error: unknown) => error,
      );
      if (failure !== undefined) expect(failure).toBeInstanceOf(MappingFailed);
    }),
  );
});
