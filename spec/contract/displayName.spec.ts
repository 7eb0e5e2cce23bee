import { displayName } from '../../src/contract/index.js';

const messageOf = (name: string) => {
  const { success, error } = displayName.safeParse(name);
  return success ? undefined : error.issues.map(({ message }) => message).join(' ');
};

it.each([
  'Warehouse',
  'Acme, Inc. (EU) – №1',
  'Łódź 東京 القاهرة हिन्दी ไทย',
  'e\u0301le\u0300ve',
  'Ship it 🚀',
  'Love \u2764\uFE0F',
  '1',
  'No. 1\uFE0F\u20E3',
  '<script>"\'&',
  'a\u00A0b',
])('a name may be %j', (name) => {
  expect(messageOf(name)).toBeUndefined();
});

it('is trimmed', () => {
  expect(displayName.parse(' \u00A0Acme\uFEFF ')).toBe('Acme');
});

it.each([
  ['', 'spaces'],
  ['   ', 'spaces'],
  ['\u2003\u00A0', 'spaces'],
  ['\u0301', 'not only spaces'],
  ['\u3164', 'U+3164'],
  ['\u2800', 'U+2800'],
  ['Ac\u200Bme', 'U+200B'],
  ['Ac\u200Cme', 'U+200C'],
  ['Ac\u200Dme', 'U+200D'],
  ['Ac\u2060me', 'U+2060'],
  ['Ac\uFEFFme', 'U+FEFF'],
  ['Ac\u00ADme', 'U+00AD'],
  ['\u202EemcA', 'U+202E'],
  ['A\u2066cme\u2069', 'U+2066'],
  ['A\u200Fcme', 'U+200F'],
  ['A\u061Ccme', 'U+061C'],
  ['A\u115Fcme', 'U+115F'],
  ['A\u3164cme', 'U+3164'],
  ['A\u034Fcme', 'U+034F'],
  ['A\uFE0Fcme', 'U+FE0F'],
  ['A\u180Ecme', 'U+180E'],
  ['A\u2800cme', 'U+2800'],
  ['A\u{E0041}cme', 'U+E0041'],
  ['A\u{E0100}cme', 'U+E0100'],
  ['A\uE000cme', 'U+E000'],
  ['A\uD800cme', 'U+D800'],
  ['Ac\u0000me', 'U+0000'],
  ['Ac\nme', 'U+000A'],
  ['Ac\tme', 'U+0009'],
  ['Ac\u2028me', 'U+2028'],
  ['Ac\uFFFFme', 'U+FFFF'],
  ['x'.repeat(101), '100'],
])('is never %j', (name, problem) => {
  expect(messageOf(name)).toContain(problem);
});

it.each(['1\uFE0F', '#\uFE0F'])('has no invisible selector after a plain character: %j', (name) => {
  expect(messageOf(name)).toBeDefined();
});
