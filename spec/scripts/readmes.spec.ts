import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { fileRows, fileTableProblems, withFileRows } from '../../scripts/docs/fileTable.js';
import { top } from '../../scripts/docs/pages.js';
import { readmePages, readmeProblems, sizeProblems } from '../../scripts/docs/readmes.js';

const PAGE = `# Trees

## Files

| File | What it does |
| ---- | ------------ |
| \`grow.ts\` | makes them taller |
| \`fell/saw.ts\` | cuts them |

After.
`;
const ENTRIES = ['grow.ts', 'fell/saw.ts'];

describe('the READMEs of this project', () => {
  it('list their files, and the first one is short (npm run docs adds names; add the phrases by hand)', () => {
    expect(readmeProblems(top)).toEqual([]);
  });
});

describe('a table of files', () => {
  const rows = fileRows(PAGE) ?? [];

  it('is complete if it has each entry of its folder, with a phrase', () => {
    expect(fileTableProblems(rows, ENTRIES)).toEqual([]);
    expect(withFileRows(PAGE, ENTRIES)).toContain('| `grow.ts` | makes them taller |');
  });

  it('names a file that has no row', () => {
    expect(fileTableProblems(rows, [...ENTRIES, 'plant.ts'])).toEqual([
      '`plant.ts` has no row. Run npm run docs, then write what it does.',
    ]);
  });

  it('names a row whose file is gone', () => {
    expect(fileTableProblems(rows, ['grow.ts'])).toEqual([
      '`fell/saw.ts` is not in the folder. Run npm run docs to remove its row.',
    ]);
  });

  it('names a row without a phrase', () => {
    const page = withFileRows(PAGE, [...ENTRIES, 'plant.ts']);
    expect(fileTableProblems(fileRows(page) ?? [], [...ENTRIES, 'plant.ts'])).toEqual([
      'The row of `plant.ts` is empty. Write what the file does, in a phrase.',
    ]);
  });

  it('keeps the phrase of a file that moved, and everything outside of the table', () => {
    const page = withFileRows(PAGE, ['grow.ts', 'harvest/saw.ts']);
    expect(page).toContain('| `harvest/saw.ts` | cuts them |');
    expect(page).not.toContain('fell/saw.ts');
    expect(page.startsWith('# Trees\n')).toBe(true);
    expect(page.endsWith('\nAfter.\n')).toBe(true);
  });

  it('cannot be updated in a page that has none', () => {
    expect(fileRows('# Trees\n')).toBeUndefined();
    expect(() => withFileRows('# Trees\n', ENTRIES)).toThrow('## Files');
  });
});

describe('the check of a project', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'hub-readmes-'));
    write('README.md', '# Trees\n');
    const empty = '# T\n\n## Files\n\n| File | What it does |\n| --- | --- |\n';
    for (const name of ['client', 'schemas', 'cloud', 'scripts', 'spec', 'templates', 'src/trees'])
      write(`${name}/README.md`, empty);
    write('src/README.md', `${empty}| \`trees/\` | trees |\n`);
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  function write(name: string, text: string): void {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }

  it('passes if each table matches its folder', () => {
    expect(readmeProblems(folder)).toEqual([]);
  });

  it('fails for a file in a subfolder that the table does not list', () => {
    write('src/trees/fell/saw.ts', '');
    expect(readmeProblems(folder)).toEqual([
      'src/trees/README.md: `fell/saw.ts` has no row. Run npm run docs, then write what it does.',
    ]);
  });

  it('checks the files of a subfolder that has its own README in that README', () => {
    write('src/trees/fell/saw.ts', '');
    write('src/trees/fell/README.md', PAGE.replaceAll('fell/', ''));
    expect(readmeProblems(folder)).toEqual([
      'src/trees/README.md: `fell/` has no row. Run npm run docs, then write what it does.',
      'src/trees/fell/README.md: `grow.ts` is not in the folder. Run npm run docs to remove its row.',
    ]);
  });

  it('allows one row for a folder only where files are alike', () => {
    write('cloud/trees/fellTree.ts', '');
    write('src/trees/fell/saw.ts', '');
    const [cloud, trees] = ['cloud', 'src/trees'].map((name) =>
      path.join(folder, name, 'README.md'),
    );
    for (const [page, row] of [
      [cloud, '| `trees/` | trees |\n'],
      [trees, '| `fell/` | fells |\n'],
    ] as const)
      writeFileSync(page ?? '', readFileSync(page ?? '', 'utf8') + row);
    expect(readmeProblems(folder).map((problem) => problem.split('.md: ')[0])).toEqual([
      'src/trees/README',
      'src/trees/README',
    ]);
  });

  it('reports a folder without a README', () => {
    rmSync(path.join(folder, 'src/trees/README.md'));
    expect(readmeProblems(folder)).toEqual([
      'src/trees/README.md: write it, with a table of files below "## Files".',
    ]);
  });

  it('passes after npm run docs, except for the missing phrase', () => {
    write('src/trees/grow.ts', '');
    const page = readmePages(folder).find(({ name }) => name === 'src/trees/README.md');
    write(
      'src/trees/README.md',
      page?.write(readFileSync(path.join(folder, page.name), 'utf8')) ?? '',
    );
    expect(readmeProblems(folder)).toEqual([
      'src/trees/README.md: The row of `grow.ts` is empty. Write what the file does, in a phrase.',
    ]);
  });
});

describe('the size of the first page', () => {
  it('may have 250 lines of 160 characters', () => {
    expect(sizeProblems(`${'x'.repeat(160)}\n`.repeat(250))).toEqual([]);
  });

  it('may not exceed that', () => {
    expect(sizeProblems('x\n'.repeat(251))).toEqual([
      'README.md: it has 251 lines; at most 250 are allowed. Move details to the README of the folder they explain.',
    ]);
    expect(sizeProblems(`x\n${'x'.repeat(161)}\n`)).toEqual([
      'README.md: line 2 has 161 characters; at most 160 are allowed.',
    ]);
  });
});
