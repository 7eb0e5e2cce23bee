// Temporary folders of one run of the specs, and the removal of those of killed runs.
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { MEMORY, memoryFolder } from './memoryFolder.mjs';

const PREFIX = 'parse-integration-hub-spec-';

/** Several times the databases of a run. */
const ROOM_BYTES = 4 * 2 ** 30;

/** Creates a folder for a database. The next run removes it if this process was killed. */
export async function createRunFolder() {
  const folder = await mkdtemp(join(await memoryFolder(ROOM_BYTES), PREFIX));
  // When root runs the specs, PostgreSQL runs as another user, who must be able to enter.
  await chmod(folder, 0o755);
  await writeFile(join(folder, 'owner'), String(process.pid));
  return folder;
}

export async function removeRunFolder(folder) {
  await rm(folder, { recursive: true, force: true });
}

/** Stops the PostgreSQL servers of runs that were killed, and removes their folders. */
export async function removeOrphans() {
  for (const folder of [...(await runFoldersIn(tmpdir())), ...(await runFoldersIn(MEMORY))]) {
    const owner = Number(await readFile(join(folder, 'owner'), 'utf8').catch(() => ''));
    if (!owner || isAlive(owner)) continue;
    const lock = await readFile(join(folder, 'data', 'postmaster.pid'), 'utf8').catch(() => '');
    const server = Number(lock.split('\n')[0]);
    if (server && isAlive(server)) {
      process.kill(server, 'SIGQUIT');
      for (let tries = 0; tries < 50 && isAlive(server); tries += 1) await wait(100);
    }
    await removeRunFolder(folder);
  }
}

async function runFoldersIn(parent) {
  const entries = await readdir(parent).catch(() => []);
  return entries.filter((entry) => entry.startsWith(PREFIX)).map((entry) => join(parent, entry));
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
