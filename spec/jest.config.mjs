// *.spec.ts run once. *.db.spec.ts run on PostgreSQL, and again on MongoDB when a mongod is at hand. *.browser.spec.ts run on
// PostgreSQL when a Chromium is at hand.
import { fileURLToPath } from 'node:url';

import { findChromium } from './support/chromium.mjs';
import { findMongod } from './support/mongod.mjs';

const rootDir = fileURLToPath(new URL('..', import.meta.url));

const shared = {
  rootDir,
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/spec/support/transform.mjs' },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
};

const onDatabase = (engine, { name = engine, kind = 'db' } = {}) => ({
  ...shared,
  displayName: name,
  testMatch: [`<rootDir>/spec/**/*.${kind}.spec.ts`],
  globals: { hubSpecEngine: engine },
  globalSetup: '<rootDir>/spec/support/globalSetup.mjs',
  globalTeardown: '<rootDir>/spec/support/globalTeardown.mjs',
});

export default async () => {
  const mongod = await findMongod();
  process.env['SPEC_MONGOD'] = mongod.binary ?? '';
  process.env['SPEC_MONGOD_MISSING'] = mongod.missing ?? '';
  const chromium = await findChromium();
  process.env['SPEC_CHROMIUM'] = chromium.binary ?? '';
  process.env['SPEC_CHROMIUM_MISSING'] = chromium.missing ?? '';
  // What is made once for a run, by whichever file needs it first.
  process.env['SPEC_RUN'] = String(process.pid);
  return {
    rootDir,
    testTimeout: 30_000,
    // Parse Server's deprecation notices; what a spec wants to see of a log it collects itself.
    silent: true,
    // A spec that fails may leave its server open: the run ends all the same, and says so.
    forceExit: true,
    // Each file loads Parse Server anew and jest keeps what it can of it: a worker that has grown is replaced.
    maxWorkers: 2,
    workerIdleMemoryLimit: '1GB',
    projects: [
      {
        ...shared,
        displayName: 'pure',
        testMatch: ['<rootDir>/spec/**/*.spec.ts'],
        testPathIgnorePatterns: ['/node_modules/', '\\.(db|browser)\\.spec\\.ts$'],
      },
      onDatabase('postgres'),
      ...(mongod.binary ? [onDatabase('mongodb')] : []),
      ...(chromium.binary ? [onDatabase('postgres', { name: 'browser', kind: 'browser' })] : []),
    ],
  };
};
