import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const top = path.resolve(import.meta.dirname, '../..');

const long = (lines: number) =>
  Array.from({ length: lines }, (_, n) => `  void ${String(n)};`).join('\n');

/** Source files, each named like a real one, with the one rule that must report it. */
const PLANTED: readonly { rule: string; file: string; source: string }[] = [
  {
    rule: 'max-params',
    file: 'src/four.ts',
    source: 'export const four = (a: 1, b: 2, c: 3, d: 4) => [a, b, c, d];',
  },
  {
    rule: 'max-lines',
    file: 'schemas/Long.ts',
    source: `export const long = () => {\n${long(400)}\n};`,
  },
  {
    rule: 'max-lines-per-function',
    file: 'cloud/long.ts',
    source: `export function long() {\n${long(60)}\n}`,
  },
  {
    rule: '@typescript-eslint/switch-exhaustiveness-check',
    file: 'src/decide.ts',
    source:
      "export function decide(state: 'open' | 'closed') {\n  switch (state) {\n    case 'open':\n      return 1;\n  }\n  return 2;\n}",
  },
  {
    rule: '@typescript-eslint/no-non-null-assertion',
    file: 'src/bang.ts',
    source: 'export const bang = (a?: string) => a!;',
  },
  {
    rule: '@typescript-eslint/no-explicit-any',
    file: 'src/any.ts',
    source: 'export const take = (_given: any) => 1;',
  },
  {
    rule: '@typescript-eslint/no-floating-promises',
    file: 'src/float.ts',
    source: 'export const float = () => {\n  Promise.resolve();\n};',
  },
  {
    rule: '@typescript-eslint/no-misused-promises',
    file: 'src/misuse.ts',
    source:
      'export const misuse = (list: number[]) => {\n  list.forEach(async () => Promise.resolve());\n};',
  },
  {
    rule: '@typescript-eslint/consistent-type-imports',
    file: 'src/imports.ts',
    source: "import { Agent } from 'node:http';\n\nexport type Used = Agent;",
  },
  { rule: 'no-console', file: 'scripts/talk.ts', source: "console.log('hello');" },
  { rule: 'no-restricted-syntax', file: 'src/unnamed.ts', source: 'export default 1;' },
  {
    rule: 'no-restricted-syntax',
    file: 'src/waits.ts',
    source: 'export const waits = await Promise.resolve(1);',
  },
  {
    rule: 'no-restricted-syntax',
    file: 'src/now.ts',
    source: 'export const now = () => new Date();',
  },
  {
    rule: 'no-restricted-properties',
    file: 'src/chance.ts',
    source: 'export const chance = () => Math.random();',
  },
  {
    rule: 'no-restricted-properties',
    file: 'src/isUrl.ts',
    source: 'export const isUrl = (text: string) => URL.canParse(text);',
  },
  {
    rule: 'no-restricted-properties',
    file: 'src/environment.ts',
    source: "export const port = process.env['PORT'];",
  },
  {
    rule: 'simple-import-sort/imports',
    file: 'src/order.ts',
    source:
      "import path from 'node:path';\nimport fs from 'node:fs';\n\nexport const both = [fs, path];",
  },
  {
    rule: 'no-restricted-globals',
    file: 'spec/timeout.spec.ts',
    source: 'setTimeout(() => 1, 10);',
  },
  {
    rule: 'no-restricted-imports',
    file: 'spec/timers.spec.ts',
    source: "import { setTimeout as later } from 'node:timers/promises';\n\nvoid later(10);",
  },
  {
    rule: 'no-restricted-syntax',
    file: 'spec/sleep.spec.ts',
    source: 'declare const sleep: (ms: number) => number;\nsleep(10);',
  },
  {
    rule: 'no-restricted-syntax',
    file: 'spec/skip.spec.ts',
    source: "describe.skip('this', () => undefined);",
  },
  {
    rule: 'no-restricted-syntax',
    file: 'spec/only.spec.ts',
    source: "it.only('this', () => undefined);",
  },
  {
    rule: 'no-restricted-syntax',
    file: 'src/spread.ts',
    source: 'export const two = (a: number, b: number) => ({ ...{ a, b }, c: 1 });',
  },
  { rule: 'no-restricted-syntax', file: 'spec/todo.spec.ts', source: "it.todo('this');" },
  {
    rule: 'no-restricted-syntax',
    file: 'spec/xit.spec.ts',
    source: "xit('this', () => undefined);",
  },
  { rule: 'ours/name-says-what', file: 'src/utils.ts', source: 'export const a = 1;' },
  { rule: 'ours/name-says-what', file: 'src/helpers/word.ts', source: 'export const a = 1;' },
  { rule: 'ours/name-says-what', file: 'src/snake_case.ts', source: 'export const a = 1;' },
  { rule: 'ours/name-says-what', file: 'schemas/webhook.ts', source: 'export const a = 1;' },
  {
    rule: 'ours/disable-with-reason',
    file: 'src/silent.ts',
    source:
      '// eslint-disable-next-line @typescript-eslint/no-explicit-any\nexport const take = (_given: any) => 1;',
  },
];

