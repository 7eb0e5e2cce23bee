import { say } from '../start/say.js';
import { StartProblem } from '../start/startProblem.js';
import type { Terminal } from './terminal.js';

export interface Choice {
  /** What it is chosen by, besides its number. */
  readonly name: string;
  readonly label: string;
}

/**
 * The one that was asked for, the only one, or the one that the person chooses. Throws a StartProblem when what was asked
 * for is not there.
 */
export async function choose<Each extends Choice>(
  terminal: Terminal,
  {
    what,
    choices,
    given,
  }: {
    readonly what: string;
    readonly choices: readonly Each[];
    readonly given: string | undefined;
  },
): Promise<Each> {
  const find = (answer: string) =>
    choices.find(({ name }, nth) => answer === name || answer === String(nth + 1));
  const names = choices.map(({ name }) => name).join(', ');
  if (given !== undefined) {
    const found = choices.find(({ name }) => name === given);
    if (!found) throw new StartProblem(`There is no ${what} ${given}; there is ${names}`);
    return found;
  }
  const [only, ...others] = choices;
  if (only && others.length === 0) return only;
  choices.forEach(({ label: words }, nth) => {
    say(`  ${String(nth + 1)}  ${words}`);
  });
  const answer = await terminal.ask({
    prompt: `Which ${what} (1 to ${String(choices.length)})`,
    validate: (text) =>
      find(text) ? undefined : `Answer with a number from 1 to ${String(choices.length)}.`,
  });
  const chosen = find(answer);
  if (!chosen) throw new Error('What was found is gone.');
  return chosen;
}
