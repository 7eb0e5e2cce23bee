import { constants } from 'node:fs';
import { access, chmod, mkdir, realpath, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

import { errorCode } from './errorCode.js';
import { type FolderLock, lockFolder } from './folderLock.js';
import { StartProblem } from './startProblem.js';

export interface DataFolder {
  /** Absolute, without symbolic links. */
  readonly path: string;
  readonly lock: FolderLock;
}

/** Creates DATA_DIR where it is missing and takes it for this process, or throws who has it. */
export async function openDataFolder(dataDir: string): Promise<DataFolder> {
  const path = await createDataFolder(dataDir);
  const attempt = await lockFolder(path);
  if ('lock' in attempt) return { path, lock: attempt.lock };
  throw folderInUse(path, attempt.heldBy);
}

/** The folder itself or, where it does not exist, the nearest one above it that does. */
export async function nearestFolder(dataDir: string): Promise<string> {
  for (let path = resolve(dataDir); ; path = dirname(path)) {
    const found = await realpath(path).catch(() => undefined);
    if (found !== undefined) return found;
  }
}

export function folderInUse(path: string, pid: number): StartProblem {
  return new StartProblem(
    `DATA_DIR ${path} is in use by process ${String(pid)}: stop that one first, or choose another DATA_DIR`,
  );
}

/** Only its owner may look into a new folder; started by root, PostgreSQL's user must be able to pass through as well. */
async function createDataFolder(dataDir: string): Promise<string> {
  const path = resolve(dataDir);
  try {
    const created = (await mkdir(path, { recursive: true })) !== undefined;
    if (created) await chmod(path, process.getuid?.() === 0 ? 0o711 : 0o700);
    return await checkDataFolder(path);
  } catch (error) {
    if (error instanceof StartProblem) throw error;
    throw new StartProblem(
      `DATA_DIR ${path} cannot be created (${errorCode(error)}): choose a folder that this user may write to, for example DATA_DIR=.data`,
    );
  }
}

/** Throws unless `path` is a folder that this user may write to; answers it without symbolic links. */
export async function checkDataFolder(path: string): Promise<string> {
  const real = await realpath(path);
  if (!(await stat(real)).isDirectory()) {
    throw new StartProblem(
      `DATA_DIR ${path} is not a folder: choose another, for example DATA_DIR=.data`,
    );
  }
  try {
    await access(real, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch {
    throw new StartProblem(
      `DATA_DIR ${path} may not be written to by this user: start as its owner, or choose another DATA_DIR`,
    );
  }
  return real;
}
