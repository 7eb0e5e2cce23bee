// A step of npm run check: what a host's TypeScript, bundler and registry see of the package as it is published.
// publint: https://publint.dev/rules · attw: https://github.com/arethetypeswrong/arethetypeswrong.github.io
import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const top = path.resolve(import.meta.dirname, '../..');
const bin = (name) => path.join(top, 'node_modules', name);
const folder = mkdtempSync(path.join(tmpdir(), 'parse-integration-hub-package-'));

/** Node 10's resolution knows no `exports`, and Node 20.19 no types of an ES module that CommonJS requires: it can require it. */
const ATTW = ['--profile', 'node16', '--ignore-rules', 'cjs-resolves-to-esm'];

function node(args, cwd = top) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
  return status === 0 ? '' : `${stdout}${stderr}`;
}

function pack() {
  const project = path.join(folder, 'project');
  const problem = node([
    bin('typescript/bin/tsc'),
    '-p',
    'scripts/build',
    '--outDir',
    path.join(project, 'dist'),
    '--noCheck',
  ]);
  if (problem) throw new Error(problem);
  for (const entry of readdirSync(top)) {
    if (!['node_modules', 'dist'].includes(entry) && !entry.startsWith('.'))
      cpSync(path.join(top, entry), path.join(project, entry), { recursive: true });
  }
  const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
  const options = {
    cwd: project,
    encoding: 'utf8',
    stdio: 'pipe',
    shell: process.platform === 'win32',
  };
  return path.join(folder, JSON.parse(execFileSync('npm', args, options))[0].filename);
}

/** A host with the package and what the package says it needs, by name and nothing else, as strict package managers install it. */
function install(tarball) {
  const host = path.join(folder, 'host');
  const modules = path.join(host, 'node_modules');
  const hub = path.join(modules, 'parse-integration-hub');
  mkdirSync(hub, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '-C', hub, '--strip-components=1']);
  writeFileSync(path.join(host, 'package.json'), '{}');
  const manifest = JSON.parse(readFileSync(path.join(hub, 'package.json'), 'utf8'));
  for (const name of [
    ...Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }),
    '@types/node',
  ]) {
    mkdirSync(path.dirname(path.join(modules, name)), { recursive: true });
    symlinkSync(path.join(top, 'node_modules', name), path.join(modules, name));
  }
  for (const file of ['consumer.mts', 'consumer.cts'])
    copyFileSync(path.join(import.meta.dirname, 'consumer.txt'), path.join(host, file));
  copyFileSync(path.join(import.meta.dirname, 'consumer.txt'), path.join(host, 'bundled.ts'));
  return host;
}

/** What a strict consumer is told about files of ours; those of other packages are theirs. */
function compile(host, files, module, resolution) {
  const args = [
    bin('typescript/bin/tsc'),
    '--strict',
    '--exactOptionalPropertyTypes',
    '--noEmit',
    '--target',
    'es2022',
  ];
  args.push('--types', 'node', '--module', module, '--moduleResolution', resolution, ...files);
  const errors = node(args, host)
    .split('\n')
    .filter((line) => /: error TS/.test(line));
  return errors
    .filter((line) => !/^(?!.*parse-integration-hub\/).*node_modules\//.test(line))
    .join('\n');
}

let failed = false;
function report(name, problem) {
  if (!problem) return;
  failed = true;
  process.stdout.write(`${name}\n${problem}\n`);
}

try {
  const tarball = pack();
  report('publint', node([bin('publint/src/cli.js'), 'run', tarball, '--strict']));
  report('attw', node([bin('@arethetypeswrong/cli/dist/index.js'), tarball, ...ATTW]));
  const host = install(tarball);
  report('types in Node', compile(host, ['consumer.mts', 'consumer.cts'], 'nodenext', 'nodenext'));
  report('types in a bundler', compile(host, ['bundled.ts'], 'esnext', 'bundler'));
} finally {
  rmSync(folder, { recursive: true });
}
process.exitCode = failed ? 1 : 0;
