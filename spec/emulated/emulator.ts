import { fork } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** A third-party emulator of a provider, in a process of its own: https://github.com/vercel-labs/emulate */
export interface Emulator {
  /** Ends the process and waits until it has ended. */
  stop(): Promise<void>;
}

export interface EmulatorOptions {
  readonly service: 'aws' | 'github' | 'google' | 'microsoft' | 'slack' | 'stripe' | 'twilio';
  /** The port of `freePort`: connectors need it before the emulator knows their callback. */
  readonly port: number;
  /** The initial data of the service, in the emulator's configuration. */
  readonly seed: Readonly<Record<string, unknown>>;
  /** Tokens of accounts that do not exist. An emulator accepts an unknown token as that of its first account. */
  readonly deadTokens?: readonly string[] | undefined;
}

const CLI = fileURLToPath(new URL('../../node_modules/emulate/dist/index.js', import.meta.url));
// It must end with the process that started it, even if that is killed.
const ENDS_WITH_PARENT = 'data:text/javascript,process.on("disconnect",()=>process.exit())';

/** Resolves when it listens. Throws an Error with its output when it ends instead. */
export async function startEmulator({
  service,
  port,
  seed,
  deadTokens = [],
}: EmulatorOptions): Promise<Emulator> {
  const folder = await mkdtemp(path.join(tmpdir(), 'hub-emulator-'));
  const config = path.join(folder, 'seed.json');
  const baseUrl = addressOf(port);
  const tokens = Object.fromEntries(deadTokens.map((token) => [token, { login: 'nobody' }]));
  await writeFile(config, JSON.stringify({ tokens, [service]: { ...seed, port, baseUrl } }));
  const child = fork(CLI, ['start', '--service', service, '--seed', config], {
    cwd: folder,
    execArgv: ['--import', ENDS_WITH_PARENT],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const ended = once(child, 'exit');
  let written = '';
  child.stderr?.on('data', (chunk: Buffer) => (written += chunk.toString()));
  const listens = new Promise<void>((resolve) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      written += chunk.toString();
      if (written.includes('Config:')) resolve();
    });
  });
  const refused = ended.then(() => {
    throw new Error(`The emulator of ${service} ended: ${written}`);
  });
  refused.catch(() => undefined);
  try {
    await Promise.race([listens, refused]);
    // It reports this before it knows whether its port was free.
    await Promise.race([fetch(`${baseUrl}/_emulate/favicon.ico`), refused]);
  } catch (error) {
    child.kill();
    throw error;
  } finally {
    await rm(folder, { recursive: true });
  }
  return {
    async stop() {
      if (child.exitCode === null) child.kill();
      await ended;
    },
  };
}

export const addressOf = (port: number) => `http://127.0.0.1:${port}`;

/** Returns a port below the range that operating systems assign. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000);
    const server = createServer().listen(port);
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    server.close();
    if (isFree) return port;
  }
}
