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

/** A page that is generated, whole or in part. */
export interface Page {
  /** From the top of the project. */
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

/** A page as it stands (empty when there is none) and as the declarations say it. Throws when it has no room for them. */
export async function renderPage({ name, write }: Page) {
  const file = path.join(top, name);
  const present = existsSync(file) ? readFileSync(file, 'utf8') : '';
  // As `prettier --check` wants it, code blocks included.
  const wanted = await format(write(present), { ...(await resolveConfig(file)), filepath: file });
  return { file, present, wanted };
}
