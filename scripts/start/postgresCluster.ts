import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { errorCode } from './errorCode.js';
import { POSTGRES_MAJOR } from './postgresBinaries.js';
import { StartProblem } from './startProblem.js';

export const clusterFolder = (dataFolder: string) => join(dataFolder, 'postgres');

/**
 * Returns whether the folder contains a complete database. Throws if it contains other files or a database of another major
 * version: files that might be data are never removed.
 */
export async function hasCluster(dataFolder: string): Promise<boolean> {
  const folder = clusterFolder(dataFolder);
  const names = await readdir(folder).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return [];
    throw new StartProblem(
      `${folder} is not readable for this user: start as the user who created it, or choose another DATA_DIR`,
    );
  });
  if (names.length === 0) return false;
  const version = await readFile(join(folder, 'PG_VERSION'), 'utf8').catch(() => undefined);
  if (version === undefined) {
    throw new StartProblem(
      `${folder} contains files but no PostgreSQL database: move them away, or choose another DATA_DIR`,
    );
  }
  if (version.trim() === String(POSTGRES_MAJOR)) return true;
  throw new StartProblem(
    `${folder} was written by PostgreSQL ${version.trim()}, but this version of the hub uses ${String(POSTGRES_MAJOR)}: dump the data with the version of the hub that wrote it and restore it with this one, or choose another DATA_DIR`,
  );
}
