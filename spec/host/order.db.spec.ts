import { spawn } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { bundleOf } from '../support/bundle.js';
import { createStore, type Store } from '../support/store.js';

const top = path.resolve(import.meta.dirname, '../..');
// Each host loads all modules again.
const HOST_MS = 120_000;

const FIRST_REQUESTS = path.join(top, 'spec/support/hostFixtures/firstRequests.cjs');
const FIRST = `import { firstRequests } from '${pathToFileURL(FIRST_REQUESTS).href}';`;

// spec/package/hosts.db.spec.ts has the hub before parse-server, and after it, in ES modules and in CommonJS.
const whenNeeded = (hub: string) => `
import Parse from 'parse/node';
import { createIntegrationHub } from '${hub}';
${FIRST}
Parse.initialize('plain', undefined, 'master');
const { ParseServer } = await import('parse-server');
const { default: express } = await import('express');
await firstRequests({ createIntegrationHub, ParseServer, express, clouds: [undefined] });
`;
const hubFirst = (hub: string) => `
import { createIntegrationHub } from '${hub}';
import { ParseServer } from 'parse-server';
import express from 'express';
${FIRST}
const taken = (Parse) => Parse.Cloud.define('getEvent', () => 1);
await firstRequests({ createIntegrationHub, ParseServer, express, clouds: [undefined, taken] });
`;

describe('a host in a separate process', () => {
  let store: Store;
  let hub: string;
  const folders: string[] = [];

  beforeAll(async () => {
    hub = pathToFileURL(await bundleOf('index.ts')).href;
  });
  beforeEach(async () => {
    store = await createStore();
  });
  afterEach(async () => {
    await store.drop();
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  });

  /** Creates a folder with links to the project's packages, and copies of those in `own`. */
  function folderOf(own: readonly string[]): string {
    const folder = mkdtempSync(path.join(tmpdir(), 'hub-order-'));
    folders.push(folder);
    const packages = path.join(folder, 'node_modules');
    mkdirSync(packages);
    for (const name of readdirSync(path.join(top, 'node_modules'))) {
      const from = path.join(top, 'node_modules', name);
      if (own.includes(name)) cpSync(from, path.join(packages, name), { recursive: true });
      else symlinkSync(from, path.join(packages, name));
    }
    return folder;
  }

  async function run(folder: string, code: string): Promise<unknown> {
    const file = 'host.mjs';
    writeFileSync(path.join(folder, file), code);
    const child = spawn(process.execPath, [file], {
      cwd: folder,
      env: { ...process.env, STORE: store.uri },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const collect = (chunk: Buffer) => void (output += chunk.toString());
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    await new Promise((ended) => child.once('close', ended));
    const [, answers] = /^answers (.*)$/m.exec(output) ?? [];
    if (answers === undefined) throw new Error(`The host ended: ${output}`);
    return JSON.parse(answers);
  }

  const works = { signUp: 201, logIn: 200, batch: 200 };

  it(
    'signs users up when it imports the SDK first, and parse-server on demand',
    async () => {
      expect(await run(folderOf([]), whenNeeded(hub))).toEqual([works]);
    },
    HOST_MS,
  );

  it(
    'is checked in its own parse-server if the hub would load another copy',
    async () => {
      const message = expect.stringMatching(/^The hub's cloud functions getEvent would replace/);
      const refused = { start: message, hub: message };
      expect(await run(folderOf(['parse-server']), hubFirst(hub))).toEqual([works, refused]);
    },
    HOST_MS,
  );
});
