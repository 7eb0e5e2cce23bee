import { readFileSync } from 'node:fs';
import path from 'node:path';

/** A fenced block of code of README.md. */
export interface ReadmeBlock {
  /** The line of its first fence, from 1. */
  readonly line: number;
  readonly language: string;
  readonly text: string;
  /** What a comment `<!-- … -->` right above it says, if there is one. */
  readonly mark: string | undefined;
  /** The file that it is, by its first line: `// server.js`. */
  readonly file: string | undefined;
}

const README = path.resolve(import.meta.dirname, '../../README.md');

export function readmeBlocks(): ReadmeBlock[] {
  const text = readFileSync(README, 'utf8');
  return [...text.matchAll(/^```(\w*)\n([^]*?)^```$/gm)].map(({ 1: language, 2: code, index }) => {
    const before = text.slice(0, index);
    const block = code ?? '';
    return {
      line: before.split('\n').length,
      language: language ?? '',
      text: block,
      mark: /<!-- (?!prettier-ignore)(.+) -->\n+(?:<!-- prettier-ignore -->\n+)?$/.exec(
        before,
      )?.[1],
      file: /^\/\/ ([\w/.-]+\.[cm]?js)\n/.exec(block)?.[1],
    };
  });
}
