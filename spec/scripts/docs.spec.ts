import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { pages, renderPage, top } from '../../scripts/docs/pages.js';
import { replaceSection } from '../../scripts/docs/section.js';
import { settingsTable } from '../../scripts/docs/settingsTable.js';
import { settings } from '../../src/platform/settings.js';
import { isLong } from '../support/rounds.js';

/** A text without what Prettier may change in a page and in the code on it. */
const withoutLayout = (text: string) =>
  text
    .replace(/[\s\\]/g, '')
    .replace(/-{3,}/g, '---')
    .replace(/,(?=[)\]}])/g, '')
    .replaceAll("'", '"');

const byName = pages.map((page) => [page.name, page] as const);

describe('generated pages', () => {
  it.each(byName)('%s is up to date (npm run docs)', (_, page) => {
    const file = readFileSync(path.join(top, page.name), 'utf8');
    const [present, wanted] = [withoutLayout(file), withoutLayout(page.write(file))];
    let at = 0;
    while (at < wanted.length && wanted[at] === present[at]) at += 1;
    const from = (text: string) => text.slice(Math.max(0, at - 60), at + 60);
    // Only the first difference: the pages have hundreds of thousands of characters.
    expect(from(present)).toBe(from(wanted));
    expect(present.length).toBe(wanted.length);
  });
});

// Prettier takes ten seconds for these pages, and `npm run check` runs it over them: in the long form alone.
if (isLong) {
  it.each(byName)('%s is fresh (npm run docs)', async (_, page) => {
    const { present, wanted } = await renderPage(page);
    const lines = { present: present.split('\n'), wanted: wanted.split('\n') };
    const line = lines.wanted.findIndex((text, index) => text !== lines.present[index]);
    expect({ line, text: lines.present[line] }).toEqual({ line: -1 });
    expect(lines.present.length).toBe(lines.wanted.length);
  });
}

describe('cloud/REFERENCE.md', () => {
  const cloud = path.resolve(import.meta.dirname, '../../cloud');

  /** Returns the names of the files below cloud/ that call `declare`: each is named after what it declares. */
  function filesThatCall(declare: string): string[] {
    const files = readdirSync(cloud, { recursive: true, encoding: 'utf8' });
    return files
      .filter((file) => file.endsWith('.ts') && path.dirname(file) !== '.')
      .filter((file) => readFileSync(path.join(cloud, file), 'utf8').includes(`${declare}({`))
      .map((file) => path.basename(file, '.ts'));
  }

  it('has every function and every job that a file declares', () => {
    // That it is fresh is seen above.
    const text = readFileSync(path.join(cloud, 'REFERENCE.md'), 'utf8');
    const functions = filesThatCall('defineFunction');
    expect(functions).toContain('createWebhook');
    expect(functions.filter((name) => !text.includes(`\n### ${name}\n`))).toEqual([]);
    expect(filesThatCall('defineJob').filter((name) => !text.includes(`\n| \`${name}\``))).toEqual(
      [],
    );
  });
});

describe('replaceSection', () => {
  it('replaces the text between the markers and nothing else', () => {
    const page = 'before\n<!-- list -->\nold\n<!-- /list -->\nafter\n';
    const once = replaceSection(page, { name: 'list', text: 'new' });
    expect(once).toBe('before\n<!-- list -->\n\nnew\n\n<!-- /list -->\nafter\n');
    expect(replaceSection(once, { name: 'list', text: 'new' })).toBe(once);
  });

  it.each([
    ['', 'none'],
    ['<!-- list -->', 'no end'],
    ['<!-- /list --> <!-- list -->', 'in the wrong order'],
    ['<!-- list --><!-- /list --><!-- list --><!-- /list -->', 'two'],
  ])('refuses a page with markers %j: %s', (page) => {
    expect(() => replaceSection(page, { name: 'list', text: 'new' })).toThrow('one pair');
  });
});

describe('settingsTable', () => {
  it('has a row for every setting, with its default', () => {
    const lines = settingsTable(settings).split('\n').slice(2);
    expect(lines.map((line) => /^\| `(\w+)` \|/.exec(line)?.[1])).toEqual(Object.keys(settings));
    const silent = lines.filter((line) => line.split(' | ')[2]?.trim() === '');
    expect(silent).toEqual([]);
  });
});
