// A step of npm run check: checks the package as it is published, as a registry, TypeScript and a bundler see it. Its argument
// is the folder with the declarations of the project.
// publint: https://publint.dev/rules · attw: https://github.com/arethetypeswrong/arethetypeswrong.github.io
import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { packProject } from './pack.mjs';

const top = path.resolve(import.meta.dirname, '../..');
const bin = (name) => path.join(top, 'node_modules', name);
const NAME = 'parse-integration-hub';

// The profile skips the resolution of Node 10, which does not support `exports`. The ignored rule warns when CommonJS resolves to
// an ES module: every version of Node in `engines` can require one.
const ATTW = ['--profile', 'node16', '--ignore-rules', 'cjs-resolves-to-esm'];

/** Returns the output of a program that failed; empty if it passed. */
function problemsOf(args, cwd = top) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
  return status === 0 ? '' : `${stdout}${stderr}`;
}

/** Installs the package in a host with only the packages that its manifest names, as strict package managers do. */
function install(tarball, host) {
  const modules = path.join(host, 'node_modules');
  const hub = path.join(modules, NAME);
  mkdirSync(hub, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '-C', hub, '--strip-components=1']);
  writeFileSync(path.join(host, 'package.json'), '{}');
  const manifest = JSON.parse(readFileSync(path.join(hub, 'package.json'), 'utf8'));
  const names = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
  for (const name of [...names, '@types/node']) {
    const link = path.join(modules, name);
    mkdirSync(path.dirname(link), { recursive: true });
    symlinkSync(path.join(top, 'node_modules', name), link, 'junction');
  }
}

const STRICT = ['--strict', '--exactOptionalPropertyTypes', '--noEmit', '--target', 'es2022'];

/** Returns type errors in files of this package, including those that `skipLibCheck` would skip. Ignores other packages. */
function typeErrors(host, { files, module, resolution }) {
  for (const file of files)
    copyFileSync(path.join(import.meta.dirname, 'consumer.txt'), path.join(host, file));
  const how = ['--types', 'node', '--module', module, '--moduleResolution', resolution];
  const printed = problemsOf([bin('typescript/bin/tsc'), ...STRICT, ...how, ...files], host);
  return printed
    .split('\n')
    .filter((line) => line.startsWith(`node_modules/${NAME}/`) || /^[^/]+\.[cm]?ts\(/.test(line))
    .join('\n');
}

function check(folder, declarations) {
  const tarball = packProject(folder, { declarations });
  const host = path.join(folder, 'host');
  install(tarball, host);
  const node = {
    files: ['consumer.mts', 'consumer.cts'],
    module: 'nodenext',
    resolution: 'nodenext',
  };
  const bundler = { files: ['consumer.ts'], module: 'esnext', resolution: 'bundler' };
  return {
    publint: problemsOf([bin('publint/src/cli.js'), 'run', tarball, '--strict']),
    attw: problemsOf([bin('@arethetypeswrong/cli/dist/index.js'), tarball, ...ATTW]),
    'types in Node': typeErrors(host, node),
    'types in a bundler': typeErrors(host, bundler),
  };
}

const folder = mkdtempSync(path.join(tmpdir(), `${NAME}-package-`));
try {
  for (const [name, problems] of Object.entries(check(folder, process.argv[2]))) {
    if (!problems) continue;
    process.stdout.write(`${name}\n${problems}\n`);
    process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true });
}
