import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { findFreePort } from '../../scripts/start/embeddedPostgres.js';
import { environmentOfOthers } from './environment.js';

const SCRIPT = resolve(import.meta.dirname, '../../scripts/run.cjs');

describe('npm run dev', () => {
  let folder: string;
  let port: number;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hub-dev-'));
    await mkdir(join(folder, 'connectors'));
    port = await findFreePort();
  });
  afterEach(() => rm(folder, { recursive: true, maxRetries: 50, retryDelay: 100 }));

  /** Starts it in a process group of its own, because it starts the server in another process. */
  function start() {
    const child = spawn(process.execPath, [SCRIPT, 'dev'], {
      cwd: folder,
      detached: true,
      env: { ...environmentOfOthers(), PORT: String(port), DATA_DIR: join(folder, 'data') },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const closed = once(child, 'close');
    return {
      async written(text: string): Promise<void> {
        while (!output.includes(text)) {
          if (child.exitCode !== null) throw new Error(output);
          await Promise.race([once(child.stdout, 'data'), once(child.stderr, 'data'), closed]);
        }
      },
      async stop(): Promise<void> {
        process.kill(-(child.pid ?? 0), 'SIGKILL');
        await closed;
      },
    };
  }

  it('starts again when a connector changes, also after a start that failed', async () => {
    const connector = join(folder, 'connectors', 'pets.mjs');
    await writeFile(connector, 'export const limit = 17;\n');
    const dev = start();
    try {
      await dev.written('exports no connector');
      await writeFile(connector, "throw new Error('no luck');\n");
      await dev.written('no luck');
    } finally {
      await dev.stop();
    }
  });
});
