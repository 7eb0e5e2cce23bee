import { type ChildProcess, fork } from 'node:child_process';

import { bundleOf } from './bundle.js';
import type {
  HubProcessCalls,
  HubProcessNews,
  HubProcessOptions,
  HubProcessOrder,
} from './hubProcess.js';

/** A hub with loops in a separate process. */
export interface ForkedHub {
  readonly url: string;
  readonly appId: string;
  /** Returns whether a connection from this port to the server at `url` was opened by this process. */
  isFrom(port: number, url: string): boolean;
  /** Moves its clock, and the present that it uses for the database. */
  advance(ms: number): Promise<void>;
  /** Starts the loops of a process that was started without them. */
  startLoops(): Promise<void>;
  /**
   * Sends simultaneous calls through an integration; resolves when all are sent. `outcomes` has `succeeded` or the error of
   * each, and stays pending if the process is killed.
   */
  call(calls: HubProcessCalls): Promise<{ readonly outcomes: Promise<readonly string[]> }>;
  /** Sends SIGTERM; resolves when the process has begun to stop. */
  stop(): Promise<void>;
  kill(): void;
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
}

export async function forkHub(options: HubProcessOptions): Promise<ForkedHub> {
  const file = await bundleOf('spec/support/hubProcess.ts');
  const child = fork(file, [JSON.stringify(options)], {
    // Not the arguments of this process, which loads TypeScript through tsx.
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => said.push(chunk.toString()));
  }
  const ended = new Promise<number | string>((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  const connections = new Set<string>();
  child.on('message', (news: HubProcessNews) => {
    if (news.kind === 'connected') connections.add(`${String(news.port)} ${String(news.to)}`);
  });
  const ready = await Promise.race([newsOf(child, 'ready'), ended]);
  if (typeof ready !== 'object') {
    throw new Error(`The hub's process ended (${String(ready)}).\n${said.join('')}`);
  }
  return {
    url: ready.url,
    appId: ready.appId,
    isFrom: (port, url) => connections.has(`${String(port)} ${new URL(url).port}`),
    async advance(ms) {
      const advanced = newsOf(child, 'advanced');
      child.send({ kind: 'advance', ms } satisfies HubProcessOrder);
      await advanced;
    },
    async startLoops() {
      const started = newsOf(child, 'loopsStarted');
      child.send({ kind: 'startLoops' } satisfies HubProcessOrder);
      await started;
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
