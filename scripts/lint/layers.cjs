/**
 * Rules about imports between folders: `depcruise --config scripts/lint/layers.cjs .` prints the comment of a violated rule.
 * Type imports count everywhere, because a type that depends on another module makes the code depend on it.
 */

const forbid = (name, comment, { from = {}, to }) => ({
  name,
  severity: 'error',
  comment,
  from,
  to,
});

/** Pure files, without I/O: the result depends only on the arguments, so a table of cases tests them completely. */
const PURE =
  '^src/(webhooks/(publish/(eventType|match|envelope)|delivery/(sign|secret|retry|delivery|settle|window))|schedules/(nextTime|jobSchedule|timetable)|security/failureTally|oauth/pages/color|platform/(crypto/\\w+|http/(outcome|retryAfter)|cursor|durations|html))\\.ts$';

/** Folders of src/ above the domains: authentication, the hub's own routes, descriptions, composition. */
const ABOVE = 'authentication|http|reference|app';

/** The content of the installed package, without scripts/ and spec/. */
const PACKAGED = '^(src|client|cloud|schemas|templates)/|^(index|client)\\.ts$';

const npm = (names) => `(^|/)node_modules/(${names})/`;

module.exports = {
  forbidden: [
    forbid('no-cycles', 'Modules that import each other cannot be understood or tested alone.', {
      to: { circular: true },
    }),

    forbid(
      'contract-is-the-bottom',
      'src/contract imports only zod, because everything else depends on it.',
      {
        from: { path: '^src/contract/' },
        to: { pathNot: ['^src/contract/', npm('zod')] },
      },
    ),
    forbid(
      'schemas-know-only-the-contract',
      'A class is only a declaration of fields, indexes and readers.',
      {
        from: { path: '^schemas/' },
        to: { pathNot: ['^schemas/', '^src/contract/index\\.ts$'] },
      },
    ),
    forbid(
      'templates-know-only-the-contract',
      'A connector is data and pure functions, so that it can be reviewed and tested alone. zlib is allowed for checksums.',
      {
        from: { path: '^templates/' },
        to: { pathNot: ['^templates/', '^src/contract/index\\.ts$', npm('zod'), '^(node:)?zlib$'] },
      },
    ),
    forbid(
      'platform-knows-no-domain',
      'src/platform is independent of the product. Lanes and meters are the only classes that it stores.',
      {
        from: { path: '^src/platform/' },
        to: {
          path: '^(src|cloud|schemas|templates)/',
          pathNot: ['^src/(contract|platform)/', '^schemas/(HubLane|UsageMeter)\\.ts$'],
        },
      },
    ),

    forbid(
      'domains-through-their-index',
      'Other folders import only the index.ts of a domain, so that its internals can change.',
      {
        from: { path: '^src/([^/]+)/', pathNot: '^src/(contract|platform)/' },
        to: {
          path: '^src/[^/]+/',
          pathNot: [
            '^src/$1/',
            '^src/(contract|platform)/',
            '^src/[^/]+/index\\.ts$',
            `^src/(${ABOVE})/`,
          ],
        },
      },
    ),
    forbid(
      'domains-do-not-know-who-calls',
      'Functions, jobs, routes and scripts call domains. A domain must not depend on them.',
      {
        from: { path: '^src/[^/]+/', pathNot: `^src/(${ABOVE})/` },
        to: { path: ['^(cloud|templates)/', `^src/(${ABOVE})/`] },
      },
    ),
    forbid(
      'composition-is-the-top',
      'src/app composes authentication, routes and descriptions. They may import only the type of the services from it.',
      {
        from: { path: '^src/(authentication|http|reference)/' },
        to: { path: ['^(cloud|templates)/', '^src/app/'], pathNot: '^src/app/services\\.ts$' },
      },
    ),
    forbid('cloud-through-the-index', 'A function only calls a domain, through its index.ts.', {
      from: { path: '^cloud/' },
      to: {
        path: '^src/[^/]+/',
        pathNot: ['^src/[^/]+/index\\.ts$', '^src/platform/', '^src/app/services\\.ts$'],
      },
    }),
    forbid(
      'functions-do-not-know-the-platform',
      'Functions and jobs use params, services and fail. Only the files next to manifest.ts use the platform.',
      {
        from: { path: '^cloud/[^/]+/' },
        to: { path: '^src/platform/' },
      },
    ),

    forbid(
      'only-stores-touch-rows',
      'Only the store.ts of a domain reads and writes rows, so that all storage of a domain is in one file.',
      {
        from: {
          path: '^src/[^/]+/',
          pathNot: ['^src/(platform|app|authentication)/', '/store\\.ts$'],
        },
        to: { path: ['^schemas/', '^src/platform/parse/'] },
      },
    ),
    forbid(
      'engines-behind-the-interface',
      'Only src/app selects the database engine. All other code uses the Database interface.',
      {
        from: { path: PACKAGED, pathNot: ['^src/(platform|app)/'] },
        to: {
          path: '^src/platform/database/',
          pathNot: ['^src/platform/database/(index|database)\\.ts$'],
        },
      },
    ),
    forbid(
      'parse-in-few-files',
      'Parse Server changes with each version, so only few files may depend on it.',
      {
        from: {
          pathNot: [
            '^src/platform/parse/',
            '^src/app/',
            '^cloud/register\\.ts$',
            '^(scripts|spec)/',
          ],
        },
        to: { path: [npm('parse|parse-server'), '^parse(-server)?(/|$)'] },
      },
    ),

    forbid(
      'no-imports-of-the-top',
      'index.ts and client.ts export what is below them. Files below must not import them.',
      {
        from: { path: PACKAGED, pathNot: '^index\\.ts$' },
        to: { path: '^(index|client)\\.ts$' },
      },
    ),
    forbid(
      'the-package-stands-alone',
      'The package does not contain scripts/ and spec/, so its files must not import them.',
      {
        from: { path: PACKAGED },
        to: { path: '^(scripts|spec)/' },
      },
    ),
    forbid(
      'specs-are-not-imported',
      'Code that scripts and specs share belongs in scripts/ or src/.',
      {
        from: { pathNot: '^spec/' },
        to: { path: '^spec/' },
      },
    ),
    forbid(
      'client-imports-types-only',
      'The client runs in browsers. An import at run time would include server code.',
      {
        from: { path: '^client(/|\\.ts$)' },
        to: { pathNot: '^client/', dependencyTypesNot: ['type-only'] },
      },
    ),

    forbid(
      'pure-files-stay-pure',
      'Pure files import only the contract, the errors of their domain and each other, so that tests need no setup.',
      {
        from: { path: PURE },
        to: {
          path: '^(src|cloud|schemas|templates)/',
          pathNot: ['^src/contract/', '^src/[^/]+/errors\\.ts$', PURE],
        },
      },
    ),
    forbid('pure-files-do-no-io', 'Pure files do not read files, the network or the time.', {
      from: { path: PURE },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?(buffer|crypto|url)$' },
    }),

    forbid(
      'packages-are-declared',
      'A package that package.json does not list is missing at a host, or has another version there.',
      {
        // tsc reports missing files of the project. @jest/globals is part of jest.
        to: {
          dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'unknown', 'undetermined'],
          pathNot: ['^\\.', npm('@jest/globals')],
        },
      },
    ),
    forbid('packages-are-installed-at-a-host', 'A host does not install devDependencies.', {
      from: { path: PACKAGED },
      to: {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['npm', 'npm-peer', 'npm-optional', 'type-only'],
      },
    }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // spec/oauth/clients is a package of its own, which one spec installs.
    exclude: { path: '^(dist|\\.data|logs|spec/oauth/clients)/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['types', 'import', 'require', 'node', 'default'],
    },
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
