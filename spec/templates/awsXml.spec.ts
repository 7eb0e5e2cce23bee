import { crc32 } from '../../templates/aws/crc32.js';
import { escapeXml, xmlReader } from '../../templates/aws/xml.js';

const read = xmlReader(['Item']);

describe('XML', () => {
  it.each<[string, string, unknown]>([
    ['text', '<a>b c</a>', { a: 'b c' }],
    ['text with its blanks', '<a> b\n </a>', { a: ' b\n ' }],
    ['nothing', '<a></a>', { a: '' }],
    ['nothing, in short', '<a x="1"/>', { a: '' }],
    ['elements', '<a>\n <b>1</b>\n <c>2</c>\n</a>', { a: { b: '1', c: '2' } }],
    ['a list of one', '<a><Item>1</Item></a>', { a: { Item: ['1'] } }],
    ['a list of one that is empty', '<a><Item/></a>', { a: { Item: [''] } }],
    [
      'a list of two',
      '<a><Item>1</Item><b/><Item><c>2</c></Item></a>',
      {
        a: { Item: ['1', { c: '2' }], b: '' },
      },
    ],
    ['repeated elements that are not a list', '<a><b>1</b><b>2</b></a>', { a: { b: ['1', '2'] } }],
    ['a root with the name of a list', '<Item><b>1</b></Item>', { Item: { b: '1' } }],
    ['attributes', `<a xmlns="http://s3" xsi:type='x'><b c="d">1</b></a>`, { a: { b: '1' } }],
    ['a declaration', '<?xml version="1.0" encoding="UTF-8"?>\n<a>1</a>\n', { a: '1' }],
    ['references', '<a>&lt;&amp;&gt;&quot;&apos;&#65;&#x1F600;</a>', { a: `<&>"'A😀` }],
    ['references only once', '<a>&amp;lt;</a>', { a: '&lt;' }],
    ['unknown references', '<a>&copy;&#x110000;& &;</a>', { a: '&copy;&#x110000;& &;' }],
    ['CDATA', '<a>x<![CDATA[<b>&amp;]]>y</a>', { a: 'x<b>&amp;y' }],
    ['comments', '<!-- <x> --><a>1<!-- 2 -->3</a>', { a: '13' }],
    [
      'a name of Object.prototype',
      '<a><__proto__>1</__proto__></a>',
      {
        a: Object.fromEntries([['__proto__', '1']]),
      },
    ],
  ])('has %s', (_case, xml, expected) => {
    expect(read(xml)).toEqual(expected);
  });

  it.each([
    '',
    'Bad gateway',
    '<a>',
    '<a></b>',
    '<a></a></a>',
    '</a>',
    '<a/><b/>',
    '<a/>x',
    '<a><b></a></b>',
    '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
    '<a <b/>',
    '<1/>',
  ])('that is not XML is returned unchanged: %j', (text) => {
    expect(read(text)).toBe(text);
  });

  it.each([[null], [{ a: 1 }], [[1]]])('is text: %j', (body) => {
    expect(read(body)).toBe(body);
  });

  it('may be long, but not deep', () => {
    const depth = 50_000;
    const nested = (levels: number) => '<a>'.repeat(levels) + '</a>'.repeat(levels);
    expect(read(nested(20))).toEqual({ a: expect.any(Object) as object });
    expect(read(nested(depth))).toBe(nested(depth));
    expect(read(`<a>${'<Item>&lt;</Item>'.repeat(depth)}</a>`)).toEqual({
      a: { Item: Array.from({ length: depth }, () => '<') },
    });
    expect(read('<a '.repeat(depth))).toBe('<a '.repeat(depth));
    expect(read(`<a>${'<!--'.repeat(depth)}`)).toBe(`<a>${'<!--'.repeat(depth)}`);
  });

  it.each(['a & b < c > "d" \r\n é😀', "'", ''])('is read as it was written: %j', (text) => {
    expect(read(`<a>${escapeXml(text)}</a>`)).toEqual({ a: text });
  });
});

// The check value of https://reveng.sourceforge.io/crc-catalogue/17plus.htm#crc.cat-bits.32
it.each([
  ['123456789', 'cbf43926'],
  ['', '00000000'],
  ['The quick brown fox jumps over the lazy dog', '414fa339'],
])('the CRC-32 of %j is %s', (text, hex) => {
  expect(Buffer.from(crc32(text), 'base64').toString('hex')).toBe(hex);
});
