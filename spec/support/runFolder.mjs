// Temporary folders of one run of the specs, and the end of what a killed run has left behind.
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const PREFIX = 'parse-integration-hub-spec-';

/** A folder that the next run removes when this process is gone. */
export async function createRunFolder() {
  const folder = await mkdtemp(join(tmpdir(), PREFIX));
  // As root, PostgreSQL runs as a user of its own, who has to get through to its data.
  await chmod(folder, 0o755);
  await writeFile(join(folder, 'owner'), String(process.pid));
  return folder;
}

export async function removeRunFolder(folder) {
  await rm(folder, { recursive: true, force: true });
}

/** Stops the PostgreSQL servers of runs that were killed, and removes their folders. */
export async function removeOrphans() {
  for (const entry of await readdir(tmpdir())) {
    if (!entry.startsWith(PREFIX)) continue;
    const folder = join(tmpdir(), entry);
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

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