/** Similar files that follow the rules. */
const ALLOWED: Readonly<Record<string, string>> = {
  'src/platform/clock.ts': 'export const now = () => Date.now();',
  'src/platform/settings.ts': 'export const environment = () => process.env;',
  'src/at.ts': 'export const at = (ms: number) => new Date(ms);',
  'schemas/Webhook.ts': 'export const Webhook = 1;',
  'scripts/main.ts': "await Promise.resolve(process.env['PORT']);",
  'spec/long.spec.ts': `describe('long', () => {\n${long(100)}\n});`,
  'spec/types/client.check.ts': 'export const checked = 1;',
  'spec/regressions/007-lost-wake.spec.ts': "it('is found', () => undefined);",
  'spec/jest.config.mjs': 'export default {};',
  'spec/lanes.db.spec.ts': "it('holds', () => undefined);",
  'src/platform/some-package.d.ts':
    "declare module 'some-package' {\n  const all: number;\n  export default all;\n}",
  'src/app/compose.ts': 'export const random = Math.random;',
  'src/reasoned.ts':
    '// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the reason\nexport const take = (_given: any) => 1;',
};

interface Message {
  readonly file: string;
  readonly rule: string | null;
}

/** Lints a tree of these files in a temporary folder. */
function lint(files: Readonly<Record<string, string>>): Message[] {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'lint-')));
  try {
    for (const name of ['package.json', 'tsconfig.json'])
      cpSync(path.join(top, name), path.join(folder, name));
    symlinkSync(path.join(top, 'node_modules'), path.join(folder, 'node_modules'));
    for (const [file, source] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(path.join(folder, file), `${source}\n`);
    }
    const run = spawnSync(
      process.execPath,
      [
        path.join(top, 'node_modules/eslint/bin/eslint.js'),
        ...['-c', path.join(top, 'scripts/lint/eslint.config.mjs'), '--format', 'json', '.'],
      ],
      { cwd: folder, encoding: 'utf8', maxBuffer: 64 * 2 ** 20 },
    );
    const results = JSON.parse(run.stdout) as {
      filePath: string;
      messages: { ruleId: string | null }[];
    }[];
    return results.flatMap(({ filePath, messages }) =>
      messages.map(({ ruleId }) => ({ file: path.relative(folder, filePath), rule: ruleId })),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('lint', () => {
  const found = lint({
    ...ALLOWED,
    ...Object.fromEntries(PLANTED.map(({ file, source }) => [file, source])),
  });

  it.each(PLANTED)('$rule: $file', ({ rule, file }) => {
    expect(found.filter((message) => message.file === file)).toEqual([{ rule, file }]);
  });

  it.each(Object.keys(ALLOWED))('allows %s', (file) => {
    expect(found.filter((message) => message.file === file)).toEqual([]);
  });
});
