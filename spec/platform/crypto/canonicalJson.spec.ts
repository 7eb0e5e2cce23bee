import { canonicalJson, canonicalJsonOf, type Json } from '../../../src/platform/crypto/index.js';

/** The examples of RFC 8785 (3.2.3, and 3.2.2 without its comments), then what is ours to decide. */
const CASES: readonly (readonly [string, Json, string])[] = [
  [
    'members in the order of UTF-16 code units',
    {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    },
    '{"\\r":"Carriage Return","1":"One","\u0080":"Control","ö":"Latin Small Letter O With Diaeresis","€":"Euro Sign","😀":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}',
  ],
  [
    'numbers, text and literals as ECMAScript writes them',
    {
      numbers: [333333333.3333333, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
      literals: [null, true, false],
    },
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  ],
  ['zero without a sign', [0, -0], '[0,0]'],
  [
    'nested members in order too',
    { b: { d: 1, c: [{ z: 1, a: 2 }] }, a: {} },
    '{"a":{},"b":{"c":[{"a":2,"z":1}],"d":1}}',
  ],
  ['members without a value omitted', { a: undefined, b: null }, '{"b":null}'],
  ['names that are numbers by their text', { '10': 1, '9': 2 }, '{"10":1,"9":2}'],
  ['text alone', 'a', '"a"'],
];

describe('the canonical form', () => {
  it.each(CASES)('has %s', (_what, value, text) => {
    expect(canonicalJson(value)).toBe(text);
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
  });

  it('is the same whatever the order in which members were set', () => {
    expect(canonicalJson({ a: 1, b: 2 })).toBe(canonicalJson({ b: 2, a: 1 }));
  });

  it.each([NaN, Infinity, -Infinity])('refuses %s, which JSON does not have', (number) => {
    expect(() => canonicalJson({ a: [number] })).toThrow(/JSON has no number/);
  });
});

describe('the canonical form of anything', () => {
  it.each([
    [
      'members that JSON.stringify omits',
      { b: undefined, a: [undefined, NaN] },
      '{"a":[null,null]}',
    ],
    [
      'what says by itself how it is written',
      { at: new Date(0) },
      '{"at":"1970-01-01T00:00:00.000Z"}',
    ],
    ['nothing', undefined, 'null'],
    [
      'a name that objects have',
      JSON.parse('{"b":1,"__proto__":{"z":1,"a":2}}'),
      '{"__proto__":{"a":2,"z":1},"b":1}',
    ],
  ])('has %s', (_what, value: unknown, text) => {
    expect(canonicalJsonOf(value)).toBe(text);
  });
});
