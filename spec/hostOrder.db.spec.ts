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

import { createStore, type Store } from './support/store.js';

const top = path.resolve(import.meta.dirname, '..');
// Each host loads all modules again.
const HOST_MS = 120_000;
const TSX = path.join(top, 'node_modules/tsx/dist/loader.mjs');

const HUB = pathToFileURL(path.join(top, 'index.ts')).href;
const FIRST_REQUESTS = path.join(top, 'spec/support/hostFixtures/firstRequests.cjs');
const FIRST = `import { firstRequests } from '${pathToFileURL(FIRST_REQUESTS).href}';`;

const hubFirst = `
import { createIntegrationHub } from '${HUB}';
import { ParseServer } from 'parse-server';
import express from 'express';
${FIRST}
await firstRequests({ createIntegrationHub, ParseServer, express });
`;
const hubLast = `
import express from 'express';
import { ParseServer } from 'parse-server';
import { createIntegrationHub } from '${HUB}';
${FIRST}
await firstRequests({ createIntegrationHub, ParseServer, express });
`;
const required = `
const express = require('express');
const { firstRequests } = require('${FIRST_REQUESTS}');
import('${HUB}').then(({ createIntegrationHub }) => {
  const { ParseServer } = require('parse-server');
  return firstRequests({ createIntegrationHub, ParseServer, express });
});
`;
const whenNeeded = `
import Parse from 'parse/node';
import { createIntegrationHub } from '${HUB}';
${FIRST}
Parse.initialize('plain', undefined, 'master');
const { ParseServer } = await import('parse-server');
const { default: express } = await import('express');
await firstRequests({ createIntegrationHub, ParseServer, express });
`;
const withCloud = (cloud: string) => hubFirst.replace('express });', `express, ${cloud} });`);

describe('a host in a separate process', () => {
  let store: Store;
  const folders: string[] = [];

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

  async function run(folder: string, file: string, code: string): Promise<unknown> {
    writeFileSync(path.join(folder, file), code);
    const child = spawn(process.execPath, ['--import', TSX, file], {
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

  it.each([
    ['imports the hub before parse-server', 'host.mjs', hubFirst],
    ['imports the hub after parse-server', 'host.mjs', hubLast],
    ['is CommonJS and imports the hub first', 'host.cjs', required],
    ['imports the SDK first, and parse-server on demand', 'host.mjs', whenNeeded],
  ])(
    'signs users up when it %s',
    async (_how, file, code) => {
      expect(await run(folderOf([]), file, code)).toEqual(works);
    },
    HOST_MS,
  );

  it(
    'is checked in its own parse-server if the hub would load another copy',
    async () => {
      const folder = folderOf(['parse-server']);
      expect(await run(folder, 'host.mjs', hubFirst)).toEqual(works);
      const code = withCloud("cloud: (Parse) => Parse.Cloud.define('getEvent', () => 1)");
      const sentence = expect.stringMatching(/^The hub's cloud functions getEvent would replace/);
      const refused = { start: sentence, hub: sentence };
      expect(await run(folder, 'host.mjs', code)).toEqual(refused);
    },
    HOST_MS,
  );

  it(
    'is refused with the version of router that parse-server does not work with',
    async () => {
      const folder = folderOf(['parse-server', 'router']);
      asRouter23(path.join(folder, 'node_modules/router'));
      const sentence = expect.stringMatching(
        /does not work with router 2\.3\.0, .*"router": "2\.2\.0"/,
      );
      const refused = { start: sentence, hub: sentence };
      expect(await run(folder, 'host.mjs', hubFirst)).toEqual(refused);
    },
    HOST_MS,
  );
});

/** Simulates router 2.3.0, in which a layer does not keep its matches. https://github.com/pillarjs/router/releases/tag/v2.3.0 */
function asRouter23(folder: string): void {
  writeFileSync(path.join(folder, 'package.json'), '{ "name": "router", "version": "2.3.0" }');
  const layer = path.join(folder, 'lib/layer.js');
  cpSync(layer, path.join(folder, 'lib/layer22.js'));
  writeFileSync(
    layer,
    `const Layer = require('./layer22');
     module.exports = function (...given) {
       const layer = Layer(...given);
       const match = (path) => Layer.prototype.match.call(layer, path);
       layer.match = (path) => {
         const isMatch = match(path);
         layer.params = layer.path = undefined;
         return isMatch;
       };
       return layer;
     };`,
  );
}
