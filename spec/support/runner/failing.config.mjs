// For runner.spec.ts: files that fail for each possible reason.
import { fileURLToPath } from 'node:url';

export default {
  rootDir: fileURLToPath(new URL('.', import.meta.url)),
  runner: '<rootDir>/runner.mjs',
  testMatch: ['<rootDir>/failing/*.ts'],
  transform: {},
  maxWorkers: 1,
  silent: true,
  forceExit: true,
};
