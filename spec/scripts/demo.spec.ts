import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { readEvents, SHIPPED_EVENTS } from '../../scripts/demo/events.js';
import { formatTable, isAllRight } from '../../scripts/demo/table.js';
import { environmentOfOthers } from './environment.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hub-demo-spec-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function fileOf(text: string): Promise<string> {
  const path = join(folder, 'events.jsonl');
  await writeFile(path, text);
  return path;
}

const right = '{"type":"order.paid","data":{"id":17}}';

describe('the file of events', () => {
  it('that is shipped has events of three services and nothing that looks like a live key', async () => {
    const events = await readEvents(SHIPPED_EVENTS);
    expect(events.length).toBeGreaterThanOrEqual(30);
    const services = events.map(({ type }) => type.split('.')[0]);
    expect([...new Set(services)].sort()).toEqual(['github', 'slack', 'stripe']);
    expect(JSON.stringify(events)).not.toMatch(
      /(sk|pk|rk)_(live|test)_|whsec_|xox[abp]-|gh[opsu]_|AKIA/,
    );
  });

  it('may have empty lines and Windows line endings', async () => {
    const path = await fileOf(`${right}\r\n\r\n${right}\r\n`);
    expect(await readEvents(path)).toEqual([JSON.parse(right), JSON.parse(right)]);
  });

  it.each([
    ['no JSON', `${right}\n\n{oops`, /line 3: the line is not JSON/],
    ['no type', `{"data":{}}`, /line 1: type is not valid/],
    [
      'a type with a space',
      `${right}\n{"type":"order paid","data":{}}`,
      /line 2: type is not valid/,
    ],
    [
      'data that is no object',
      `{"type":"order.paid","data":[1]}`,
      /line 1: data is not valid \(must be an object\)/,
    ],
    ['a line that is no object', `${right}\n17`, /line 2: the line is not valid/],
    ['no line at all', '\n', /contains no events/],
  ])('with %s is refused', async (_, text, sentence) => {
    await expect(readEvents(await fileOf(text))).rejects.toThrow(sentence);
  });

  it('that does not exist is refused', async () => {
    await expect(readEvents(join(folder, 'none'))).rejects.toThrow('cannot be read (ENOENT)');
  });
});

describe('the table', () => {
  const row = {
    name: 'order',
    published: 12,
    delivered: 12,
    retried: 4,
    dead: 0,
    pending: 0,
    verified: 12,
    unverified: 0,
  };

  it('has totals, and right-aligned numbers', () => {
    expect(formatTable([row, { ...row, name: 'a' }])).toEqual([
      'webhook  published  delivered  retried  dead  pending  verified  unverified',
      'order           12         12        4     0        0        12           0',
      'a               12         12        4     0        0        12           0',
      'all             24         24        8     0        0        24           0',
    ]);
  });

  it.each([
    ['everything arrived and was verified', row, true],
    ['one is dead', { ...row, delivered: 11, dead: 1 }, false],
    ['one is still pending', { ...row, delivered: 11, pending: 1 }, false],
    ['one arrived without a valid signature', { ...row, verified: 11 }, false],
    ['one request had a wrong signature', { ...row, unverified: 1 }, false],
  ])('%s: isAllRight(%j) is %s', (_, given, expected) => {
    expect(isAllRight([row, given])).toBe(expected);
  });
});

it('runs with a given file: all events are delivered, some at the second attempt, and verified', async () => {
  const path = await fileOf(`${right}\n`.repeat(4));
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['scripts/run.cjs', 'demo', path],
    { env: environmentOfOthers() },
  );
  const numbers = stdout
    .split('\n')
    .find((line) => line.trim().startsWith('all'))
    ?.trim()
    .split(/\s+/)
    .slice(1);
  expect(numbers).toEqual(['4', '4', '1', '0', '0', '4', '0']);
  expect(stdout).toContain('Every signature was verified with standardwebhooks');
});
