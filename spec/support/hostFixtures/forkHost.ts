import { fork } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { bundleOf } from '../bundle.js';
import type { HostProcessNews, HostProcessOptions } from './hostProcess.js';

/** A host that runs in a separate process and folder, with Parse Server's default log. */
export interface ForkedHost {
  /** The URL at which it listens, or why its start was refused. */
  readonly news: HostProcessNews;
  /** Ends it. Returns everything that it has written: standard output and error, and its log files by name. */
  stop(): Promise<Readonly<Record<string, string>>>;
}

export async function forkHost(options: HostProcessOptions): Promise<ForkedHost> {
  const folder = await mkdtemp(path.join(tmpdir(), 'hub-host-'));
  const file = await bundleOf('spec/support/hostFixtures/hostProcess.ts');
  const child = fork(file, [JSON.stringify(options)], {
    cwd: folder,
    // Not the arguments of this process, which loads TypeScript through tsx.
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const said = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const news = await Promise.race([
    new Promise<HostProcessNews>((resolve) =>
      child.once('message', (m) => resolve(m as HostProcessNews)),
    ),
    ended.then(() => undefined),
  ]);
  if (!news) throw new Error(`The host ended.\n${said.stderr}${said.stdout}`);
  return {
    news,
    async stop() {
      child.send('stop');
      await ended;
      const logs = path.join(folder, 'logs');
      const names = await readdir(logs).catch(() => []);
      const files = await Promise.all(
        names.map(async (name) => [name, await readFile(path.join(logs, name), 'utf8')] as const),
      );
      await rm(folder, { recursive: true });
      return { ...said, ...Object.fromEntries(files) };
    },
  };
}
