import { readFileSync } from 'node:fs';
import path from 'node:path';

/** A fenced code block of a page that readers follow step by step. */
export interface ReadmeBlock {
  /** The page and the line of the opening fence: `README.md:57`. */
  readonly at: string;
  readonly language: string;
  readonly text: string;
  /** The text after the language, if there is any. GitHub does not show it. */
  readonly mark: string | undefined;
  /** The name of the file, from the first line: `// server.js`. */
  readonly file: string | undefined;
}

const top = path.resolve(import.meta.dirname, '../..');

/** In reading order. Later pages use what README.md has left running. */
const PAGES = ['README.md', 'client/README.md', 'src/scopes/README.md'];

/** Returns every block of these pages. */
export function readmeBlocks(): ReadmeBlock[] {
  return PAGES.flatMap((page) => {
    const text = readFileSync(path.join(top, page), 'utf8');
    return [...text.matchAll(/^```(\w*)(?: (.+))?\n([^]*?)^```$/gm)].map((match) => {
      const [, language = '', mark, code = ''] = match;
      const line = text.slice(0, match.index).split('\n').length;
      const file = /^\/\/ ([\w/.-]+\.[cm]?js)\n/.exec(code)?.[1];
      return { at: `${page}:${line}`, language, text: code, mark, file };
    });
  });
}
