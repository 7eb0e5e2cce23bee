import fc from 'fast-check';

import { JsonMeasure, measureParsed } from '../../src/authentication/jsonMeasure.js';

/** Measures a text that comes in parts of this size. */
function measure(text: string, paramsLevel = 1, partBytes = 1_000_000) {
  const texts: (string | undefined)[] = [];
  const size = new JsonMeasure({
    paramsLevel,
    onText: (bytes) => texts.push(bytes?.toString()),
  });
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += partBytes) size.add(bytes.subarray(at, at + partBytes));
  const { keys, depth, params } = size;
  return { keys, depth, params, texts };
}

describe('the measure of JSON', () => {
  it.each([
    ['nothing', '', { keys: 0, depth: 0, params: 0 }],
    ['a number', '1', { keys: 0, depth: 0, params: 0 }],
    ['an empty object', '{}', { keys: 2, depth: 1, params: 0 }],
    ['members', '{"a":1,"b":[1,2,3]}', { keys: 6.5, depth: 2, params: 2 }],
    ['deeper members', '{"a":{"b":{"c":1}}}', { keys: 9, depth: 3, params: 1 }],
    ['marks in texts', '{"a{[:,":"}]:\\"{"}', { keys: 3, depth: 1, params: 1 }],
    ['a backslash before the end', '{"a\\\\":"\\\\","b":1}', { keys: 4, depth: 1, params: 2 }],
    ['an escaped quote', '{"\\":{\\"":1}', { keys: 3, depth: 1, params: 1 }],
    ['lists', '[[],[{},{"a":1}]]', { keys: 11.5, depth: 3, params: 0 }],
    [
      'space and letters of other languages',
      ' {\n "ü😀:" : "名:"\t}\r',
      { keys: 3, depth: 1, params: 1 },
    ],
    ['JSON that ends early', '{"a":{"b":[', { keys: 8, depth: 3, params: 1 }],
  ])('is right for %s', (_what, text, size) => {
    for (const partBytes of [1, 2, 3, 1_000]) {
      expect(measure(text, 1, partBytes)).toMatchObject(size);
    }
  });

  it('is that of the parsed value, wherever the text is split', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), fc.integer({ min: 1, max: 40 }), (text, partBytes) => {
        const limits = { keysMax: 1e9, depthMax: 1e9 };
        const { keys, depth, params } = measure(text, 2, partBytes);
        // An object that has a name twice has it once after it was parsed.
        const parsed = measureParsed(JSON.parse(text), limits, 2);
        expect({ keys, depth, params }).toEqual(parsed);
      }),
    );
  });

  it('counts the members of each object at the level of parameters', () => {
    const text =
      '{"requests":[{"path":"/x","body":{"a":1,"b":2}},{"path":"/y\\u0041","body":{"c":3}}]}';
    const { params, texts } = measure(text, 4);
    expect(params).toBe(2);
    expect(texts).toEqual(['path', '/x', 'body', 'path', '/y\\u0041', 'body']);
  });

  it('counts members beyond the hundredth of one object tenfold', () => {
    const object = (count: number) =>
      `{${Array.from({ length: count }, (_, nth) => `"k${String(nth)}":1`).join(',')}}`;
    // Five objects and lists count two each, and two further elements a quarter.
    const CONTAINERS = 5 * 2 + 2 / 4;
    const text = `[${object(100)},${object(102)},{"a":${object(101)}}]`;
    expect(measure(text).keys).toBe(100 + 120 + 1 + 110 + CONTAINERS);
    const parsed = measureParsed(JSON.parse(text), { keysMax: 1e9, depthMax: 9 }, 1);
    expect(parsed.keys).toBe(331 + CONTAINERS);
  });

  it('does not read texts that are too long', () => {
    const { texts } = measure(`[[{"a":"${'x'.repeat(3_000)}"}]]`, 4);
    expect(texts).toEqual(['a', undefined]);
  });

  it('stops in a parsed value when there is too much', () => {
    const many = Object.fromEntries(
      Array.from({ length: 100 }, (_, nth) => [`k${String(nth)}`, 1]),
    );
    const nested = Array.from({ length: 50 }).reduce<unknown>((inner) => [inner], many);
    expect(measureParsed({ many }, { keysMax: 50, depthMax: 10 }, 1).keys).toBeGreaterThan(50);
    expect(measureParsed(nested, { keysMax: 50, depthMax: 10 }, 1).depth).toBe(11);
  });
});
