import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('fixtures/waitForSignals.ts', import.meta.url));

interface Started {
  readonly child: ChildProcess;
  readonly lines: string[];
  said(line: string): Promise<void>;
}

async function start(...args: string[]): Promise<Started> {
  const child = spawn(process.execPath, ['--import', 'tsx', script, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.stdout === null) throw new Error('stdout is a pipe');
  const reader: Interface = createInterface(child.stdout);
  const lines: string[] = [];
  reader.on('line', (line) => lines.push(line));
  const said = async (line: string) => {
    while (!lines.includes(line)) await once(reader, 'line');
  };
  await said('ready');
  return { child, lines, said };
}

async function endOf({ child }: Started): Promise<number | null> {
  const [code] = (await once(child, 'close')) as [number | null];
  return code;
}

it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s stops everything in reverse order',
  async (signal) => {
    const started = await start('0');
    started.child.kill(signal);
    expect(await endOf(started)).toBe(0);
    expect(started.lines.slice(-2)).toEqual(['stopping last', 'stopped first']);
  },
);

it('does not count a Ctrl-C that npm passes on as a second one', async () => {
  const started = await start('1', 'never comes');
  started.child.kill('SIGINT');
  await started.said('stopping last');
  started.child.kill('SIGINT');
  started.child.kill('SIGTERM');
  started.child.kill('SIGUSR2');
  // Ended by the signal without a handler, not by an earlier one.
  await once(started.child, 'close');
  expect(started.child.signalCode).toBe('SIGUSR2');
});

it('exits at once with 130 on a second Ctrl-C', async () => {
  const started = await start('1000', 'never comes');
  started.child.kill('SIGINT');
  await started.said('stopping last');
  started.child.kill('SIGINT');
  expect(await endOf(started)).toBe(130);
});

it('stops the rest after a failure, and exits with 1', async () => {
  const started = await start('0', 'fails');
  started.child.kill('SIGTERM');
  expect(await endOf(started)).toBe(1);
  expect(started.lines.slice(-2)).toEqual([
    'While stopping: it cannot be stopped',
    'stopped first',
  ]);
});
