// Finds nginx for the specs behind a proxy, or returns why there is none. Never throws.
import { execFile } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const VERSION_MS = 20_000;

/** @returns {Promise<{ binary: string } | { missing: string }>} */
export async function findNginx() {
  const folders = ['/usr/sbin', ...(process.env['PATH'] ?? '').split(delimiter).filter(Boolean)];
  for (const folder of folders) {
    const binary = join(folder, 'nginx');
    try {
      await promisify(execFile)(binary, ['-v'], { timeout: VERSION_MS });
      return { binary };
    } catch {
      // It is somewhere else.
    }
  }
  return {
    missing: 'there is no nginx in /usr/sbin or on PATH. On Debian: apt-get install nginx-light',
  };
}
