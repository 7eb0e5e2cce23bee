import { createInterface, type Interface } from 'node:readline';
import { type Readable, Writable } from 'node:stream';

import { StartProblem } from '../start/startProblem.js';

/** The user pressed Ctrl-C. */
export class Interrupted extends Error {}

interface Question {
  readonly prompt: string;
  /** Whether the input must not be shown. */
  readonly isSecret?: boolean;
  /** Returns what is wrong with an answer, as a sentence; the prompt is then shown again. */
  validate?(answer: string): string | undefined;
}

/** Reads answers line by line, from the terminal or from piped input. */
export interface Terminal {
  /** Returns the answer, trimmed. Throws Interrupted on Ctrl-C, and a StartProblem when the input ends before the answer. */
  ask(question: Question): Promise<string>;
  close(): void;
}

interface Streams {
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream;
}

export function openTerminal({ input, output }: Streams): Terminal {
  let isMuted = false;
  // Drops what readline echoes while a secret is typed.
  const echo = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (!isMuted) output.write(chunk);
      done();
    },
  });
  const lines = createInterface({
    input,
    output: echo,
    terminal: input.isTTY === true,
    // Arrow-up must not bring back a secret.
    historySize: 0,
  });
  const nextLine = queueOf(lines);

  async function ask(question: Question): Promise<string> {
    for (;;) {
      lines.setPrompt(`${question.prompt}: `);
      lines.prompt();
      isMuted = question.isSecret === true;
      const answer = (await nextLine(question.prompt)).trim();
      if (isMuted || input.isTTY !== true) output.write('\n');
      isMuted = false;
      const problem = question.validate?.(answer);
      if (problem === undefined) return answer;
      output.write(`  ${problem}\n`);
    }
  }

  return {
    ask,
    close() {
      lines.close();
    },
  };
}

/** Returns lines in order, including those that arrived before they were read. */
function queueOf(lines: Interface): (what: string) => Promise<string> {
  const iterator = lines[Symbol.asyncIterator]();
  let isInterrupted = false;
  lines.on('SIGINT', () => {
    isInterrupted = true;
    lines.close();
  });
  return async (what) => {
    const line: IteratorResult<string, unknown> = await iterator.next();
    if (line.done !== true) return line.value;
    if (isInterrupted) throw new Interrupted();
    throw new StartProblem(`The input ended before an answer to: ${what}.`);
  };
}
