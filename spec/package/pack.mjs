// Packs the hub as `npm publish` does and installs it as a host does, in a folder outside of the project, once for each run of
// the specs. Prints the folder, which contains `hub.tgz`, and `node_modules` with the unpacked hub and all its dependencies.
// Hosts are folders below it.
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

/** The id of this run, from jest.config.mjs. The next run removes the folders of killed runs. */
const run = process.env['SPEC_RUN'] ?? String(process.ppid);
const folder = path.join(tmpdir(), `parse-integration-hub-spec-packed-${run}`);
const ended = path.join(folder, 'ended');

function install() {
  const modules = path.join(folder, 'node_modules');
  const hub = path.join(modules, manifest.name);
  mkdirSync(hub, { recursive: true });
  // Node searches the folders above until one has a package.json.
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name: 'host' }));
  execFileSync('tar', ['-xzf', path.join(folder, 'hub.tgz'), '-C', hub, '--strip-components=1']);
  const { dependencies, peerDependencies } = JSON.parse(
    readFileSync(path.join(hub, 'package.json'), 'utf8'),
  );
  // The receiver and the OAuth app in the README use the last two.
  const names = Object.keys({ ...dependencies, ...peerDependencies });
  names.push('standardwebhooks', 'openid-client');
  for (const location of closureOf(top, names))
    linkTree(path.join(top, location), path.join(folder, location));
}

/** Creates hard links, which are fast and do not lead back to the project. Copies files if the disk is a different one. */
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

/** Returns false if another process of this run is installing the hub or has done so. */
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
