import { say } from '../start/say.js';

/** Prints rows under headings, right-aligned. */
export function printTable(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
): void {
  const lines = [headings, headings.map(() => ''), ...rows];
  const widths = headings.map((_, column) =>
    Math.max(...lines.map((cells) => cells[column]?.length ?? 0)),
  );
  for (const cells of lines) {
    const isRule = cells.every((cell) => cell === '');
    say(
      widths
        .map((width, column) =>
          isRule ? '-'.repeat(width) : (cells[column] ?? '').padStart(width),
        )
        .join('  '),
    );
  }
  say();
}
