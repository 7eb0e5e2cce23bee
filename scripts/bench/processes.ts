import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import type { Calls, CallsDone } from './callers.js';

/** Starts the receiver in a separate process, so that its CPU time is not counted. */
export async function startSink(): Promise<{ readonly url: string; close(): Promise<void> }> {
  const child = forkFile('./sink.ts');
  const [port] = (await once(child, 'message')) as [number];
  return { url: `http://127.0.0.1:${String(port)}/`, close: () => end(child) };
}

/** Calls cloud functions from a separate process. */
export interface Callers {
  call(calls: Calls): Promise<CallsDone>;
  close(): Promise<void>;
}

export async function startCallers(): Promise<Callers> {
  const child = forkFile('./callers.ts');
  await once(child, 'message');
  return {
    async call(calls) {
      child.send(calls);
      const [done] = (await once(child, 'message')) as [CallsDone | { readonly problem: string }];
      if ('problem' in done) throw new Error(done.problem);
      return done;
    },
    close: () => end(child),
  };
}

/** Starts a file of this folder in a separate process. */
export function forkFile(file: string): ChildProcess {
  return fork(fileURLToPath(new URL(file, import.meta.url)), { execArgv: ['--import', 'tsx'] });
}

/** Ends a process and waits for that. */
export async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill();
  await ended;
}
