// Finds a Chromium for the specs, or returns why there is none. Never throws.
import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const VERSION_MS = 20_000;

/** @returns {Promise<{ binary: string } | { missing: string }>} */
export async function findChromium() {
  const named = process.env['CHROMIUM_BINARY'];
  if (named) {
    if (await runs(named)) return { binary: named };
    return { missing: `CHROMIUM_BINARY is ${named}, which does not run.` };
  }
  const folders = ['/usr/bin', ...(process.env['PATH'] ?? '').split(delimiter).filter(Boolean)];
  for (const folder of folders) {
    for (const name of NAMES) {
      const binary = join(folder, name);
      if (await runs(binary)) return { binary };
    }
  }
  return {
    missing:
      'there is no Chromium in /usr/bin, on PATH or in CHROMIUM_BINARY. On Debian: apt-get install chromium',
  };
}

async function runs(binary) {
  try {
    await access(binary, constants.X_OK);
    await promisify(execFile)(binary, ['--version'], { timeout: VERSION_MS });
    return true;
  } catch {
    return false;
  }
}
