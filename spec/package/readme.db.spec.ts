import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { consent } from '../emulated/consent.js';
import { addressOf, type Emulator, freePort, startEmulator } from '../emulated/emulator.js';
import { createStore, type Store } from '../support/store.js';
import { hostFolder } from './hostProcess.js';
import { HUB, packedHub } from './packedHub.js';
import { readmeBlocks } from './readmeBlocks.js';
import { accountOf, filesOf, type ReadmeStory, startReadmeStory } from './readmeStory.js';

const blocks = readmeBlocks();
const SLACK = { clientId: 'client-of-the-readme', clientSecret: 'secret-of-the-readme' };
const TOKEN = 'xoxb-of-the-readme';

let store: Store;
let story: ReadmeStory;
let slack: Emulator;
let folder: string;
let ports: Record<string, string>;
beforeAll(async () => {
  const packed = await packedHub();
  store = await createStore();
  ports = { 1337: String(await freePort()), 4000: String(await freePort()) };
  const slackPort = await freePort();
  slack = await startSlack(slackPort);
  folder = hostFolder(packed, { 'package.json': '{ "type": "module" }' });
  hubWithSlackAt(addressOf(slackPort), packed);
  const env = {
    SLACK_ID: SLACK.clientId,
    SLACK_SECRET: SLACK.clientSecret,
    SLACK_TOKEN: TOKEN,
    SLACK_CHANNEL: await channelAt(addressOf(slackPort)),
  };
  story = startReadmeStory({ folder, blocks, ports, databaseUri: store.uri, env });
}, 300_000);
afterAll(async () => {
  await story.stop();
  await slack.stop();
  await store.drop();
  rmSync(folder, { recursive: true });
});

/** Slack's emulator; what it knows is what README's lines speak of. */
function startSlack(port: number): Promise<Emulator> {
  const callback = `http://localhost:${ports[1337] ?? ''}/hub/oauth/callback`;
  const app = { client_id: SLACK.clientId, client_secret: SLACK.clientSecret, name: 'The hub' };
  const seed = {
    team: { name: 'Acme', domain: 'acme' },
    users: [{ name: 'grace', real_name: 'Grace Hopper', email: 'grace@example.com' }],
    channels: [{ name: 'general' }],
    oauth_apps: [{ ...app, redirect_uris: [callback], bot_name: 'hubbot' }],
    tokens: [{ token: TOKEN, user: 'grace' }],
  };
  return startEmulator({ service: 'slack', port, seed });
}

/** The id of the one channel there is. */
async function channelAt(address: string): Promise<string> {
  const headers = { authorization: `Bearer ${TOKEN}` };
  const listed = await fetch(`${address}/api/conversations.list`, { method: 'POST', headers });
  const { channels } = (await listed.json()) as { channels: { id: string; name: string }[] };
  return channels.find(({ name }) => name === 'general')?.id ?? '';
}

/** The packed hub once more, beside the host, the same in all but where Slack is. */
function hubWithSlackAt(address: string, packed: string): void {
  const own = path.join(folder, 'node_modules', HUB);
  cpSync(path.join(packed, 'node_modules', HUB), own, { recursive: true });
  const template = path.join(own, 'dist/templates/slack/index.js');
  const text = readFileSync(template, 'utf8').replaceAll('https://slack.com', address);
  writeFileSync(template, text);
}

describe('the blocks of README.md', () => {
  it('are all accounted for', () => {
    const unaccounted = blocks.filter((block) => accountOf(block, blocks) === undefined);
    expect(unaccounted.map(({ line, language }) => `line ${line}: ${language}`)).toEqual([]);
    expect(Object.keys(filesOf(blocks))).toContain('server.js');
  });

  const run = blocks.filter(
    ({ language, mark = '' }) =>
      mark === 'in a browser' || (language === 'sh' && !mark.startsWith('not run: ')),
  );
  it.each(run)(
    'run as they are printed: line $line',
    async (block) => {
      if (block.mark === 'in a browser') await click(block.file ?? '');
      else await story.shell(block);
      const [, text] = /^then \S+ prints: (.+)$/.exec(block.mark ?? '') ?? [];
      if (text !== undefined) await story.written(text);
    },
    180_000,
  );
});

/** Runs a page's file, clicks its button, and consents where its window is sent. */
async function click(file: string): Promise<void> {
  const code = readFileSync(path.join(import.meta.dirname, 'tools/window.mjs'), 'utf8');
  writeFileSync(path.join(folder, 'window.mjs'), code.replace('./page.js', `./${file}`));
  const before = story.output().length;
  const text = 'node window.mjs ann a-long-Passphrase-1\n';
  const page = story.shell({ line: 0, language: 'sh', text, mark: undefined, file: undefined });
  await Promise.race([story.written('\nopened '), page]);
  const [, address = ''] = /\nopened (\S+)/.exec(story.output().slice(before)) ?? [];
  await consent(address, 'grace');
  await page;
}
