// npm run check: everything that can be said about the project without running it. Goes on after a failure, so that one
// run says all there is to mend; exits 1 if anything failed.
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const top = path.resolve(import.meta.dirname, '..');
const bin = (name) => path.join('node_modules', name);

const STEPS = [
  { name: 'types', args: [bin('typescript/bin/tsc'), '-p', '.'] },
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
  { name: 'docs', args: ['--import', 'tsx', 'scripts/docs.ts', '--check'] },
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

const failed = results.filter((passed) => !passed).length;
process.stdout.write(
  `\nchecks: ${String(results.length - failed)} passed, ${String(failed)} failed\n`,
);
process.exitCode = failed === 0 ? 0 : 1;
