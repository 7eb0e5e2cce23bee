import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { findFreePort } from '../start/embeddedPostgres.js';
import { StartProblem } from '../start/startProblem.js';

export interface DemoServer {
  readonly parseUrl: string;
  /** Stops the server and removes its data. Returns whether it stopped in order. */
  stop(): Promise<boolean>;
}

export const DEMO_APP_ID = 'demo';

/** Returns the environment with the demo's own settings, so that its server is independent of other hubs. */
function demoEnvironment(dataFolder: string, port: number): NodeJS.ProcessEnv {
  const hub = `http://127.0.0.1:${String(port)}/hub`;
  return {
    ...process.env,
    PORT: String(port),
    BIND_ADDRESS: '127.0.0.1',
    PUBLIC_URL: hub,
    DATA_DIR: dataFolder,
    APP_ID: DEMO_APP_ID,
    HUB_ALLOWED_TARGETS: '127.0.0.1',
    HUB_LOOPS: 'true',
    HUB_FUNCTION_PREFIX: '',
    HUB_CLASS_PREFIX: '',
    HUB_JOB_PREFIX: '',
  };
}

/** Starts the hub on a free port with an empty data folder. Uses the database in DATABASE_URI if it is set. */
export async function startDemoServer(): Promise<DemoServer> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'hub-demo-'));
  // When root starts the demo, PostgreSQL runs as another user, who must be able to enter.
  await chmod(dataFolder, process.getuid?.() === 0 ? 0o711 : 0o700);
  const port = await findFreePort();
  const child = fork(fileURLToPath(new URL('./serve.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
    env: demoEnvironment(dataFolder, port),
  });
  const stop = async () => {
    const code = await end(child);
    await rm(dataFolder, { recursive: true, force: true });
    return code === 0;
  };
  const ended = once(child, 'exit').then(() => 'ended' as const);
  const first = await Promise.race([once(child, 'message').then(() => 'ready' as const), ended]);
  if (first === 'ready') return { parseUrl: `http://127.0.0.1:${String(port)}/parse`, stop };
  await stop();
  throw new StartProblem('The server of the demo did not start: see the messages above.');
}

async function end(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  }
  return child.exitCode;
}
