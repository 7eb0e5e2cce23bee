// Child processes run bundles: loading TypeScript through tsx takes seconds of processor time in each.
import { mkdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { build } from 'esbuild';

const top = path.resolve(import.meta.dirname, '../..');

/** The run that the bundles belong to, named by jest.config.mjs. */
const run = process.env['SPEC_RUN'] ?? String(process.pid);
const folder = path.join(tmpdir(), `parse-integration-hub-spec-bundles-${run}`);

const made = new Map<string, Promise<string>>();

/**
 * Bundles `file`, a path below the project, with its imports into one JavaScript file and returns its path. Packages are loaded
 * from the project. The first caller of a run creates it; if two workers do at the same time, the last one stays.
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
  // Node looks for packages here.
  const packages = symlink(path.join(top, 'node_modules'), path.join(folder, 'node_modules'));
  await packages.catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  });
}
