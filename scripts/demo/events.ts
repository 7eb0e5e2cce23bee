import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { z } from 'zod';

import { eventTypeName } from '../../src/webhooks/index.js';
import { errorCode } from '../start/errorCode.js';
import { StartProblem } from '../start/startProblem.js';

const line = z.object({
  type: eventTypeName,
  data: z.record(z.string(), z.unknown(), { error: 'must be an object' }),
  /** The service that sends the event; a note for readers of the file. */
  source: z.string().optional(),
});

export interface DemoEvent {
  readonly type: string;
  readonly data: Record<string, unknown>;
}

export const SHIPPED_EVENTS = fileURLToPath(new URL('events.jsonl', import.meta.url));

/** Reads a file of events, one JSON object per line. Throws a message that names the first wrong line. */
export async function readEvents(path: string): Promise<DemoEvent[]> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new StartProblem(
      `${path} cannot be read (${errorCode(error)}): give the path of a file with one JSON object per line`,
    );
  });
  const events = text
    .split('\n')
    .map((row, index) => ({ row: row.trim(), number: index + 1 }))
    .filter(({ row }) => row !== '')
    .map(({ row, number }) => parseLine(row, `${path}, line ${String(number)}`));
  if (events.length > 0) return events;
  throw new StartProblem(
    `${path} contains no events: each line must be a JSON object with type and data`,
  );
}

function parseLine(row: string, where: string): DemoEvent {
  const parsed = line.safeParse(parseJson(row, where));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new StartProblem(
    `${where}: ${issue === undefined || issue.path.length === 0 ? 'the line' : issue.path.join('.')} is not valid (${issue?.message ?? ''}). Example of a line: {"type":"order.paid","data":{"id":17}}`,
  );
}

function parseJson(row: string, where: string): unknown {
  try {
    return JSON.parse(row);
  } catch (error) {
    throw new StartProblem(`${where}: the line is not JSON (${(error as Error).message})`);
  }
}
