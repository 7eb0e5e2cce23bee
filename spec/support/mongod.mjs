// Finds a mongod for the specs, or returns why there is none. Never throws, and waits at most two minutes.
import { execFile } from 'node:child_process';
import { lookup } from 'node:dns/promises';
import { access, constants } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const DOWNLOAD_HOST = 'fastdl.mongodb.org';
const LOOKUP_MS = 2_000;
const DOWNLOAD_MS = 120_000;
const VERSION_MS = 10_000;
const LOCATE = `import { MongoBinary } from 'mongodb-memory-server-core/lib/util/MongoBinary.js';
process.stdout.write(await MongoBinary.getPath());`;

/** @returns {Promise<{ binary: string } | { missing: string }>} */
export async function findMongod() {
  const named = process.env['MONGOMS_SYSTEM_BINARY'];
  if (named) {
    if (await runs(named)) return { binary: resolve(named) };
    return { missing: `MONGOMS_SYSTEM_BINARY is ${named}, which does not run.` };
  }
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  const installed = [
    ...folders.map((folder) => join(folder, 'mongod')),
    await locate({ MONGOMS_RUNTIME_DOWNLOAD: 'false' }),
  ];
  for (const binary of installed) if (binary && (await runs(binary))) return { binary };
  if (!(await isReachable(DOWNLOAD_HOST))) {
    return {
      missing: `there is no mongod on PATH or in MONGOMS_SYSTEM_BINARY, and ${DOWNLOAD_HOST} cannot be reached.`,
    };
  }
  const downloaded = await locate({});
  if (downloaded && (await runs(downloaded))) return { binary: downloaded };
  return { missing: `a mongod downloaded from ${DOWNLOAD_HOST} did not run.` };
}

// In a separate process, because a download cannot be cancelled but a process can.
async function locate(env) {
  try {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '--eval', LOCATE],
      { env: { ...process.env, ...env }, timeout: DOWNLOAD_MS },
    );
    return stdout.trim();
  } catch {
    return undefined;
  }
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

async function isReachable(host) {
  let timer;
  const tooLate = new Promise((resolve) => {
    timer = setTimeout(resolve, LOOKUP_MS, false);
  });
  const found = lookup(host).then(
    () => true,
    () => false,
  );
  const reachable = await Promise.race([found, tooLate]);
  clearTimeout(timer);
  return reachable;
}
