// Packs the project as `npm publish` would, from a copy: `dist/` in the project stays as it is.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';

const top = path.resolve(import.meta.dirname, '../..');
const tsc = path.join(top, 'node_modules/typescript/bin/tsc');
/** What the package is compiled from, as scripts/build/tsconfig.json has it. */
const SOURCES = ['client', 'cloud', 'src', 'schemas', 'templates', 'index.d.ts', 'client.d.ts'];

/**
 * Answers the path of the tarball in `folder`. Types are not checked again: they are those of `declarations`, where the
 * compiler has written those of the whole project; without it the package has none.
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
  // Everything that could get into the package, and should not.
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
