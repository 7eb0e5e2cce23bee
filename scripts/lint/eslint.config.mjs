// Run from the top of the project: eslint -c scripts/lint/eslint.config.mjs .
// layers.cjs has the rules about imports between folders. This file has the other rules that a reviewer would check, each with
// its reason.
import { defineConfig } from 'eslint/config';
import simpleImportSort from 'eslint-plugin-simple-import-sort';
import tseslint from 'typescript-eslint';

import { ours } from './rules.mjs';

const PACKAGED = [
  'index.ts',
  'client.ts',
  'client/**/*.ts',
  'src/**/*.ts',
  'cloud/**/*.ts',
  'schemas/**/*.ts',
  'templates/**/*.ts',
];

const noDefaultExport = {
  selector: 'ExportDefaultDeclaration, ExportSpecifier[exported.name="default"]',
  message: 'Export by name: the same name is then used everywhere, and grep finds it.',
};

const noMathRandom = {
  object: 'Math',
  property: 'random',
  message: 'Generate ids and secrets with node:crypto; pass in the randomness of decisions.',
};
const noCanParse = {
  object: 'URL',
  property: 'canParse',
  message:
    'Use parseUrl of src/contract/url.ts: URL.canParse is wrong for some URLs in Node 20 and 22.',
};
const noSpreadLiteral = {
  selector: 'ObjectExpression > SpreadElement > ObjectExpression',
  message: 'Write the members directly: `...{ a, b }` spreads an object literal.',
};

/** A CommonJS host calls require() on the package, which throws if any module in the graph has a top-level await. */
const noTopLevelAwait = {
  selector: [
    'Program > ExpressionStatement > AwaitExpression',
    'Program > VariableDeclaration > VariableDeclarator > AwaitExpression',
    'Program > ExportNamedDeclaration > VariableDeclaration > VariableDeclarator > AwaitExpression',
    'Program > ForOfStatement[await=true]',
  ].join(', '),
  message: 'No top-level await: a CommonJS host could no longer require() the package.',
};

const INTERNALS =
  'Load internals of parse-server from spec/support/parseServerInside.ts in specs, and from src/platform/parse/internals.ts in the package: its modules are circular, and in the wrong load order users cannot sign up.';

/** Every static or dynamic import, and every require, of a file of parse-server. */
const noParseServerFiles = {
  selector: [
    'ImportDeclaration[source.value=/^parse-server\\u002Flib/]',
    'ExportNamedDeclaration[source.value=/^parse-server\\u002Flib/]',
    'ExportAllDeclaration[source.value=/^parse-server\\u002Flib/]',
    'ImportExpression[source.value=/^parse-server\\u002Flib/]',
    'CallExpression[callee.name=/require|resolve/] > Literal[value=/^parse-server\\u002Flib/]',
    'CallExpression[callee.property.name="resolve"] > Literal[value=/^parse-server\\u002Flib/]',
  ].join(', '),
  message: INTERNALS,
};

/** Time is injected: the clock of a process may be an hour off, and rows are written with the database's time. */
const noProcessClock = {
  selector:
    'NewExpression[callee.name="Date"][arguments.length=0], CallExpression[callee.object.name="Date"][callee.property.name="now"]',
  message:
    'Use the Clock that is passed in: clocks of processes differ, and a spec must be able to move time.',
};

const noSkippedSpec = {
  selector: [
    'MemberExpression[object.name=/^(describe|it|test)$/][property.name=/^(skip|only|todo|failing)$/]',
    'MemberExpression[object.property.name=/^(concurrent|each)$/][property.name=/^(skip|only|todo|failing)$/]',
    'CallExpression[callee.name=/^(xit|xtest|xdescribe|fit|fdescribe)$/]',
  ].join(', '),
  message: 'Every spec must run: no skip, only, todo or failing.',
};

const NO_SLEEP =
  'Specs must not wait for time to pass: move the clock, or await a promise or signal.';

const noSleep = {
  selector: [
    'CallExpression[callee.name=/^(sleep|delay|wait|pause)$/]',
    'CallExpression[callee.property.name=/^(setTimeout|setInterval)$/][callee.object.name!="jest"]',
  ].join(', '),
  message: NO_SLEEP,
};

