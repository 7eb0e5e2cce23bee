import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { arrived, comeBack } from '../connections/browser.js';
import { CODE, KEY, type Provider, startProvider } from '../connections/provider.js';
import { MASTER_KEY, startHub, type TestHub } from '../support/hub.js';
import { ConnectScript } from './connectScript.js';

const CONSENT = ['acme', '--auth-method', 'consent'];

describe('npm run connect', () => {
  let hub: TestHub;
  let provider: Provider;
  let folder: string;
  let script: ConnectScript;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hub-connect-'));
    provider = await startProvider();
    hub = await startHub({ hub: { connectors: [provider.connector] } });
    const owner = await hub.signUp();
    await hub.as(owner).createOrganization({ name: 'Acme' });
    script = new ConnectScript({
      PUBLIC_URL: `${hub.url}/hub`,
      APP_ID: hub.appId,
      MASTER_KEY,
      DATA_DIR: folder,
    });
  });
  afterAll(async () => {
    script.kill();
    provider.close();
    await hub.stop();
    await rm(folder, { recursive: true });
  });

  it('connects by a credential, prompts again after a wrong answer, and shows no secret', async () => {
    const typed = ['9', '2', 'mars', 'eu', 'nonsense', KEY];
    const { code, text } = await script.spawn({ args: ['acme', '--name', 'Ours'], typed }).ended();
    expect([code, text]).toEqual([0, expect.stringContaining('✓ connected as Grace (acc1)')]);
    expect(text).toContain('  granted: read, write\n');
    expect(text).toContain('  1. Ask for a key.\n');
    expect(text).toContain('Enter a number from 1 to 5.');
    expect(text).toContain('Region must be one of eu, us.');
    expect(text).toContain('Key does not have the required format.');
    expect(text).not.toContain(KEY);
  });

  it('connects by consent: prompts for a client, prints an address, waits for the browser', async () => {
    const running = script.run({ args: CONSENT, typed: ['', 'id', 'canary'] });
    const url = await running.said(/^ {2}(http\S+\/oauth\/start\S+)$/m);
    const agreed = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      headers: { origin: hub.url },
    });
    expect((await comeBack(hub.url, arrived(agreed))).status).toBe(200);
    const { code, text } = await running.ended();
    expect([code, text]).toEqual([0, expect.stringContaining('✓ connected as Grace (acc1)')]);
    expect(text).toContain('The hub has no OAuth client for this service');
    expect(text).not.toContain('canary');
    expect(text).not.toContain(CODE);
  });

  it('prints why the service refused the consent', async () => {
    const running = script.run({ args: CONSENT, typed: ['', 'id', 'canary'] });
    const url = await running.said(/^ {2}(http\S+\/oauth\/start\S+)$/m);
    const agreed = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      headers: { origin: hub.url },
    });
    await comeBack(hub.url, { ...arrived(agreed), callback: { error: 'access_denied' } });
    const { code, text } = await running.ended();
    expect([code, text]).toEqual([
      1,
      expect.stringContaining('The service Acme refused the consent: access_denied.\n'),
    ]);
  });

  it.each<[string, string[], string[], Record<string, string>, number, string]>([
    [
      'an unknown service',
      ['acmee'],
      [],
      {},
      1,
      'There is no service acmee. Choose one of: acme, ',
    ],
    [
      'an unknown service',
      ['acmee'],
      [],
      {},
      1,
      'There is no service acmee. Choose one of: acme, ',
    ],
    [
      'an unknown auth method',
      ['acme', '--auth-method', 'x'],
      [],
      {},
      1,
      'There is no auth method x. Choose one of: ',
    ],
    ['another organization', ['acme', '--organization', 'x'], [], {}, 1, 'no organization x. '],
    ['no more input', ['acme'], ['2'], {}, 1, 'The input ended before an answer to: Region'],
    [
      'a refused credential',
      ['acme', '--auth-method', 'key'],
      ['', 'key_no'],
      {},
      1,
      'The service Acme refused the credential: This token is no good.\n',
    ],
    ['a wrong key', ['acme'], [], { MASTER_KEY: 'not-the-master-key' }, 1, 'does not accept this'],
    ['a wrong application', ['acme'], [], { APP_ID: 'other' }, 1, 'does not accept this'],
  ])(
    'prints a clear message for %s',
    async (_, args, typed, settings, expected, expectedMessage) => {
      const { code, text } = await script.run({ args, typed, settings }).ended();
      expect([code, text]).toEqual([expected, expect.stringContaining(expectedMessage)]);
      expect(text).not.toMatch(/^ {4}at /m);
    },
  );

  it('reads a key of several lines from a file', async () => {
    const file = join(folder, 'key.pem');
    await writeFile(file, 'no key at all');
    const typed = ['', 'bot@acme.example', '@/nowhere', `@${file}`];
    const { code, text } = await script
      .run({ args: ['acme', '--auth-method', 'service'], typed })
      .ended();
    expect(code).toBe(1);
    expect(text).toContain('The file does not exist or cannot be read.');
    expect(text).toContain('Private key does not have the required format.');
    expect(text).not.toContain('no key at all');
  });
});
