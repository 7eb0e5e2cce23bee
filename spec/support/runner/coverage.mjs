// Returns the coverage that V8 counted in a worker, in the form that jest's reporter expects of jest's own runtime.
// https://github.com/jestjs/jest/blob/v30.0.0/packages/jest-reporters/src/CoverageReporter.ts
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The measured files and folders: the product. */
export const COVERED = ['index.ts', 'client.ts', 'client', 'cloud', 'schemas', 'src', 'templates'];

const INLINE_MAP = /\/\/# sourceMappingURL=data:application\/json;base64,(.*)\s*$/;

/** Starts to count. Returns a function that returns the counts. */
export async function startCoverage({ rootDir, cacheDirectory }) {
  const session = new Session();
  session.connect();
  await session.post('Debugger.enable');
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  return async () => {
    const { result } = await session.post('Profiler.takePreciseCoverage');
    // The reporter reads the source maps when this process has ended.
    const folder = join(cacheDirectory, 'coverage');
    await mkdir(folder, { recursive: true });
    const covered = result.filter(({ url }) => isCovered(url, rootDir));
    return Promise.all(covered.map((script) => describe(session, script, folder)));
  };
}

function isCovered(url, rootDir) {
  if (!url.startsWith('file:')) return false;
  const [top] = relative(rootDir, fileURLToPath(url)).split(sep);
  return COVERED.includes(top);
}

async function describe(session, { scriptId, url, functions }, folder) {
  const path = fileURLToPath(url);
  const { scriptSource: code } = await session.post('Debugger.getScriptSource', { scriptId });
  const sourceMapPath = join(folder, `${createHash('sha256').update(path).digest('hex')}.json`);
  await writeFile(sourceMapPath, Buffer.from(INLINE_MAP.exec(code)?.[1] ?? '', 'base64'));
  return {
    codeTransformResult: { code, originalCode: await readFile(path, 'utf8'), sourceMapPath },
    result: { scriptId, url: path, functions },
  };
}
