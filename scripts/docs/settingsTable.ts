import type { Setting } from '../../src/platform/setting.js';
import { code, prose, table } from './markdown.js';

/** Returns the table of environment variables in src/platform/README.md. */
export function settingsTable(settings: Readonly<Record<string, Setting<unknown>>>): string {
  return table(
    ['Variable', 'What it sets', 'Default', 'Example'],
    Object.entries(settings).map(([name, setting]) => [
      code(name),
      prose(setting.summary),
      setting.default === undefined ? prose(setting.absent ?? '') : code(setting.default),
      code(setting.example),
    ]),
  );
}
