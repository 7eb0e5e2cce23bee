import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import type {
  HubProcessCalls,
  HubProcessNews,
  HubProcessOptions,
  HubProcessOrder,
} from './hubProcess.js';

/** A hub with loops in a process of its own, and how it ended. */
export interface ForkedHub {
  readonly url: string;
  readonly appId: string;
  /** Whether a connection from this port was this process's. */
  isFrom(port: number): boolean;
  /** Moves its clock, and with it what it takes for the present in the database. */
  advance(ms: number): Promise<void>;
  /**
   * Calls through an integration, all at once; resolves when they are on their way. `outcomes` has `succeeded` or the error
   * of each, and stays open when the process dies.
   */
  call(calls: HubProcessCalls): Promise<{ readonly outcomes: Promise<readonly string[]> }>;
  /** Sends SIGTERM; resolves when the process has begun to stop. */
  stop(): Promise<void>;
  kill(): void;
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
}

const FILE = fileURLToPath(new URL('./hubProcess.ts', import.meta.url));

export async function forkHub(options: HubProcessOptions): Promise<ForkedHub> {
  const child = fork(FILE, [JSON.stringify(options)], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => said.push(chunk.toString()));
  }
  const ended = new Promise<number | string>((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  const ports = new Set<number>();
  child.on('message', (news: HubProcessNews) => {
    if (news.kind === 'connected') ports.add(news.port);
  });
  const ready = await Promise.race([newsOf(child, 'ready'), ended]);
  if (typeof ready !== 'object') {
    throw new Error(`The hub's process ended (${String(ready)}).\n${said.join('')}`);
  }
  return {
    url: ready.url,
    appId: ready.appId,
    isFrom: (port) => ports.has(port),
    async advance(ms) {
      const advanced = newsOf(child, 'advanced');
      child.send({ kind: 'advance', ms } satisfies HubProcessOrder);
      await advanced;
    },
    async call(calls) {
      const calling = newsOf(child, 'calling');
      const called = newsOf(child, 'called');
      child.send({ kind: 'call', calls } satisfies HubProcessOrder);
      await calling;
      return { outcomes: called.then(({ outcomes }) => outcomes) };
    },
    async stop() {
      const stopping = newsOf(child, 'stopping');
      child.kill('SIGTERM');
      await stopping;
    },
    kill: () => child.kill('SIGKILL'),
    ended,
  };
}

function newsOf<Kind extends HubProcessNews['kind']>(
  child: ChildProcess,
  kind: Kind,
): Promise<Extract<HubProcessNews, { kind: Kind }>> {
  return new Promise((resolve) => {
    child.on('message', function heard(news: HubProcessNews) {
      if (news.kind !== kind) return;
      child.off('message', heard);
      resolve(news as Extract<HubProcessNews, { kind: Kind }>);
    });
  });
}
