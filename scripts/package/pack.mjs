// Packs the project as `npm publish` does, from a copy. Does not change `dist/` in the project.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';

const top = path.resolve(import.meta.dirname, '../..');
const tsc = path.join(top, 'node_modules/typescript/bin/tsc');
/** The sources of the package, as in scripts/build/tsconfig.json. */
const SOURCES = ['client', 'cloud', 'src', 'schemas', 'templates', 'index.d.ts', 'client.d.ts'];

/**
 * Returns the path of the tarball in `folder`. Does not check types again: copies them from `declarations`, to which the
 * compiler has written those of the whole project. Without `declarations` the package has no types.
 */
export function packProject(folder, { declarations } = {}) {
  const project = path.join(folder, 'project');
  const dist = path.join(project, 'dist');
  const args = ['-p', path.join(top, 'scripts/build'), '--outDir', dist];
  execFileSync(process.execPath, [tsc, ...args, '--noCheck', '--declaration', 'false']);
  for (const source of declarations === undefined ? [] : SOURCES) {
    if (existsSync(path.join(declarations, source)))
      cpSync(path.join(declarations, source), path.join(dist, source), { recursive: true });
  }
  // Copies everything that could get into the package by mistake, so that checks find it.
  for (const entry of readdirSync(top)) {
    if (['node_modules', 'dist', 'coverage'].includes(entry) || entry.startsWith('.')) continue;
    cpSync(path.join(top, entry), path.join(project, entry), { recursive: true });
  }
  const packArgs = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
  const shell = process.platform === 'win32';
  const printed = execFileSync('npm', packArgs, {
    cwd: project,
    encoding: 'utf8',
    stdio: 'pipe',
    shell,
  });
  rmSync(project, { recursive: true });
  return path.join(folder, JSON.parse(printed)[0].filename);
}
