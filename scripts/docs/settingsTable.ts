import type { Setting } from '../../src/platform/settings.js';
import { code, prose, table } from './markdown.js';

/** The README's table of environment variables. */
export function settingsTable(settings: Readonly<Record<string, Setting<unknown>>>): string {
  return table(
    ['Variable', 'What it sets', 'Left out', 'Example'],
    Object.entries(settings).map(([name, setting]) => [
      code(name),
      prose(setting.summary),
      setting.default === undefined ? prose(setting.absent ?? '') : code(setting.default),
      code(setting.example),
    ]),
  );
}
