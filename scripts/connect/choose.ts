import { say } from '../start/say.js';
import { StartProblem } from '../start/startProblem.js';
import type { Terminal } from './terminal.js';

export interface Choice {
  /** The name that selects it, besides its number. */
  readonly name: string;
  readonly label: string;
}

/**
 * Returns the choice named by `given`, the only choice, or the one that the user picks. Throws a StartProblem when there is no
 * choice of the name `given`.
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
    if (!found) throw new StartProblem(`There is no ${what} ${given}. Choose one of: ${names}`);
    return found;
  }
  const [only, ...others] = choices;
  if (only && others.length === 0) return only;
  choices.forEach(({ label }, nth) => {
    say(`  ${String(nth + 1)}  ${label}`);
  });
  const answer = await terminal.ask({
    prompt: `Which ${what} (1 to ${String(choices.length)})`,
    validate: (text) =>
      find(text) ? undefined : `Enter a number from 1 to ${String(choices.length)}.`,
  });
  const chosen = find(answer);
  if (!chosen) throw new Error('The validated answer matches no choice.');
  return chosen;
}
