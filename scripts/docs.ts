// npm run docs: writes what is generated from declarations. With --check it only says what is stale, and exits 1.
import { writeFileSync } from 'node:fs';

import { pages, renderPage } from './docs/pages.js';

const checkOnly = process.argv.includes('--check');

for (const page of pages) {
  try {
    const { file, present, wanted } = await renderPage(page);
    if (present === wanted) continue;
    if (checkOnly) fail(`${page.name} is stale: run npm run docs.`);
    else writeFileSync(file, wanted);
  } catch (error) {
    fail(`${page.name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function fail(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
  process.exitCode = 1;
}
