import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

/** The name under which a host imports the hub. */
export const HUB = 'parse-integration-hub';

/** The folder of the run in which the packed hub is installed; see pack.mjs. Takes the time of a build, once. */
export async function packedHub(): Promise<string> {
  const file = path.resolve(import.meta.dirname, 'pack.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, [file]);
  return stdout;
}
