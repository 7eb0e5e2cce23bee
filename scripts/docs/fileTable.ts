import { code, table } from './markdown.js';

/** A row of a README's file table: a file, or a folder whose name ends with `/`. */
export interface FileRow {
  /** The path below the README's folder, such as `delivery/retry.ts`. */
  readonly name: string;
  /** A short phrase that says what it does; empty until a contributor has written it. */
  readonly phrase: string;
}

const HEADING = '## Files';

/** Returns the rows of the table below the heading `Files`; `undefined` when the page has no such table. */
export function fileRows(page: string): FileRow[] | undefined {
  const found = locate(page);
  return found?.lines.slice(2).map((line) => {
    const [, name = '', phrase = ''] = /^\|\s*`([^`]+)`\s*\|(.*)\|\s*$/.exec(line) ?? [];
    return { name, phrase: phrase.trim() };
  });
}

/**
 * Returns the page with one row for each entry of its folder. Phrases are kept, also for a file that moved to another folder
 * of the same page. Throws when the page has no table of files.
 */
export function withFileRows(page: string, entries: readonly string[]): string {
  const found = locate(page);
  if (!found) throw new Error(`There must be a table below the heading "${HEADING}".`);
  const rows = updatedRows(fileRows(page) ?? [], entries);
  const text = table(
    ['File', 'What it does'],
    rows.map(({ name, phrase }) => [code(name), phrase === '' ? ' ' : phrase]),
  );
  const { before, after } = found;
  return [...before, text, ...after].join('\n');
}

/** Returns the problems of a table, as sentences that say what is wrong and what to do. */
export function fileTableProblems(rows: readonly FileRow[], entries: readonly string[]): string[] {
  const listed = new Set(rows.map(({ name }) => name));
  const present = new Set(entries);
  return [
    ...entries
      .filter((entry) => !listed.has(entry))
      .map((entry) => `\`${entry}\` has no row. Run npm run docs, then write what it does.`),
    ...rows
      .filter(({ name }) => !present.has(name))
      .map(({ name }) => `\`${name}\` is not in the folder. Run npm run docs to remove its row.`),
    ...rows
      .filter(({ name, phrase }) => present.has(name) && phrase === '')
      .map(({ name }) => `The row of \`${name}\` is empty. Write what the file does, in a phrase.`),
  ];
}

function updatedRows(rows: readonly FileRow[], entries: readonly string[]): FileRow[] {
  const listed = new Set(rows.map(({ name }) => name));
  const added = entries.filter((entry) => !listed.has(entry));
  const kept = rows.flatMap(({ name, phrase }) => {
    if (entries.includes(name)) return [{ name, phrase }];
    const moved = added.findIndex((entry) => baseName(entry) === baseName(name));
    return moved < 0 ? [] : added.splice(moved, 1).map((entry) => ({ name: entry, phrase }));
  });
  return [...kept, ...added.map((name) => ({ name, phrase: '' }))];
}

function baseName(name: string): string {
  return /[^/]+\/?$/.exec(name)?.[0] ?? name;
}

/** Returns the table's lines, and the lines before and after it. */
function locate(page: string) {
  const lines = page.split('\n');
  const heading = lines.indexOf(HEADING);
  const start = lines.findIndex((line, at) => at > heading && line.startsWith('|'));
  if (heading < 0 || start < 0) return undefined;
  const end = lines.findIndex((line, at) => at > start && !line.startsWith('|'));
  const stop = end < 0 ? lines.length : end;
  return {
    before: lines.slice(0, start),
    lines: lines.slice(start, stop),
    after: lines.slice(stop),
  };
}
