import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { loadConnectors } from '../../scripts/start/connectors.js';
import { readSettings } from '../../scripts/start/readSettings.js';
import { StartProblem } from '../../scripts/start/startProblem.js';
import { environmentOfOthers } from './environment.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hub-connectors-'));
});
afterEach(() => rm(folder, { recursive: true }));

const document = (title: string) => ({
  openapi: '3.0.3',
  info: { title, version: '1' },
  servers: [{ url: 'https://api.example.com' }],
  components: { securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'X-Key' } } },
  security: [{ key: [] }],
  paths: { '/pets': { get: { operationId: 'listPets', responses: { 200: { description: '' } } } } },
});

const JSON_TEXT = JSON.stringify(document('Pets'));

/** A module as a user of the package writes it. Its import resolves to this hub, whatever the folder is. */
const moduleOf = (key: string, name = 'default') =>
  `import { connectorFromOpenApi, defineConnector } from 'parse-integration-hub';
import { z } from 'zod';
z.string().parse('');
const connector = defineConnector(connectorFromOpenApi(${JSON_TEXT}, { key: '${key}' }));
export { connector as ${name} };
`;

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
}

async function load(settings: Readonly<Record<string, string>> = {}): Promise<string[]> {
  const connectors = await loadConnectors(
    readSettings({ HUB_CONNECTORS_DIR: folder, ...settings }),
  );
  return connectors.map(({ key }) => key);
}

describe('HUB_CONNECTORS_DIR', () => {
  it('loads each OpenAPI document, with a key derived from the name of its file', async () => {
    await write({
      'pet-store.json': JSON_TEXT,
      'Acme_crm.openapi.json': `\uFEFF${JSON_TEXT}`,
      'package.json': '{}',
      '.hidden.json': 'no JSON',
      'README.md': 'About them.',
    });
    await mkdir(join(folder, 'shared.json'));
    expect(await load()).toEqual(['acmeCrm', 'petStore']);
  });

  it('may be empty, and the default folder may be missing', async () => {
    expect(await load()).toEqual([]);
    expect(await load({ HUB_CONNECTORS_DIR: '' })).toEqual([]);
  });

  it('allows its keys in HUB_OAUTH_CLIENTS, and refuses unknown keys', async () => {
    await write({ 'pets.json': JSON_TEXT });
    const clients = (key: string) => ({
      HUB_OAUTH_CLIENTS: JSON.stringify({ [key]: { clientId: 'id', clientSecret: 'canary' } }),
    });
    expect(await load(clients('pets'))).toEqual(['pets']);
    expect(await load(clients('slack'))).toEqual(['pets']);
    for (const key of ['Slack', 'pet', 'sk_canary']) {
      const problem = await load(clients(key)).catch((error: unknown) => error);
      expect(String(problem)).toMatch(/HUB_OAUTH_CLIENTS contains a key .*\bslack\b.*\bpets/);
      expect(String(problem)).not.toContain('canary');
    }
  });

  it.each<[string, Record<string, string>, RegExp]>([
    [
      'half a document',
      { 'pets.json': '{"openapi":' },
      /pets\.json cannot be used: it is not JSON/,
    ],
    ['an empty file', { 'pets.json': '' }, /pets\.json cannot be used: /],
    ['another JSON', { 'pets.json': '[1]' }, /pets\.json cannot be used: /],
    ['YAML', { 'pets.yml': 'openapi: 3.1.0' }, /pets\.yml cannot be used: .* must be JSON/],
    [
      'a name without a letter',
      { '17.json': JSON_TEXT },
      /17\.json cannot be used: the key is derived /,
    ],
    ['a key of the hub', { 'slack.json': JSON_TEXT }, /slack\.json has the key slack, .* built-in/],
    [
      'a key twice',
      { 'pet-store.json': JSON_TEXT, 'petStore.json': JSON_TEXT },
      /petStore\.json has the key petStore, which \S+pet-store\.json has as well: give it/,
    ],
  ])('prints a clear message for %s', async (_, files, sentence) => {
    await write(files);
    const problem = await load().catch((error: unknown) => error);
    expect(problem).toBeInstanceOf(StartProblem);
    expect(String(problem)).toMatch(sentence);
    expect(String(problem)).not.toContain('\n');
  });

  it('prints a clear message if it is a file, or does not exist', async () => {
    await write({ file: '' });
    await expect(load({ HUB_CONNECTORS_DIR: join(folder, 'file') })).rejects.toThrow(
      /^HUB_CONNECTORS_DIR \S+file is a file, not a folder/,
    );
    await expect(load({ HUB_CONNECTORS_DIR: join(folder, 'none') })).rejects.toThrow(
      /^HUB_CONNECTORS_DIR \S+none does not exist/,
    );
  });
});

const FILES = {
  'one.mjs': moduleOf('one'),
  'two.ts': moduleOf('two', 'two').replace('const connector', 'const connector: object'),
  'three.mts': `${moduleOf('three', 'three')}export default connector;\n`,
  'types.d.ts': 'export type Nothing = never;\n',
};

describe('modules in HUB_CONNECTORS_DIR', () => {
  it('are JavaScript or TypeScript, with default or named exports', async () => {
    await write(FILES);
    expect(await load()).toEqual(['one', 'three', 'two']);
  });

  it.each<[string, string, RegExp]>([
    ['that exports none', 'export const limit = 17;\n', /it exports no connector/],
    ['with a mistake', 'export const = 17;\n', /ERROR: Expected identifier/],
    ['that throws', "throw new Error('no luck');\n", /no luck/],
    ['that imports a missing package', "import 'not-installed-here';\n", /not-installed-here/],
    ['with a wrong key', moduleOf('Pet store'), /its key must be camelCase/],
    ['with a key of the hub', moduleOf('slack'), /has the key slack/],
  ])('%s: are refused in one line with the name of the file', async (_, text, sentence) => {
    await write({ 'pets.ts': text });
    const problem = await load().catch((error: unknown) => error);
    expect(problem).toBeInstanceOf(StartProblem);
    const { message } = problem as StartProblem;
    expect(message).toMatch(/^The connector \S+pets\.ts /);
    expect(message).toMatch(sentence);
    expect(message).not.toContain('\n');
  });
});

// Once in a process of its own, with the loader that the scripts bring along.
it('npm run doctor loads them, and says what is wrong elsewhere', async () => {
  await write(FILES);
  const { status, stdout } = spawnSync(process.execPath, ['scripts/run.cjs', 'doctor'], {
    encoding: 'utf8',
    env: {
      ...environmentOfOthers(),
      HUB_CONNECTORS_DIR: folder,
      DATA_DIR: join(folder, 'one.mjs'),
    },
  });
  expect(stdout).toMatch(/^ok {3}connectors .* one, three, two$/m);
  expect(stdout).toMatch(/^FAIL data folder .*one\.mjs is a file, not a folder/m);
  expect(status).toBe(1);
});
