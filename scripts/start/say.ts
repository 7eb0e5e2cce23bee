import { styleText } from 'node:util';

const colored =
  process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '' && process.env['TERM'] !== 'dumb';

type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow';

/** One line for the person at the terminal. The log is another thing: see src/platform/log.ts. */
export function say(line = ''): void {
  process.stdout.write(`${line}\n`);
}

/** Plain text where nobody sees colors: no terminal, NO_COLOR (https://no-color.org) or TERM=dumb. */
export function paint(style: Style, text: string): string {
  return colored ? styleText(style, text) : text;
}

/** What a person may have to wait for. */
export function sayProgress(what: string): void {
  say(paint('dim', `${what} …`));
}

/** For what keeps something from working, on standard error. */
export function sayProblem(line: string): void {
  process.stderr.write(`${line}\n`);
}

// `npm start | head`, or a terminal that was closed: nobody listens any more, which is no reason to fail.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);
