import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { errorCode } from './errorCode.js';
import { POSTGRES_MAJOR } from './postgresBinaries.js';
import { StartProblem } from './startProblem.js';

export const clusterFolder = (dataFolder: string) => join(dataFolder, 'postgres');

/**
 * Whether a complete database is there. Throws for a folder that holds something else or one of another major version:
 * nothing that might be data is ever removed.
 */
export async function hasCluster(dataFolder: string): Promise<boolean> {
  const folder = clusterFolder(dataFolder);
  const names = await readdir(folder).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return [];
    throw new StartProblem(
      `${folder} cannot be read by this user: start as the user who started first, or choose another DATA_DIR`,
    );
  });
  if (names.length === 0) return false;
  const version = await readFile(join(folder, 'PG_VERSION'), 'utf8').catch(() => undefined);
  if (version === undefined) {
    throw new StartProblem(
      `${folder} holds files but no PostgreSQL database: move them away, or choose another DATA_DIR`,
    );
  }
  if (version.trim() === String(POSTGRES_MAJOR)) return true;
  throw new StartProblem(
    `${folder} was written by PostgreSQL ${version.trim()}, this version brings ${String(POSTGRES_MAJOR)}: dump it with the version of the hub that wrote it, or choose another DATA_DIR`,
  );
}
