import { createInterface, type Interface } from 'node:readline';
import { type Readable, Writable } from 'node:stream';

import { StartProblem } from '../start/startProblem.js';

/** The person pressed Ctrl-C. */
export class Interrupted extends Error {}

interface Question {
  readonly prompt: string;
  /** Whether what is typed must not be seen. */
  readonly isSecret?: boolean;
  /** What is wrong with an answer, in words; it is then asked for again. */
  validate?(answer: string): string | undefined;
}

/** Asks the person at the terminal, or whatever is piped in, a line at a time. */
export interface Terminal {
  /** The answer without spaces around it. Throws Interrupted, or a StartProblem when the input ends before the answer. */
  ask(question: Question): Promise<string>;
  close(): void;
}

interface Streams {
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream;
}

export function openTerminal({ input, output }: Streams): Terminal {
  let isMuted = false;
  // What readline would echo of a secret goes nowhere.
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

/** Lines in order, those too that came before they were asked for. */
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
    throw new StartProblem(`The input ended before this was answered: ${what}.`);
  };
}
