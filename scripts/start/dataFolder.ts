import { constants } from 'node:fs';
import { access, chmod, mkdir, realpath, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

import { errorCode } from './errorCode.js';
import { StartProblem } from './startProblem.js';

/** Returns the folder itself or, if it does not exist, the nearest existing folder above it. */
export async function nearestFolder(dataDir: string): Promise<string> {
  for (let path = resolve(dataDir); ; path = dirname(path)) {
    const found = await realpath(path).catch(() => undefined);
    if (found !== undefined) return found;
  }
}

/** Returns the message for a folder whose database belongs to another running hub; `pid` is that hub's process. */
export function folderInUse(path: string, pid: number | undefined): StartProblem {
  const who = pid === undefined ? 'another process' : `process ${String(pid)}`;
  return new StartProblem(
    `DATA_DIR ${path} is in use by ${who}: stop that process first, or choose another DATA_DIR`,
  );
}

/**
 * Creates DATA_DIR if it is missing. Returns its absolute path without symbolic links. Only the owner can read a new folder; when
 * root starts the hub, PostgreSQL's user can pass through it as well.
 */
export async function openDataFolder(dataDir: string): Promise<string> {
  const path = resolve(dataDir);
  try {
    const created = (await mkdir(path, { recursive: true })) !== undefined;
    if (created) await chmod(path, process.getuid?.() === 0 ? 0o711 : 0o700);
    return await checkDataFolder(path);
  } catch (error) {
    if (error instanceof StartProblem) throw error;
    await checkNoFileInTheWay(path);
    throw new StartProblem(
      `DATA_DIR ${path} cannot be created (${errorCode(error)}): choose a folder that this user can write to, for example DATA_DIR=.data`,
    );
  }
}

async function checkNoFileInTheWay(path: string): Promise<void> {
  const nearest = await nearestFolder(path);
  if ((await stat(nearest)).isDirectory()) return;
  const what =
    nearest === path
      ? 'is a file, not a folder'
      : `cannot be created, because ${nearest} is a file`;
  throw new StartProblem(`DATA_DIR ${path} ${what}: choose another, for example DATA_DIR=.data`);
}

/** Throws unless `path` is a folder that this user can write to. Returns it without symbolic links. */
export async function checkDataFolder(path: string): Promise<string> {
  const real = await realpath(path);
  if (!(await stat(real)).isDirectory()) {
    throw new StartProblem(
      `DATA_DIR ${path} is a file, not a folder: choose another, for example DATA_DIR=.data`,
    );
  }
  try {
    await access(real, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch {
    throw new StartProblem(
      `DATA_DIR ${path} is not writable for this user: start as its owner, or choose another DATA_DIR`,
    );
  }
  return real;
}
