/**
 * Who may import whom: `depcruise --config scripts/lint/layers.cjs .` Each comment is printed with what it forbids.
 * Type imports count everywhere: a type that knows another module is how the code comes to know it.
 */

const forbid = (name, comment, { from = {}, to }) => ({
  name,
  severity: 'error',
  comment,
  from,
  to,
});

/** Decisions without I/O: what they decide depends on what they are given, so a table of cases is their whole test. */
const PURE =
  '^src/(webhooks/(publish/(eventType|match|envelope)|delivery/(sign|secret|retry|delivery|settle|window))|schedules/(nextTime|jobSchedule|timetable)|security/failureTally|oauth/pages/color|platform/(crypto/\\w+|http/(outcome|retryAfter)|cursor|durations|html))\\.ts$';

/** Folders of src/ that stand above the domains: who calls, the hub's own routes, descriptions, composition. */
const ABOVE = 'authentication|http|reference|app';

/** What an installed package consists of; scripts/ and spec/ stay at home. */
const PACKAGED = '^(src|client|cloud|schemas|templates)/|^(index|client)\\.ts$';

const npm = (names) => `(^|/)node_modules/(${names})/`;

module.exports = {
  forbidden: [
    forbid('no-cycles', 'Two modules that import each other are one module in two files.', {
      to: { circular: true },
    }),

    forbid(
      'contract-is-the-bottom',
      'src/contract imports zod and nothing else: everything stands on it.',
      {
        from: { path: '^src/contract/' },
        to: { pathNot: ['^src/contract/', npm('zod')] },
      },
    ),
    forbid(
      'schemas-know-only-the-contract',
      'A class is a declaration: fields, indexes, who reads.',
      {
        from: { path: '^schemas/' },
        to: { pathNot: ['^schemas/', '^src/contract/index\\.ts$'] },
      },
    ),
    forbid(
      'templates-know-only-the-contract',
      'A connector is data and pure functions, so that it can be reviewed and tested alone; zlib has the checksums of services.',
      {
        from: { path: '^templates/' },
        to: { pathNot: ['^templates/', '^src/contract/index\\.ts$', npm('zod'), '^(node:)?zlib$'] },
      },
    ),
    forbid(
      'platform-knows-no-domain',
      'src/platform would serve another product as well; lanes and meters are what it stores.',
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
      'A domain is its index.ts to every other; behind it, it may change at will.',
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
      'A domain is called by functions, jobs, routes and scripts, and knows none of them.',
      {
        from: { path: '^src/[^/]+/', pathNot: `^src/(${ABOVE})/` },
        to: { path: ['^(cloud|templates)/', `^src/(${ABOVE})/`] },
      },
    ),
    forbid(
      'composition-is-the-top',
      'Authentication, routes and descriptions are put together by src/app; of it they know only the type of the services.',
      {
        from: { path: '^src/(authentication|http|reference)/' },
        to: { path: ['^(cloud|templates)/', '^src/app/'], pathNot: '^src/app/services\\.ts$' },
      },
    ),
    forbid(
      'cloud-through-the-index',
      'A function asks a domain and does nothing else; what it may ask is index.ts.',
      {
        from: { path: '^cloud/' },
        to: {
          path: '^src/[^/]+/',
          pathNot: ['^src/[^/]+/index\\.ts$', '^src/platform/', '^src/app/services\\.ts$'],
        },
      },
    ),
    forbid(
      'functions-do-not-know-the-platform',
      'The files beside manifest.ts register and call; a function or a job has params, services and fail.',
      {
        from: { path: '^cloud/[^/]+/' },
        to: { path: '^src/platform/' },
      },
    ),

    forbid(
      'only-stores-touch-rows',
      'Storage has one door a domain, store.ts: what is stored can be read in one place.',
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
      'Which database it is, src/app decides once; everybody else has Database.',
      {
        from: { path: PACKAGED, pathNot: ['^src/(platform|app)/'] },
        to: {
          path: '^src/platform/database/',
          pathNot: ['^src/platform/database/(index|database)\\.ts$'],
        },
      },
    ),
    forbid(
      'parse-behind-few-doors',
      'Parse Server changes with each version: few files may have to follow.',
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
      'nobody-imports-the-top',
      'index.ts and client.ts put together what stands below them.',
      {
        from: { path: PACKAGED, pathNot: '^index\\.ts$' },
        to: { path: '^(index|client)\\.ts$' },
      },
    ),
    forbid('the-package-stands-alone', 'scripts/ and spec/ are not in the package.', {
      from: { path: PACKAGED },
      to: { path: '^(scripts|spec)/' },
    }),
    forbid(
      'specs-are-not-imported',
      'What scripts and specs share is part of neither: it belongs into scripts/ or src/.',
      {
        from: { pathNot: '^spec/' },
        to: { path: '^spec/' },
      },
    ),
    forbid(
      'client-imports-types-only',
      'It runs in browsers: an import that is left at run time would bring the server.',
      {
        from: { path: '^client(/|\\.ts$)' },
        to: { pathNot: '^client/', dependencyTypesNot: ['type-only'] },
      },
    ),

    forbid(
      'pure-files-stay-pure',
      'These decide; they know the contract, errors of their domain and each other, so that nothing has to be set up to test them.',
      {
        from: { path: PURE },
        to: {
          path: '^(src|cloud|schemas|templates)/',
          pathNot: ['^src/contract/', '^src/[^/]+/errors\\.ts$', PURE],
        },
      },
    ),
    forbid('pure-files-do-no-io', 'Nor do they read files, the network or the time.', {
      from: { path: PURE },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?(buffer|crypto|url)$' },
    }),

    forbid(
      'packages-are-declared',
      'What package.json does not list is absent at a host, or there in another version.',
      {
        // A file of ours that is not there is for tsc to report; @jest/globals is a part of jest.
        to: {
          dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'unknown', 'undetermined'],
          pathNot: ['^\\.', npm('@jest/globals')],
        },
      },
    ),
    forbid(
      'packages-are-installed-at-a-host',
      'A devDependency is not there when the hub runs in somebody’s product.',
      {
        from: { path: PACKAGED },
        to: {
          dependencyTypes: ['npm-dev'],
          dependencyTypesNot: ['npm', 'npm-peer', 'npm-optional', 'type-only'],
        },
      },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|\\.data|logs)/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['types', 'import', 'require', 'node', 'default'],
    },
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