export default defineConfig(
  { ignores: ['dist/', '.data/', 'logs/'] },

  {
    name: 'every file',
    files: ['**/*.{ts,mjs,cjs}'],
    extends: [tseslint.configs.recommendedTypeChecked],
    plugins: { 'simple-import-sort': simpleImportSort, ours },
    languageOptions: { parserOptions: { projectService: true } },
    // A disable comment without effect would hide a later problem on its line.
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'ours/disable-with-reason': 'error',
      'ours/name-says-what': 'error',

      // Hard limits of size. Aim at 250 lines per file and 40 per function.
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      // Callers confuse the order of four arguments: pass one object.
      'max-params': ['error', 3],

      // A fixed order, so that two branches that add an import do not conflict.
      'simple-import-sort/imports': 'error',
      'simple-import-sort/exports': 'error',
      // Type imports are removed at compile time, and layers.cjs distinguishes them, which client.ts depends on.
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      // `import { type A }` compiles to an empty import, which still runs the module.
      '@typescript-eslint/no-import-type-side-effects': 'error',
      'no-restricted-syntax': ['error', noDefaultExport, noSpreadLiteral, noParseServerFiles],

      // These three bypass the type checker silently.
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
      // Every switch over a union must handle a new member.
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      // The errors of a promise that is not awaited are lost, and stop() does not drain its work.
      // `void` marks an intended exception: its promise must not reject.
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      // `||` treats 0 and '' as absent.
      '@typescript-eslint/prefer-nullish-coalescing': [
        'error',
        { ignorePrimitives: { boolean: true } },
      ],
      '@typescript-eslint/only-throw-error': 'error',
      // Numbers are readable in a message; objects and undefined are not.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { ignoreRestSiblings: true, argsIgnorePattern: '^_' },
      ],
      // Interfaces here are objects of functions that do not use `this`, and callers destructure them. The few classes are
      // not destructured.
      '@typescript-eslint/unbound-method': 'off',
      // With async, a function that throws early still returns a promise.
      '@typescript-eslint/require-await': 'off',

      // The log is structured and redacted, and scripts print through scripts/start/say.ts.
      'no-console': 'error',
      'no-restricted-properties': ['error', noMathRandom, noCanParse],

      // Mistakes that the type checker does not find.
      eqeqeq: 'error',
      'no-async-promise-executor': 'error',
      'no-cond-assign': ['error', 'always'],
      'no-constant-condition': ['error', { checkLoops: false }],
      'no-dupe-else-if': 'error',
      'no-empty': 'error',
      'no-loss-of-precision': 'error',
      'no-promise-executor-return': 'off',
      'no-self-compare': 'error',
      'no-template-curly-in-string': 'error',
      'no-unreachable-loop': 'error',
      'no-unsafe-finally': 'error',
      'no-useless-escape': 'error',
      'no-var': 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',
    },
  },

  {
    name: 'packed files, which run at a host',
    files: PACKAGED,
    rules: {
      'no-restricted-syntax': [
        'error',
        noDefaultExport,
        noSpreadLiteral,
        noTopLevelAwait,
        noProcessClock,
        noParseServerFiles,
      ],
      'no-restricted-properties': [
        'error',
        noMathRandom,
        noCanParse,
        {
          object: 'process',
          property: 'env',
          message: 'Settings are read and checked only in src/platform/settings.ts, and passed on.',
        },
        {
          object: 'process',
          property: 'exit',
          message: 'The process belongs to the host: throw instead.',
        },
      ],
    },
  },
  {
    name: 'implementation',
    files: ['src/**/*.ts', 'cloud/**/*.ts'],
    rules: {
      // Specs are exempt, because a describe is one function.
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    name: 'the clock itself',
    files: ['src/platform/clock.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        noDefaultExport,
        noSpreadLiteral,
        noTopLevelAwait,
        noParseServerFiles,
      ],
    },
  },
  {
    name: 'files that read settings, and the composition root, which passes on randomness',
    files: ['src/platform/settings.ts', 'src/app/compose.ts'],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    name: 'declarations of other packages',
    files: ['**/*.d.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },

  {
    name: 'specs',
    files: ['spec/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        noDefaultExport,
        noSpreadLiteral,
        noSkippedSpec,
        noSleep,
        noParseServerFiles,
      ],
      'no-restricted-globals': [
        'error',
        { name: 'setTimeout', message: NO_SLEEP },
        { name: 'setInterval', message: NO_SLEEP },
      ],
      'no-restricted-imports': [
        'error',
        {
          paths: ['timers', 'node:timers', 'timers/promises', 'node:timers/promises'].map(
            (name) => ({
              name,
              message: NO_SLEEP,
            }),
          ),
        },
      ],
      // it.each passes a row of its table as arguments.
      'max-params': 'off',
      // Specs send templates of other languages as hostile input.
      'no-template-curly-in-string': 'off',
      // Responses and parsed JSON are `any`, and specs check their content.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },

  {
    name: 'configuration in plain JavaScript',
    files: ['**/*.{mjs,cjs}'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { parserOptions: { projectService: false } },
    // Some tools require default exports or CommonJS.
    rules: { 'no-restricted-syntax': 'off', '@typescript-eslint/no-require-imports': 'off' },
  },
);
