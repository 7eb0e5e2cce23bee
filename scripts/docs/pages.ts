import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { format, resolveConfig } from 'prettier';

import { jobs, manifest } from '../../cloud/manifest.js';
import { schemas } from '../../schemas/index.js';
import { settings } from '../../src/platform/settings.js';
import { templates } from '../../templates/index.js';
import { connectorsPage } from './connectorsPage.js';
import { referencePage } from './reference.js';
import { replaceSection } from './section.js';
import { settingsTable } from './settingsTable.js';

/** The project's folder. */
export const top = path.resolve(import.meta.dirname, '../..');

/** A page that is generated completely or in part. */
export interface Page {
  /** The path below the top of the project. */
  readonly name: string;
  write(present: string): string;
}

export const pages: readonly Page[] = [
  { name: 'cloud/REFERENCE.md', write: () => referencePage({ manifest, jobs, schemas }) },
  { name: 'templates/REFERENCE.md', write: () => connectorsPage(templates) },
  {
    name: 'src/platform/README.md',
    write: (present) =>
      replaceSection(present, { name: 'settings', text: settingsTable(settings) }),
  },
];

/** Returns the present text of a page (empty if it does not exist) and the wanted one. Throws if its markers are missing. */
export async function renderPage({ name, write }: Page) {
  const file = path.join(top, name);
  const present = existsSync(file) ? readFileSync(file, 'utf8') : '';
  // Formatted so that `prettier --check` passes, including code blocks.
  const wanted = await format(write(present), { ...(await resolveConfig(file)), filepath: file });
  return { file, present, wanted };
}
