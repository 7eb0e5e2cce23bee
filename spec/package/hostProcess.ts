import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';

export const MASTER_KEY = 'master-key-of-the-packed-host';
const HUB_SECRET = 'hub-secret-of-the-packed-host-0123456789';

/** Creates the folder of a host below `parent`, with these files. */
export function hostFolder(parent: string, files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(path.join(parent, 'host-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  return folder;
}

/** A plain Node process with the environment variables of the README's host. */
export interface HostProcess {
  readonly url: string;
  /** Waits until the hub responds. Rejects with the output if the process ends before. */
  ready(): Promise<void>;
  /** The output so far. */
  output(): string;
  /** Its exit code and signal, once it has ended. */
  readonly ended: Promise<unknown[]>;
  /** Sends SIGTERM and waits for the end. */
  stop(): Promise<unknown[]>;
}

export interface HostProcessOptions {
  readonly folder: string;
  readonly file: string;
  readonly databaseUri: string;
  readonly env?: Readonly<Record<string, string>>;
}

export async function startHostProcess(options: HostProcessOptions): Promise<HostProcess> {
  const port = await freePort();
  const child = spawn(process.execPath, [options.file], {
    cwd: options.folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      PORT: String(port),
      DATABASE_URI: options.databaseUri,
      MASTER_KEY,
      HUB_SECRET,
      ...options.env,
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = once(child, 'close');
  // May be IPv6, as the address of the host.
  const url = `http://localhost:${String(port)}`;
  return {
    url,
    ended,
    output: () => output,
    ready: () => awaitResponse(`${url}/hub/health`, child, () => output),
    async stop() {
      child.kill('SIGTERM');
      return await ended;
    },
  };
}

/** Returns a free port. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

const TRY_EVERY_MS = 100;

/**
 * Sends requests until the address responds with a status below 500. Pauses between them: a closed port refuses at once, and
 * continuous requests would slow down the server that starts.
 */
export async function awaitResponse(
  url: string,
  child: ChildProcess,
  output: () => string,
): Promise<void> {
  for (;;) {
    const response = await fetch(url).catch(() => undefined);
    if (response && response.status < 500) return;
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`The host ended: ${output()}`);
    await once(AbortSignal.timeout(TRY_EVERY_MS), 'abort');
  }
}
