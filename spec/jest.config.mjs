// Three projects: pure specs run once, everything under a folder named in STORES runs on each database at hand.
const shared = {
  rootDir: '..',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/spec/support/transform.mjs' },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
};

export default {
  rootDir: '..',
  projects: [{ ...shared, displayName: 'pure', testMatch: ['<rootDir>/spec/**/*.spec.ts'] }],
};
