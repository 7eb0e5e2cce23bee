import { readFileSync } from 'node:fs';
import path from 'node:path';

const top = path.resolve(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(path.join(top, file), 'utf8');

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}
const manifest = JSON.parse(read('package.json')) as Manifest;

/** The packages in the first column of the table below a heading. */
function packagesIn(file: string, heading: string): string[] {
  const [, section = ''] = read(file).split(`\n## ${heading}\n`);
  const rows = (section.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('|'));
  // The first two lines are the head of the table.
  const cells = rows.slice(2).map((row) => row.split('|')[1] ?? '');
  return cells.flatMap((cell) => cell.split(',').map((name) => name.trim())).sort();
}

/** Packages of types need no separate reason. */
const named = (...groups: Readonly<Record<string, string>>[]) =>
  groups
    .flatMap((group) => Object.keys(group))
    .filter((name) => !name.startsWith('@types/'))
    .sort();

describe('the reason for each dependency', () => {
  it('is in src/README.md for a host', () => {
    const { dependencies, peerDependencies } = manifest;
    expect(packagesIn('src/README.md', 'Dependencies')).toEqual(
      named(dependencies, peerDependencies),
    );
  });

  it('is in CONTRIBUTING.md for a contributor', () => {
    const listed = packagesIn('CONTRIBUTING.md', 'Development dependencies');
    expect(listed).toEqual(named(manifest.devDependencies));
  });
});
