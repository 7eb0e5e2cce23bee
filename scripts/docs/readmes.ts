import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { fileRows, fileTableProblems, withFileRows } from './fileTable.js';
import type { Page } from './pages.js';

/** The size limits of the first page. Longer explanations belong in the README of the folder that they explain. */
const LINES_MAX = 250;
const COLUMNS_MAX = 160;

/** Folders whose tables may have one row for a whole folder, because its files are listed elsewhere or are alike. */
const OF_FOLDERS = ['cloud', 'scripts', 'spec', 'src', 'templates'];

/** Returns the folders that must have a README with a table of their files. */
function required(top: string): string[] {
  const domains = folders(path.join(top, 'src')).map((name) => `src/${name}`);
  return ['client', 'schemas', ...OF_FOLDERS, ...domains];
}

/** Returns every README below the top as a page whose table of files `npm run docs` writes. */
export function readmePages(top: string): Page[] {
  return readmesBelow(top).map((folder) => ({
    name: `${folder}/README.md`,
    write: (present) => withFileRows(present, entriesOf(top, folder, fileRows(present))),
  }));
}

/** Returns the problems that have to be fixed by hand, as sentences that begin with the README's name. */
export function readmeProblems(top: string): string[] {
  const present = readmesBelow(top);
  const missing = required(top)
    .filter((folder) => !present.includes(folder))
    .map((folder) => `${folder}/README.md: write it, with a table of files below "## Files".`);
  const wrong = present.flatMap((folder) => {
    const rows = fileRows(read(top, folder)) ?? [];
    const problems = fileTableProblems(rows, entriesOf(top, folder, rows));
    return problems.map((problem) => `${folder}/README.md: ${problem}`);
  });
  return [...sizeProblems(read(top, '.')), ...missing, ...wrong];
}

/** Returns the problems of a first page that is too long or too wide. */
export function sizeProblems(page: string): string[] {
  const lines = page.trimEnd().split('\n');
  const long = `README.md: it has ${lines.length} lines; at most ${LINES_MAX} are allowed. Move details to the README of the folder they explain.`;
  return [
    ...(lines.length > LINES_MAX ? [long] : []),
    ...lines.flatMap((line, at) =>
      line.length > COLUMNS_MAX
        ? [
            `README.md: line ${at + 1} has ${line.length} characters; at most ${COLUMNS_MAX} are allowed.`,
          ]
        : [],
    ),
  ];
}

/** Returns the folders whose README has a table of files or must have one. */
function readmesBelow(top: string): string[] {
  const needed = new Set(required(top));
  const found = (folder: string): string[] => {
    const isPage =
      existsSync(path.join(top, folder, 'README.md')) &&
      (needed.has(folder) || fileRows(read(top, folder)) !== undefined);
    const inner = folders(path.join(top, folder)).flatMap((name) => found(`${folder}/${name}`));
    return [...(isPage ? [folder] : []), ...inner];
  };
  return ['client', 'schemas', ...OF_FOLDERS].flatMap(found);
}

/** Returns what the table of a folder lists: its files, and as one entry each folder that has its own README or row. */
function entriesOf(
  top: string,
  folder: string,
  rows: readonly { readonly name: string }[] = [],
): string[] {
  const listed = new Set(rows.map(({ name }) => name));
  const mayListFolders = OF_FOLDERS.includes(folder);
  const below = (within: string): string[] =>
    readdirSync(path.join(top, folder, within), { withFileTypes: true })
      .filter(({ name }) => !name.startsWith('.') && !name.endsWith('.md'))
      .sort((one, other) => Number(one.isDirectory()) - Number(other.isDirectory()))
      .flatMap((entry) => {
        const name = within + entry.name;
        if (!entry.isDirectory()) return [name];
        const inside = `${name}/`;
        const isOne =
          existsSync(path.join(top, folder, name, 'README.md')) ||
          (mayListFolders && listed.has(inside));
        return isOne ? [inside] : below(inside);
      });
  return below('');
}

function folders(of: string): string[] {
  return readdirSync(of, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
    .map(({ name }) => name);
}

function read(top: string, folder: string): string {
  return readFileSync(path.join(top, folder, 'README.md'), 'utf8');
}
