// *.spec.ts run once. *.db.spec.ts run on PostgreSQL; those in which the engines can differ run again on MongoDB when a mongod
// is at hand, all of them with jestLong.config.mjs. *.browser.spec.ts run on PostgreSQL when a Chromium is at hand.
// *.long.spec.ts run with jestLong.config.mjs alone, on the engines that they would have as *.db.spec.ts; *.nginx.long.spec.ts
// when an nginx is at hand.
import { fileURLToPath } from 'node:url';

import { checkArguments } from './support/arguments.mjs';
import { findChromium } from './support/chromium.mjs';
import { ON_BOTH_ENGINES } from './support/engines.mjs';
import { findMongod } from './support/mongod.mjs';
import { findNginx } from './support/nginx.mjs';
import { COVERED } from './support/runner/coverage.mjs';

const rootDir = fileURLToPath(new URL('..', import.meta.url));

const shared = {
  rootDir,
  runner: '<rootDir>/spec/support/runner/runner.mjs',
  // The workers of that runner load TypeScript through tsx; `npm run check` is what checks types.
  transform: {},
};

const onDatabase = (engine, patterns, { name = engine, ignored = [] } = {}) => ({
  ...shared,
  displayName: name,
  testMatch: patterns.map((pattern) => `<rootDir>/spec/${pattern}.spec.ts`),
  testPathIgnorePatterns: ['/node_modules/', ...ignored],
  globals: { hubSpecEngine: engine },
  setupFilesAfterEnv: ['<rootDir>/spec/support/eachFile.ts'],
  globalSetup: '<rootDir>/spec/support/globalSetup.mjs',
  globalTeardown: '<rootDir>/spec/support/globalTeardown.mjs',
});

const onBothEngines = (kind) =>
  Object.keys(ON_BOTH_ENGINES).map((pattern) =>
    pattern.endsWith('**') ? `${pattern}/*.${kind}` : `${pattern}.${kind}`,
  );
/** The patterns of each engine. */
const patternsOf = (isLong) =>
  isLong
    ? { postgres: ['**/*.db', '**/*.long'], mongodb: ['**/*.db', ...onBothEngines('long')] }
    : { postgres: ['**/*.db'], mongodb: onBothEngines('db') };

/** `isLong`: every *.db.spec.ts on both engines, *.long.spec.ts too, races in a hundred rounds. */
export async function configOf({ isLong }) {
  checkArguments(process.argv);
  const patterns = patternsOf(isLong);
  const mongod = await findMongod();
  process.env['SPEC_MONGOD'] = mongod.binary ?? '';
  process.env['SPEC_MONGOD_MISSING'] = mongod.missing ?? '';
  const chromium = await findChromium();
  process.env['SPEC_CHROMIUM'] = chromium.binary ?? '';
  process.env['SPEC_CHROMIUM_MISSING'] = chromium.missing ?? '';
  const nginx = isLong ? await findNginx() : {};
  process.env['SPEC_NGINX'] = nginx.binary ?? '';
  process.env['SPEC_NGINX_MISSING'] = nginx.missing ?? '';
  // Resources that are made once per run, by the first file that needs them.
  process.env['SPEC_RUN'] = String(process.pid);
  process.env['SPEC_LONG'] = isLong ? '1' : '';
  return {
    rootDir,
    // Only guards against hanging tests: a machine may be busy.
    testTimeout: 120_000,
    // Hides Parse Server's deprecation notices. A spec collects the log lines that it checks.
    silent: true,
    // A spec that fails may leave its server open: the run ends anyway, and reports it.
    forceExit: true,
    coverageProvider: 'v8',
    coverageDirectory: '<rootDir>/coverage',
    coverageReporters: ['text', 'lcovonly'],
    collectCoverageFrom: COVERED.map((path) => (path.endsWith('.ts') ? path : `${path}/**/*.ts`)),
    maxWorkers: 2,
    // Files leave memory behind in their worker: a worker that has grown too large is replaced.
    workerIdleMemoryLimit: '2GB',
    projects: [
      {
        ...shared,
        displayName: 'pure',
        testMatch: ['<rootDir>/spec/**/*.spec.ts'],
        testPathIgnorePatterns: ['/node_modules/', '\\.(db|browser|long)\\.spec\\.ts$'],
      },
      onDatabase('postgres', patterns.postgres, {
        ignored: nginx.binary ? [] : ['\\.nginx\\.long\\.spec\\.ts$'],
      }),
      ...(mongod.binary ? [onDatabase('mongodb', patterns.mongodb)] : []),
      ...(chromium.binary ? [onDatabase('postgres', ['**/*.browser'], { name: 'browser' })] : []),
    ],
  };
}

export default () => configOf({ isLong: false });
