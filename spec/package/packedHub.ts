import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

/** The name of the package, as a host imports it. */
export const HUB = 'parse-integration-hub';

/** Returns the folder in which this run has installed the packed hub; see pack.mjs. The first call takes as long as a build. */
export async function packedHub(): Promise<string> {
  const file = path.resolve(import.meta.dirname, 'pack.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, [file]);
  return stdout;
}
