// Packs the hub as `npm publish` would and installs it as a host would, in a folder outside of the project, once for each run
// of the specs. Prints the folder: `hub.tgz`, and `node_modules` with the unpacked hub, what its package.json asks for, and
// what those packages ask for in turn. A folder below it is a host's.
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { packProject } from '../../scripts/package/pack.mjs';
import { closureOf } from './closure.mjs';

const top = path.resolve(import.meta.dirname, '../..');
const manifest = JSON.parse(readFileSync(path.join(top, 'package.json'), 'utf8'));
const POLL_MS = 100;

/** Of this run: jest.config.mjs names it, and the next run removes what a killed one has left behind. */
const run = process.env['SPEC_RUN'] ?? String(process.ppid);
const folder = path.join(tmpdir(), `parse-integration-hub-spec-packed-${run}`);
const ended = path.join(folder, 'ended');

function install() {
  const modules = path.join(folder, 'node_modules');
  const hub = path.join(modules, manifest.name);
  mkdirSync(hub, { recursive: true });
  // Node looks for a package in the folders above until one has a package.json.
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name: 'host' }));
  execFileSync('tar', ['-xzf', path.join(folder, 'hub.tgz'), '-C', hub, '--strip-components=1']);
  const { dependencies, peerDependencies } = JSON.parse(
    readFileSync(path.join(hub, 'package.json'), 'utf8'),
  );
  // The last two are of the receiver and of the OAuth app in README.
  const names = Object.keys({ ...dependencies, ...peerDependencies });
  names.push('standardwebhooks', 'openid-client');
  for (const location of closureOf(top, names))
    linkTree(path.join(top, location), path.join(folder, location));
}

/** Hard links, as fast as they are: nothing in them leads back to the project. Copies where the disk is another. */
function linkTree(from, to) {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (entry.name === 'node_modules') continue;
    const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)];
    if (entry.isDirectory()) linkTree(source, target);
    else if (entry.isFile()) link(source, target);
  }
}

function link(source, target) {
  try {
    linkSync(source, target);
  } catch {
    copyFileSync(source, target);
  }
}

/** Answers false where another process of this run is at it, or was. */
function isFirst() {
  try {
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'owner'), run);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

if (isFirst()) {
  let problem = '';
  try {
    renameSync(packProject(folder), path.join(folder, 'hub.tgz'));
    install();
  } catch (error) {
    problem = `${error.message}\n${error.stdout ?? ''}`;
  }
  writeFileSync(`${ended}.new`, problem);
  renameSync(`${ended}.new`, ended);
} else {
  while (!existsSync(ended)) await wait(POLL_MS);
}
const problem = readFileSync(ended, 'utf8');
if (problem) throw new Error(problem);
process.stdout.write(folder);
