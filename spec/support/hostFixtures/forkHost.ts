import { fork } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import type { HostProcessNews, HostProcessOptions } from './hostProcess.js';

/** A host that runs in a process and a folder of its own, with Parse Server's log as it is by default. */
export interface ForkedHost {
  /** Where it listens, or why its start was refused. */
  readonly news: HostProcessNews;
  /** Ends it; answers everything that it has written: standard output and error, and its log files by name. */
  stop(): Promise<Readonly<Record<string, string>>>;
}

const FILE = path.resolve(import.meta.dirname, 'hostProcess.ts');
const TSX = path.resolve(import.meta.dirname, '../../../node_modules/tsx/dist/loader.mjs');

export async function forkHost(options: HostProcessOptions): Promise<ForkedHost> {
  const folder = await mkdtemp(path.join(tmpdir(), 'hub-host-'));
  const child = fork(FILE, [JSON.stringify(options)], {
    cwd: folder,
    execArgv: ['--import', TSX],
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
