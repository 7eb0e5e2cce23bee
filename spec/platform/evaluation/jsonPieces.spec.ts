import fc from 'fast-check';

import { stringifyInPieces } from '../../../src/platform/evaluation/jsonPieces.js';

describe('JSON in pieces', () => {
  it('is what JSON.stringify returns, whatever the length of the pieces', async () => {
    const values = fc.oneof(
      fc.jsonValue({ maxDepth: 5 }),
      fc.object({ withDate: true, withNullPrototype: true, withSparseArray: true }),
      fc.string({ unit: 'binary' }),
    );
    const property = fc.asyncProperty(
      values,
      fc.integer({ min: 1, max: 40 }),
      async (value, length) => {
        const text = await stringifyInPieces(value, length);
        // Halves of a surrogate pair may be escaped.
        expect(text === undefined ? text : JSON.parse(text)).toEqual(
          JSON.stringify(value) === undefined ? undefined : JSON.parse(JSON.stringify(value)),
        );
      },
    );
    await fc.assert(property, { numRuns: 500 });
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a function', () => 1],
    ['a date', new Date(0)],
    ['what has no form in JSON', { a: undefined, b: [undefined, () => 1], c: NaN }],
    ['nested emptiness', { a: {}, b: [], c: { d: undefined } }],
    ['names like members of every object', JSON.parse('{"__proto__":{"a":1},"constructor":2}')],
    ['a form of its own', { toJSON: () => ['x'.repeat(50)] }],
    ['pairs of surrogates', '😀'.repeat(30)],
  ])('is right for %s', async (_what, value) => {
    for (const length of [1, 2, 3, 7, 1_000]) {
      const text = await stringifyInPieces(value, length);
      const whole = JSON.stringify(value);
      expect(text && JSON.parse(text)).toEqual(whole && JSON.parse(whole));
    }
  });

  it('lets others go first between pieces', async () => {
    let turns = 0;
    let isOver = false;
    const count = () => {
      turns += 1;
      if (!isOver) setImmediate(count);
    };
    setImmediate(count);
    await stringifyInPieces(['x'.repeat(30_000_000)]);
    isOver = true;
    expect(turns).toBeGreaterThan(5);
  });
});
