import { readFileSync } from 'node:fs';

import type { HubClient } from '../../client.js';
import { problemOfField } from '../../src/contract/index.js';
import { errorCode } from '../start/errorCode.js';
import { say } from '../start/say.js';
import type { Terminal } from './terminal.js';

type Connector = Awaited<ReturnType<HubClient['getConnector']>>['connector'];
export type Field = Connector['fields'][number];

/** Prompts for each field and says where to find its value. Validates each answer as the hub does. */
export async function askFields(
  terminal: Terminal,
  fields: readonly Field[],
): Promise<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const field of fields) {
    if (field.help !== undefined) say(`  ${field.help}`);
    const answer = await terminal.ask({
      prompt: promptOf(field),
      isSecret: field.type === 'secret',
      validate: (text) => {
        const value = valueOf(field, text);
        if (value === undefined) return 'The file does not exist or cannot be read.';
        const problem = problemOfField(field.title, specOf(field), value);
        return problem === undefined ? undefined : `${problem}.`;
      },
    });
    const value = valueOf(field, answer);
    if (value !== undefined && value !== '') values[field.name] = value;
  }
  return values;
}

function promptOf({ title, choices, required, example, pattern }: Field): string {
  const notes = [
    ...(choices ? [choices.join(', ')] : []),
    ...(hasLines(pattern) ? ['@ followed by the path of a file'] : []),
    ...(!choices && example !== undefined ? [`for example ${example}`] : []),
    ...(required ? [] : ['optional: press Enter to skip']),
  ];
  return notes.length > 0 ? `${title} (${notes.join('; ')})` : title;
}

function specOf(field: Field): Parameters<typeof problemOfField>[1] {
  const { title, type, required, pattern, choices, help, example } = field;
  return {
    title,
    type,
    required,
    ...(pattern !== undefined && { pattern }),
    ...(choices && { choices }),
    ...(help !== undefined && { help }),
    ...(example !== undefined && { example }),
  };
}

/** Reads `@path` from the file where the value has several lines, such as a private key. `undefined` if it cannot be read. */
function valueOf({ pattern }: Field, answer: string): string | undefined {
  if (!hasLines(pattern) || !answer.startsWith('@')) return answer;
  try {
    return readFileSync(answer.slice(1), 'utf8').trim();
  } catch (error) {
    if (errorCode(error) === '') throw error;
    return undefined;
  }
}

function hasLines(pattern: string | undefined): boolean {
  return pattern?.includes('BEGIN') === true;
}
