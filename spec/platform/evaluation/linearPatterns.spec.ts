import { schemaEngine } from '../../../src/platform/evaluation/index.js';

const { linearPattern } = schemaEngine();

/** Texts in which the two engines could differ. */
const TEXTS = [
  ...['', 'a', 'A', 'ab', 'aab', 'abc', 'b', '0', '42', '-1', 'a b', 'a\tb', 'a\nb', 'a\r\n'],
  ...[
    'order.paid',
    'ORD-17',
    'x@y.example',
    '2026-01-02',
    'é',
    'ß',
    'ſ',
    'K',
    '日本',
    '😀',
    '\u2028',
  ],
  ...[
    '\u00a0',
    '\ufeff',
    '\u0085',
    '\u180e',
    '[',
    ']',
    '\\',
    '^',
    '$',
    '-',
    '_',
    '/',
    '\0',
    '\x08',
  ],
];

describe('a pattern in linear time', () => {
  it.each([
    ...['', 'a', '^a$', '^a+$', 'a|b', '[a-c]{2,3}', '^(?:a|b)*$', '(a)(b)?', '(?<year>\\d{4})-'],
    ...[
      '.',
      '^.$',
      '^[^]$',
      '[]',
      '\\d',
      '\\D',
      '\\w+',
      '\\W',
      '\\s',
      '\\S',
      '[\\s]',
      '[^\\s]',
      '[\\S]',
    ],
    ...[
      '^\\S+$',
      '\\bb',
      '\\B',
      '[\\b]',
      '\\t',
      '\\n',
      '\\r',
      '\\v',
      '\\f',
      '\\0',
      '\\x41',
      '\\u0041',
    ],
    ...['\\u{1f600}', '\\ud83d\\ude00', '\\cH', '\\p{L}', '\\P{L}', '\\p{Lu}', '\\p{Script=Greek}'],
    ...[
      '\\p{Script=Han}',
      '[\\p{L}\\d]',
      '[^\\p{L}]',
      '[[]',
      '[\\]]',
      '[\\^]',
      '[^\\^]',
      '[a\\-z]',
      '[\\\\]',
    ],
    ...[
      '\\$',
      '\\^',
      '\\.',
      '\\/',
      '^ORD-\\d{1,6}$',
      '^[a-z]+(\\.[a-z]+)*$',
      '^\\d{4}-\\d{2}-\\d{2}$',
    ],
    ...[
      '^[\\w.+-]+@[\\w-]+\\.[\\w.]+$',
      'a*?b',
      'a+?',
      'a??',
      '^(a|ab)(c|bcd)?$',
      'x{0}',
      '^$',
      '$^',
    ],
  ])('matches what V8 matches: %s', (pattern) => {
    const ours = linearPattern(pattern);
    const theirs = new RegExp(pattern, 'u');
    const differing = TEXTS.filter((text) => ours.test(text) !== theirs.test(text));
    expect(differing).toEqual([]);
  });

  it.each([
    ['a reference back', '(a)\\1', /reference back at position 4/],
    ['a named reference back', '(?<a>x)\\k<a>', /reference back at position 8/],
    ['a look ahead', 'a(?=b)', /look ahead at position 2/],
    ['a negative look ahead', '^(?!a)', /look ahead at position 2/],
    ['a look behind', '(?<=a)b', /look behind at position 1/],
    ['a negative look behind', '(?<!a)b', /look behind at position 1/],
    ['too many repetitions', 'a{1001}', /linear time/],
    ['repetitions of repetitions', '((a{100}){100}){100}', /linear time/],
    ['no expression at all', '(', /./],
    ['a class without an end', '[a', /./],
  ])('is refused: %s', (_name, pattern, problem) => {
    expect(() => linearPattern(pattern)).toThrow(problem);
  });

  it.each([
    ...['^(a+)+$', '^(a|a)*$', '^(a|aa)+$', '(x+x+)+y', '^(([a-z])+.)+[A-Z]([a-z])+$', '(.*a){20}'],
    ...['^(\\w+\\s?)*$', '^(.*,)*x', '(a*)*b', '^((ab)*)*$', '([^a]|[^b])*c', '^(0|1|01)*2$'],
  ])('takes no longer for what makes V8 backtrack: %s', (pattern) => {
    // Each of these would take V8 years.
    const text = 'a'.repeat(30_000);
    expect(typeof linearPattern(pattern).test(`${text}!`)).toBe('boolean');
  });
});
