import { readFileSync } from 'node:fs';
import path from 'node:path';

import { startMessages } from './startMessages.js';

const top = path.resolve(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(path.join(top, file), 'utf8');
const page = read('TROUBLESHOOTING.md');

const headings = [...page.matchAll(/^### `(.+)`$/gm)].map(([, text]) => text ?? '');
const messages = startMessages();

describe('TROUBLESHOOTING.md', () => {
  it('has no entry for an error that cannot occur', () => {
    const unknown = headings.filter(
      (text) => !messages.some((message) => message.text.includes(text)),
    );
    expect(unknown).toEqual([]);
  });

  it('has an entry for each error that prevents a start', () => {
    const missing = messages.filter(
      ({ text }) => !headings.some((heading) => text.includes(heading)),
    );
    expect(missing).toEqual([]);
  });

  it('has the same names for codes as the reference', () => {
    const listed = [...page.matchAll(/^\| `(\d+)` \| `(\w+)`/gm)];
    const reference = read('cloud/REFERENCE.md');
    expect(listed.length).toBeGreaterThan(5);
    const wrong = listed.filter(
      ([, code = '', name = '']) => !new RegExp(`^\\| ${code} +\\| ${name} `, 'm').test(reference),
    );
    expect(wrong.map(([row]) => row)).toEqual([]);
  });
});
