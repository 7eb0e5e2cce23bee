import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { environmentOfOthers } from './environment.js';

/** `npm start` in a process of its own. */
export interface StartProcess {
  /** All output so far. */
  text(): string;
  stop(): Promise<void>;
}

/** Starts it with these settings; resolves once it is ready. Rejects with its output when it ends before. */
export async function runStart(settings: Readonly<Record<string, string>>): Promise<StartProcess> {
  const child = spawn(process.execPath, ['scripts/run.cjs', 'start'], {
    env: { ...environmentOfOthers(), ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let all = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (all += chunk.toString()));
  const closed = once(child, 'close');
  while (!all.includes('Ctrl-C stops it.')) {
    if (child.exitCode !== null) throw new Error(`It ended: ${all}`);
    await Promise.race([once(child.stdout, 'data'), closed]);
  }
  return {
    text: () => all,
    async stop() {
      child.kill('SIGTERM');
      await closed;
    },
  };
}
