// npm run docs: writes the documents that are generated from declarations, and the file names in the tables of READMEs. With
// --check it only reports stale documents. Exits with 1 if something has to be fixed by hand.
import { writeFileSync } from 'node:fs';

import { pages, renderPage, top } from './docs/pages.js';
import { readmePages, readmeProblems } from './docs/readmes.js';

const checkOnly = process.argv.includes('--check');

for (const page of checkOnly ? pages : [...pages, ...readmePages(top)]) {
  try {
    const { file, present, wanted } = await renderPage(page);
    if (present === wanted) continue;
    if (checkOnly) fail(`${page.name} is stale: run npm run docs.`);
    else writeFileSync(file, wanted);
  } catch (error) {
    fail(`${page.name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
for (const problem of readmeProblems(top)) fail(problem);

function fail(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
  process.exitCode = 1;
}
