// Run from the top of the project: eslint -c scripts/lint/eslint.config.mjs .
// Who may import whom stands in layers.cjs. Everything else that a reviewer would otherwise have to say stands here, each
// rule with its reason.
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
  message: 'Export by name: one thing then has one name wherever it is used, and grep finds it.',
};

const noSpreadLiteral = {
  selector: 'ObjectExpression > SpreadElement > ObjectExpression',
  message:
    'Write the members where they belong: `...{ a, b }` spreads what could stand there by itself.',
};

/** require() of an ES module, which a CommonJS host relies on, throws when any module in the graph awaits at its top. */
const noTopLevelAwait = {
  selector: [
    'Program > ExpressionStatement > AwaitExpression',
    'Program > VariableDeclaration > VariableDeclarator > AwaitExpression',
    'Program > ExportNamedDeclaration > VariableDeclaration > VariableDeclarator > AwaitExpression',
    'Program > ForOfStatement[await=true]',
  ].join(', '),
  message:
    'No await at the top of a module: a CommonJS host could no longer require() the package.',
};

const INTERNALS =
  'Internals of parse-server come from spec/support/parseServerInside.ts, at the host from src/platform/parse/internals.ts: its modules are circular, and the one that is loaded first decides whether people can sign up.';

/** Static or not: whatever names a file of parse-server to import or require it. */
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

/** DESIGN: time is injected. A process's own clock may be an hour off; rows are written with the database's time. */
const noProcessClock = {
  selector:
    'NewExpression[callee.name="Date"][arguments.length=0], CallExpression[callee.object.name="Date"][callee.property.name="now"]',
  message:
    'Ask the Clock that was passed in: clocks of processes differ, and a spec must be able to move time.',
};

const noSkippedSpec = {
  selector: [
    'MemberExpression[object.name=/^(describe|it|test)$/][property.name=/^(skip|only|todo|failing)$/]',
    'MemberExpression[object.property.name=/^(concurrent|each)$/][property.name=/^(skip|only|todo|failing)$/]',
    'CallExpression[callee.name=/^(xit|xtest|xdescribe|fit|fdescribe)$/]',
  ].join(', '),
  message: 'A spec runs or does not exist: no skip, only, todo or failing.',
};

const NO_SLEEP =
  'Specs never wait for time to pass: move the clock, or await the promise or signal of what should happen.';

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
    // A disable comment that disables nothing hides the next thing on its line.
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'ours/disable-with-reason': 'error',
      'ours/name-says-what': 'error',

      // Size. A reader holds one screen in mind: aim at 250 lines a file and 40 a function, these are the hard ends.
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      // The fourth argument is where callers start to mix them up: pass one object.
      'max-params': ['error', 3],

      // One order, so that two branches that add an import do not argue about where.
      'simple-import-sort/imports': 'error',
      'simple-import-sort/exports': 'error',
      // Type imports vanish: what is left is what runs, and layers.cjs can tell them apart (client.ts rests on it).
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      // `import { type A }` alone leaves an empty import that still runs the module.
      '@typescript-eslint/no-import-type-side-effects': 'error',
      'no-restricted-syntax': ['error', noDefaultExport, noSpreadLiteral, noParseServerFiles],

      // Types are promises: these three break them without a trace.
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
      // A new member of a union must be met wherever the union is decided on.
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      // A promise nobody awaits is an error nobody sees, and work that stop() does not drain.
      // `void` says that somebody thought of it: what stands behind it must not reject.
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      // `||` takes 0 and '' for absent.
      '@typescript-eslint/prefer-nullish-coalescing': [
        'error',
        { ignorePrimitives: { boolean: true } },
      ],
      '@typescript-eslint/only-throw-error': 'error',
      // Numbers read well in a sentence; objects and undefined do not.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { ignoreRestSiblings: true, argsIgnorePattern: '^_' },
      ],
      // Interfaces here are objects of functions that close over what they need, and are taken apart where they arrive.
      // The few classes are not.
      '@typescript-eslint/unbound-method': 'off',
      // async without await is how a function that throws early still answers a promise.
      '@typescript-eslint/require-await': 'off',

      // The log is structured and redacted, and what scripts say to people goes through scripts/start/say.ts.
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        {
          object: 'Math',
          property: 'random',
          message: 'Ids and secrets come from node:crypto; chance in a decision is passed in.',
        },
      ],

      // Mistakes that types do not see.
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
    name: 'what is packed and runs at a host',
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
        {
          object: 'Math',
          property: 'random',
          message: 'Ids and secrets come from node:crypto; chance in a decision is passed in.',
        },
        {
          object: 'process',
          property: 'env',
          message:
            'Settings are read and checked in one place, src/platform/settings.ts, and passed on.',
        },
        {
          object: 'process',
          property: 'exit',
          message: 'The process is the host’s: throw, and let whoever started it decide.',
        },
      ],
    },
  },
  {
    name: 'what does the work',
    files: ['src/**/*.ts', 'cloud/**/*.ts'],
    rules: {
      // Specs are exempt: a describe is one function.
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
    name: 'where settings are read, and where chance comes from: the composition root passes it on',
    files: ['src/platform/settings.ts', 'src/app/compose.ts'],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    name: 'declarations of what others export',
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
      // it.each hands a row of its table over as arguments.
      'max-params': 'off',
      // Templates of other languages are among what strangers send.
      'no-template-curly-in-string': 'off',
      // What comes over the wire and out of JSON is any, and looking at it is what a spec is for.
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
    // Tools ask for default exports, and for CommonJS here and there.
    rules: { 'no-restricted-syntax': 'off', '@typescript-eslint/no-require-imports': 'off' },
  },
);
