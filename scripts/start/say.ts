import { styleText } from 'node:util';

const colored =
  process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '' && process.env['TERM'] !== 'dumb';

type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow';

/** Prints one line for the user of the terminal. For the log see src/platform/log.ts. */
export function say(line = ''): void {
  process.stdout.write(`${line}\n`);
}

/** Returns plain text where colors are off: no terminal, NO_COLOR (https://no-color.org) or TERM=dumb. */
export function paint(style: Style, text: string): string {
  return colored ? styleText(style, text) : text;
}

/** Prints a step that may take a while. */
export function sayProgress(step: string): void {
  say(paint('dim', `${step} …`));
}

/** Prints a problem to standard error. */
export function sayProblem(line: string): void {
  process.stderr.write(`${line}\n`);
}

// With `npm start | head`, or after the terminal was closed, output fails. That must not end the process.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);
