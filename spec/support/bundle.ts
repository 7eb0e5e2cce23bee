// A process that loads TypeScript through tsx takes seconds more of the processor than one that runs a file of plain JavaScript.
import { mkdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { build } from 'esbuild';

const top = path.resolve(import.meta.dirname, '../..');

/** Of this run: jest.config.mjs names it, and the next run removes what a killed one has left behind. */
const run = process.env['SPEC_RUN'] ?? String(process.pid);
const folder = path.join(tmpdir(), `parse-integration-hub-spec-bundles-${run}`);

const made = new Map<string, Promise<string>>();

/**
 * The path of `file`, a path below the project, as one file of JavaScript with everything that it imports but packages, which
 * are the project's own. Made by whoever asks first; where two workers do at once, by each of them, and the last one stays.
 */
export function bundleOf(file: string): Promise<string> {
  const known = made.get(file) ?? makeBundle(file);
  made.set(file, known);
  return known;
}

async function makeBundle(file: string): Promise<string> {
  const bundle = path.join(folder, `${file.replaceAll('/', '.')}.mjs`);
  if (await isThere(bundle)) return bundle;
  await makeFolder();
  const { outputFiles } = await build({
    entryPoints: [path.join(top, file)],
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    keepNames: true,
    write: false,
  });
  const written = `${bundle}.${String(process.pid)}`;
  await writeFile(written, outputFiles[0]?.contents ?? '');
  await rename(written, bundle);
  return bundle;
}

async function isThere(file: string): Promise<boolean> {
  return readFile(file).then(
    () => true,
    () => false,
  );
}

async function makeFolder(): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'owner'), run);
  // Where a package is looked for from there.
  const packages = symlink(path.join(top, 'node_modules'), path.join(folder, 'node_modules'));
  await packages.catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  });
}
