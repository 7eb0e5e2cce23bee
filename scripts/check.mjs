// npm run check: all static checks of the project. Goes on after a failure, so that one run reports every problem. Exits with 1
// if a check failed.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const top = path.resolve(import.meta.dirname, '..');
const bin = (name) => path.join('node_modules', name);

/** The declarations that the compiler writes while it checks types. The check of the package uses them. */
const declarations = mkdtempSync(path.join(tmpdir(), 'parse-integration-hub-types-'));
const EMIT = ['--noEmit', 'false', '--declaration', '--emitDeclarationOnly'];

const STEPS = [
  {
    name: 'types',
    args: [bin('typescript/bin/tsc'), '-p', '.', ...EMIT, '--outDir', declarations],
  },
  {
    name: 'lint',
    args: [
      bin('eslint/bin/eslint.js'),
      '-c',
      'scripts/lint/eslint.config.mjs',
      '--max-warnings=0',
      '.',
    ],
  },
  {
    name: 'layers',
    args: [
      bin('dependency-cruiser/bin/dependency-cruise.mjs'),
      '--config',
      'scripts/lint/layers.cjs',
      '.',
    ],
  },
  { name: 'format', args: [bin('prettier/bin/prettier.cjs'), '--check', '.'] },
  {
    name: 'unused',
    args: [bin('knip/bin/knip.js'), '-c', 'scripts/lint/knip.jsonc', '--no-progress'],
  },
  { name: 'docs', args: ['--import', 'tsx', 'scripts/docs.ts', '--check'] },
  { name: 'package', args: ['scripts/package/check.mjs', declarations] },
];

const results = STEPS.map(({ name, args }) => {
  const startedAt = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: top,
    encoding: 'utf8',
  });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const passed = status === 0;
  process.stdout.write(`${passed ? 'passed' : 'FAILED'}  ${name.padEnd(7)} ${seconds} s\n`);
  if (!passed) process.stdout.write(`\n${stdout}${stderr}\n`);
  return passed;
});

rmSync(declarations, { recursive: true });
const failed = results.filter((passed) => !passed).length;
process.stdout.write(
  `\nchecks: ${String(results.length - failed)} passed, ${String(failed)} failed\n`,
);
process.exitCode = failed === 0 ? 0 : 1;
