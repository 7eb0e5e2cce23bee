import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { pages, renderPage } from '../../scripts/docs/pages.js';
import { replaceSection } from '../../scripts/docs/section.js';
import { settingsTable } from '../../scripts/docs/settingsTable.js';
import { settings } from '../../src/platform/settings.js';

describe('generated pages', () => {
  it.each(pages.map((page) => [page.name, page] as const))(
    '%s is up to date (npm run docs)',
    async (_, page) => {
      const { present, wanted } = await renderPage(page);
      const lines = { present: present.split('\n'), wanted: wanted.split('\n') };
      const line = lines.wanted.findIndex((text, index) => text !== lines.present[index]);
      expect({ line, text: lines.present[line] }).toEqual({ line: -1 });
      expect(lines.present.length).toBe(lines.wanted.length);
    },
  );
});

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

  it('has every function and every job that a file declares', async () => {
    const [reference] = pages;
    const text = reference ? (await renderPage(reference)).wanted : '';
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
