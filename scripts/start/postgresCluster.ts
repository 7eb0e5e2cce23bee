import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chown, mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { errorCode } from './errorCode.js';
import { POSTGRES_MAJOR } from './postgresBinaries.js';
import type { Identity } from './postgresUser.js';
import { StartProblem } from './startProblem.js';

/** The database's superuser and the database, which initdb makes under this name. */
export const DATABASE_USER = 'hub';
export const DATABASE_NAME = 'postgres';

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

const DRAFT = 'postgres.initialising-';

export interface NewCluster {
  readonly dataFolder: string;
  readonly initdb: string;
  readonly identity: Identity;
  readonly password: string;
}

/**
 * Makes the database beside its place and moves it there when it is complete: whatever interrupts it leaves only a folder
 * that the next start clears away. The same locale everywhere, whatever the system offers.
 * https://www.postgresql.org/docs/18/app-initdb.html
 */
export async function createCluster({
  dataFolder,
  initdb,
  identity,
  password,
}: NewCluster): Promise<void> {
  await removeDrafts(dataFolder);
  // A name of its own, as the initdb of a killed start may still be writing into another.
  const draft = join(dataFolder, `${DRAFT}${randomUUID()}`);
  await mkdir(draft, { mode: 0o700 });
  const passwordFile = join(draft, 'password');
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600, flag: 'wx' });
  if (identity.uid !== undefined) {
    await chown(passwordFile, identity.uid, identity.gid);
    await chown(draft, identity.uid, identity.gid);
  }
  const flags = [
    `--pgdata=${join(draft, 'data')}`,
    `--username=${DATABASE_USER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
  ];
  try {
    await promisify(execFile)(initdb, flags, {
      ...identity,
      cwd: draft,
      env: postgresEnvironment(),
    });
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw new StartProblem(
      `PostgreSQL could not create its database in ${dataFolder} (${lastWords(error)}): see to that, or set DATABASE_URI to a database of your own`,
    );
  }
  const folder = clusterFolder(dataFolder);
  await rmdir(folder).catch(() => undefined);
  await rename(join(draft, 'data'), folder);
  await rm(draft, { recursive: true, force: true });
}

async function removeDrafts(dataFolder: string): Promise<void> {
  const drafts = (await readdir(dataFolder)).filter((name) => name.startsWith(DRAFT));
  const removals = drafts.map((name) =>
    rm(join(dataFolder, name), { recursive: true, force: true }),
  );
  await Promise.allSettled(removals);
}

/** What PostgreSQL needs of our environment, which holds secrets that are none of its business. */
export function postgresEnvironment(): NodeJS.ProcessEnv {
  const names = ['PATH', 'TZ', 'SystemRoot', 'TEMP', 'LD_LIBRARY_PATH'];
  const kept = names.flatMap((name) =>
    process.env[name] === undefined ? [] : [[name, process.env[name]]],
  );
  return { ...(Object.fromEntries(kept) as NodeJS.ProcessEnv), LC_ALL: 'C' };
}

function lastWords(error: unknown): string {
  const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : '';
  return (
    said
      .split('\n')
      .find((line) => line.includes('error:'))
      ?.trim() ?? 'it said nothing'
  );
}
