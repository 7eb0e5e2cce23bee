import { execFile } from 'node:child_process';
import { realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

import { say } from './say.js';
import { StartProblem } from './startProblem.js';

const run = promisify(execFile);

/** Whom a program runs as; empty where it runs as whoever started it. */
export type Identity = { readonly uid: number; readonly gid: number } | Record<string, never>;

const NAME = 'postgres';

/**
 * PostgreSQL refuses to run as root. Started by root, it runs as the owner of its folder, else as the user `postgres`,
 * who is created (without a home or a way to log in) where the system does not have him.
 */
export async function choosePostgresUser(folder: string): Promise<Identity> {
  return (await findPostgresUser(folder)) ?? (await createUser());
}

/** The same without creating anybody: `undefined` where that would be needed. `folder`: the database's, if it exists. */
export async function findPostgresUser(folder: string): Promise<Identity | undefined> {
  if (process.getuid?.() !== 0) return {};
  const owner = await stat(folder).catch(() => undefined);
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  return loadUser();
}

async function loadUser(): Promise<Identity | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', NAME]), run('id', ['-g', NAME])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return undefined;
  }
}

async function createUser(): Promise<Identity> {
  const asked = await run('useradd', [
    '--system',
    '--user-group',
    '--shell',
    '/usr/sbin/nologin',
    NAME,
  ])
    .then(() => '')
    .catch((error: unknown) => (error instanceof Error ? error.message.trim() : ''));
  const user = await loadUser();
  if (user !== undefined) {
    say(`Created the system user "${NAME}", as PostgreSQL does not run as root.`);
    return user;
  }
  throw new StartProblem(
    `PostgreSQL does not run as root, and a user "${NAME}" could not be created (${asked}): create it, start as an ordinary user, or set DATABASE_URI`,
  );
}

/** The outermost folder on the way to `path` that this user may not pass through, if there is one. */
export async function findClosedFolder(path: string, user: Identity): Promise<string | undefined> {
  if (user.uid === undefined) return undefined;
  const way = [await realpath(path)];
  for (let at = way[0] ?? path; at !== dirname(at); at = dirname(at)) way.unshift(dirname(at));
  for (const folder of way) {
    const { mode, uid, gid } = await stat(folder);
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return folder;
  }
  return undefined;
}

/** Throws the sentence that names the folder in the way. `what` begins it, as in "The database folder". */
export async function checkOpenTo(user: Identity, path: string, what: string): Promise<void> {
  const closed = await findClosedFolder(path, user);
  if (closed === undefined) return;
  throw new StartProblem(
    `${what} is ${path}, but PostgreSQL, which does not run as root, may not pass through ${closed}: put it elsewhere, allow it with chmod o+x ${closed}, start as an ordinary user, or set DATABASE_URI`,
  );
}
