import fc from 'fast-check';

import { storableJson, storableText } from '../../../src/platform/database/storable.js';

describe('storableText', () => {
  it.each([
    ['plain', 'plain'],
    ['nul \0 and \0\0', 'nul \uFFFD and \uFFFD\uFFFD'],
    ['\uD83D\uDE80 whole', '🚀 whole'],
    ['half \uD83D', 'half \uFFFD'],
    ['\uDE80\uD83D reversed', '\uFFFD\uFFFD reversed'],
    ['the escape \\u0000 as text', 'the escape \\u0000 as text'],
  ])('%j becomes %j', (text, stored) => {
    expect(storableText(text)).toBe(stored);
  });
});

describe('storableJson', () => {
  it('treats each text in a value as storableText does, keys included', () => {
    const anyText = fc.string({ unit: 'binary' });
    const withHalves = fc.array(
      fc.constantFrom('\0', '\uD83D', '\uDE80', '\\u0000', '\\', '"', 'ü'),
    );
    const text = fc.oneof(
      anyText,
      withHalves.map((parts) => parts.join('')),
    );
    const value = fc.array(fc.tuple(text, fc.dictionary(fc.constantFrom('key', 'clé'), text)));
    fc.assert(
      fc.property(value, (input) => {
        const expected = input.map(([one, others]) => [
          storableText(one),
          Object.fromEntries(
            Object.entries(others).map(([key, other]) => [key, storableText(other)]),
          ),
        ]);
        expect(JSON.parse(storableJson(input))).toEqual(expected);
      }),
    );
  });

  it('corrects keys', () => {
    expect(storableJson({ 'a\0b': { '\uD800': '\\ud800' } })).toBe(
      '{"a\\ufffdb":{"\\ufffd":"\\\\ud800"}}',
    );
  });
});
