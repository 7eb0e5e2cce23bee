// Finds a mongod for the specs, or says why there is none. Never throws, and waits two minutes at the most.
import { execFile } from 'node:child_process';
import { lookup } from 'node:dns/promises';
import { access, constants } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const DOWNLOAD_HOST = 'fastdl.mongodb.org';
const LOOKUP_MS = 2_000;
const DOWNLOAD_MS = 120_000;
const LOCATE = `import { MongoBinary } from 'mongodb-memory-server-core/lib/util/MongoBinary.js';
process.stdout.write(await MongoBinary.getPath());`;

/** @returns {Promise<{ binary: string } | { missing: string }>} */
export async function findMongod() {
  const named = process.env['MONGOMS_SYSTEM_BINARY'];
  if (named) {
    return (await isExecutable(named))
      ? { binary: resolve(named) }
      : { missing: `MONGOMS_SYSTEM_BINARY is ${named}, which cannot be run.` };
  }
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const binary = join(folder, 'mongod');
    if (folder && (await isExecutable(binary))) return { binary };
  }
  const downloaded = await locate({ MONGOMS_RUNTIME_DOWNLOAD: 'false' });
  if (downloaded) return { binary: downloaded };
  if (!(await isReachable(DOWNLOAD_HOST))) {
    return {
      missing: `no mongod on PATH, MONGOMS_SYSTEM_BINARY is not set, and ${DOWNLOAD_HOST} is out of reach.`,
    };
  }
  const fresh = await locate({});
  return fresh
    ? { binary: fresh }
    : { missing: `downloading a mongod from ${DOWNLOAD_HOST} failed.` };
}

// In a process of its own, because a download cannot be cancelled but a process can.
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

async function isExecutable(path) {
  try {
    await access(path, constants.X_OK);
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
