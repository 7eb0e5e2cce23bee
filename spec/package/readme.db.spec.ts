import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { consent } from '../emulated/consent.js';
import { addressOf, type Emulator, freePort, startEmulator } from '../emulated/emulator.js';
import { leftFor, openBrowser, pageOf } from '../oauth/browser.js';
import { createStore, type Store } from '../support/store.js';
import { hostFolder } from './hostProcess.js';
import { HUB, packedHub } from './packedHub.js';
import { type ReadmeBlock, readmeBlocks } from './readmeBlocks.js';
import { accountOf, filesOf, isRun, type ReadmeStory, startReadmeStory } from './readmeStory.js';

const blocks = readmeBlocks();
const GITHUB = { clientId: 'client-of-the-readme', clientSecret: 'secret-of-the-readme' };
const TOKEN = `ghp_${'a'.repeat(36)}`;
const LOGIN = { name: 'ann', password: 'a-long-Passphrase-1' };

let store: Store;
let story: ReadmeStory;
let github: Emulator;
let folder: string;
let ports: Record<string, string>;
beforeAll(async () => {
  const packed = await packedHub();
  store = await createStore();
  ports = {};
  for (const port of [1337, 4000, 4001]) ports[port] = String(await freePort());
  const githubPort = await freePort();
  github = await startGitHub(githubPort);
  folder = hostFolder(packed, { 'package.json': '{ "type": "module" }' });
  hubWithGitHubAt(addressOf(githubPort), packed);
  const env = {
    GITHUB_ID: GITHUB.clientId,
    GITHUB_SECRET: GITHUB.clientSecret,
    GITHUB_TOKEN: TOKEN,
  };
  story = startReadmeStory({ folder, blocks, ports, databaseUri: store.uri, env });
}, 300_000);
afterAll(async () => {
  await story.stop();
  await github.stop();
  await store.drop();
  rmSync(folder, { recursive: true });
});

/** Starts an emulator of GitHub with the data that the README's lines use. */
function startGitHub(port: number): Promise<Emulator> {
  const callback = `http://localhost:${ports[1337] ?? ''}/hub/oauth/callback`;
  const app = { client_id: GITHUB.clientId, client_secret: GITHUB.clientSecret, name: 'The hub' };
  const seed = {
    users: [{ login: 'grace', name: 'Grace Hopper', email: 'grace@example.com' }],
    repos: [{ owner: 'grace', name: 'compiler', auto_init: true }],
    oauth_apps: [{ ...app, redirect_uris: [callback] }],
  };
  return startEmulator({ service: 'github', port, seed });
}

/** Copies the packed hub into the host's folder, with the address of the emulator instead of GitHub's. */
function hubWithGitHubAt(address: string, packed: string): void {
  const own = path.join(folder, 'node_modules', HUB);
  cpSync(path.join(packed, 'node_modules', HUB), own, { recursive: true });
  const template = path.join(own, 'dist/templates/github/index.js');
  const text = readFileSync(template, 'utf8').replaceAll(/https:\/\/(api\.)?github\.com/g, address);
  writeFileSync(template, text);
}

describe('the blocks of README.md and of the pages that continue it', () => {
  it('are all accounted for', () => {
    const unaccounted = blocks.filter((block) => accountOf(block, blocks) === undefined);
    expect(unaccounted.map(({ at, language }) => `${at}: ${language}`)).toEqual([]);
    expect(Object.keys(filesOf(blocks))).toContain('server.js');
  });

  const run = blocks.filter(
    (block) =>
      block.mark === 'in a browser' ||
      isRun(block) ||
      (block.language === 'sh' && block.mark?.startsWith('not run: ') !== true),
  );
  it.each(run)(
    'run as printed: $at',
    async (block) => {
      if (block.mark === 'in a browser') await click(block.file ?? '');
      else await story.shell(isRun(block) ? runOf(block) : block);
      await seen(block.mark ?? '');
    },
    180_000,
  );
});

const runOf = (block: ReadmeBlock) => ({ ...block, text: `node ${block.file ?? ''}\n` });

/** Checks the results that the mark of a block promises. */
async function seen(mark: string): Promise<void> {
  const [, printed] = /\bthen \S+ prints: (.+)$/.exec(mark) ?? [];
  if (printed !== undefined) await story.written(printed);
  const [, address, text] = /at (\S+), where ann signs in and sees: (.+)$/.exec(mark) ?? [];
  if (address !== undefined) expect(await signIn(story.at(address))).toContain(text);
}

/** Signs in for an OAuth app with a browser, approves its request, and returns the page that the app shows. */
async function signIn(address: string): Promise<string> {
  const begun = await fetch(address, { redirect: 'manual' });
  const authorization = begun.headers.get('location') ?? '';
  const browser = openBrowser(new URL(authorization).origin);
  const login = await browser.open(authorization);
  const consented = await browser.submit(pageOf(login), LOGIN);
  const approved = await browser.submit(pageOf(consented), { scope: ['openid', 'webhooks:read'] });
  return (await fetch(leftFor(approved))).text();
}

/** Runs a page's file, clicks its button, and gives consent in the new window. */
async function click(file: string): Promise<void> {
  const code = readFileSync(path.join(import.meta.dirname, 'tools/window.mjs'), 'utf8');
  writeFileSync(path.join(folder, 'window.mjs'), code.replace('./page.js', `./${file}`));
  const before = story.output().length;
  const text = `node window.mjs ${LOGIN.name} ${LOGIN.password}\n`;
  const page = story.shell({ at: file, language: 'sh', text, mark: undefined, file: undefined });
  await Promise.race([story.written('\nopened '), page]);
  const [, address = ''] = /\nopened (\S+)/.exec(story.output().slice(before)) ?? [];
  await consent(address, 'grace');
  await page;
}
