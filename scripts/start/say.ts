import { styleText } from 'node:util';

const coloured =
  process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '' && process.env['TERM'] !== 'dumb';

type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow';

/** One line for the person at the terminal. The log is another thing: see src/platform/log.ts. */
export function say(line = ''): void {
  process.stdout.write(`${line}\n`);
}

/** Plain text where nobody sees colours: no terminal, NO_COLOR (https://no-color.org) or TERM=dumb. */
export function paint(style: Style, text: string): string {
  return coloured ? styleText(style, text) : text;
}
