import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { createStore, type Store } from './support/store.js';

const top = path.resolve(import.meta.dirname, '..');

/** The lines between the mark and the end of the code that follows it. */
function linesOf(mark: string): string {
  const readme = readFileSync(path.join(top, 'README.md'), 'utf8');
  const [, code] = /```js\n([^]*?)```/.exec(readme.slice(readme.indexOf(`<!-- ${mark}`))) ?? [];
  if (code === undefined) throw new Error(`README.md has no code behind ${mark}.`);
  return code;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** A folder with README's host in it, where the packages it imports are those of the project, and its own cloud code. */
function hostFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'hub-readme-'));
  const hub = path.join(folder, 'node_modules/parse-integration-hub');
  mkdirSync(hub, { recursive: true });
  for (const name of ['express', 'parse', 'parse-server']) {
    symlinkSync(path.join(top, 'node_modules', name), path.join(folder, 'node_modules', name));
  }
  const entry = pathToFileURL(path.join(top, 'index.ts')).href;
  writeFileSync(path.join(hub, 'package.json'), '{ "type": "module", "exports": "./index.js" }');
  writeFileSync(path.join(hub, 'index.js'), `export * from '${entry}';`);
  writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(path.join(folder, 'host.js'), linesOf('host'));
  mkdirSync(path.join(folder, 'cloud'));
  writeFileSync(
    path.join(folder, 'cloud/main.js'),
    "Parse.Cloud.define('hello', () => 'from the host');",
  );
  return folder;
}

describe("README's host", () => {
  let store: Store;
  let folder: string;
  let host: ChildProcess | undefined;

  beforeAll(async () => {
    store = await createStore();
    folder = hostFolder();
  });
  afterAll(async () => {
    host?.kill('SIGKILL');
    await store.drop();
    rmSync(folder, { recursive: true });
  });

  it('starts, answers for the hub and for itself, and ends on SIGTERM', async () => {
    const port = await freePort();
    host = spawn(
      process.execPath,
      ['--import', path.join(top, 'node_modules/tsx/dist/loader.mjs'), 'host.js'],
      {
        cwd: folder,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          ...process.env,
          PORT: String(port),
          DATABASE_URI: store.uri,
          MASTER_KEY: 'master-key-of-the-readme',
          HUB_SECRET: 'hub-secret-of-the-readme-0123456789abc',
        },
      },
    );
    const ended = once(host, 'exit');
    let output = '';
    host.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const url = `http://127.0.0.1:${String(port)}`;
    await answering(`${url}/hub/health`, () => (host?.exitCode === null ? undefined : output));

    const call = async (name: string) => {
      const headers = { 'x-parse-application-id': 'my-app', 'content-type': 'application/json' };
      const answer = await fetch(`${url}/parse/functions/${name}`, {
        method: 'POST',
        headers,
        body: '{}',
      });
      return await answer.json();
    };
    expect(await call('hello')).toEqual({ result: 'from the host' });
    expect(await call('getOrganizations')).toMatchObject({ code: 7002 });

    host.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });
});

/** Asks until it answers 200; each try takes as long as a connection does. Throws what `endedWith` says. */
async function answering(url: string, endedWith: () => string | undefined): Promise<void> {
  for (;;) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.status === 200) return;
    const problem = endedWith();
    if (problem !== undefined) throw new Error(`The host ended: ${problem}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
