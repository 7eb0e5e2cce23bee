/** Returns a GitHub-flavored table. Columns that are empty in every row are omitted. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const used = head.map((_, column) => rows.some((row) => (row[column] ?? '') !== ''));
  const line = (cells: readonly string[]) =>
    `| ${head
      .map((_, column) => cell(cells[column] ?? ''))
      .filter((_, column) => used[column])
      .join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Returns the text on one line, with `|` escaped. */
function cell(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ').replaceAll('|', '\\|');
}

/** Returns the text with `<` escaped outside of code. */
export function prose(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? part : part.replaceAll('<', '\\<')))
    .join('');
}

/** Returns inline code; empty text stays empty. */
export function code(text: string): string {
  return text === '' ? '' : `\`${text}\``;
}

export function block(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

/** Returns the anchor that GitHub gives a heading. */
function anchor(heading: string): string {
  return `#${heading
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-')}`;
}

export function link(heading: string): string {
  return `[${heading}](${anchor(heading)})`;
}

/** Words with a spelling that camelCase does not show. */
const SPELLING: Readonly<Record<string, string>> = { api: 'API', oauth: 'OAuth' };

/** Returns a title for a camelCase name: `eventTypes` → `Event types`, `apiKeys` → `API keys`. */
export function titleOf(name: string): string {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, (_, end: string, start: string) => `${end} ${start}`)
    .toLowerCase()
    .split(' ')
    .map((word) => SPELLING[word] ?? word)
    .join(' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Quotes the text for a POSIX shell, so that nothing in it is expanded. */
export function shellWord(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
