import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';

export const MASTER_KEY = 'master-key-of-the-packed-host';
const HUB_SECRET = 'hub-secret-of-the-packed-host-0123456789';

/** A host's own folder below `parent`, with these files. */
export function hostFolder(parent: string, files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(path.join(parent, 'host-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  return folder;
}

/** A process of plain Node that is given the settings that README's host reads. */
export interface HostProcess {
  readonly url: string;
  /** Until the hub answers; rejects with what the process has written when it ends before. */
  ready(): Promise<void>;
  /** What it has written so far. */
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
  // By IPv6 where the machine prefers it, as the host's own address is.
  const url = `http://localhost:${String(port)}`;
  return {
    url,
    ended,
    output: () => output,
    ready: () => awaitAnswer(`${url}/hub/health`, child, () => output),
    async stop() {
      child.kill('SIGTERM');
      return await ended;
    },
  };
}

/** A port that nothing listens on. */
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
 * Asks until the address answers, and not that it is not ready. A closed port answers at once: without a pause the questions
 * would take the processor from the server that starts.
 */
export async function awaitAnswer(
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
