import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ConnectScript } from './connectScript.js';

describe('npm run connect, without a running hub', () => {
  let folder: string;
  let script: ConnectScript;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'hub-connect-'));
    script = new ConnectScript({
      PUBLIC_URL: 'http://127.0.0.1:9/hub',
      APP_ID: 'app',
      DATA_DIR: folder,
      MASTER_KEY: 'master-key-of-nobody',
    });
  });
  afterAll(() => {
    script.kill();
    rmSync(folder, { recursive: true });
  });

  it.each<[string, string[], Record<string, string>, number, string]>([
    ['help', ['--help'], {}, 0, 'npm run connect -- slack'],
    ['an unknown option', ['acme', '--loud'], {}, 2, "Unknown option '--loud'."],
    ['two services', ['acme', 'slack'], {}, 2, 'Only one service'],
    ['a wrong setting', ['acme'], { PUBLIC_URL: 'x' }, 1, 'PUBLIC_URL must be'],
    ['no key', ['acme'], { MASTER_KEY: '' }, 1, 'MASTER_KEY is not set, and '],
    ['no hub', ['acme'], {}, 1, 'No hub responds at http://127.0.0.1:9/hub: start it'],
  ])('prints a clear message for %s', async (_, args, settings, expected, expectedMessage) => {
    const { code, text } = await script.run({ args, settings }).ended();
    expect([code, text]).toEqual([expected, expect.stringContaining(expectedMessage)]);
    expect(text).not.toMatch(/^ {4}at /m);
  });

  it('ends with that code in a separate process', async () => {
    const { code, text } = await script.spawn({ args: ['acme', '--loud'] }).ended();
    expect([code, text]).toEqual([2, expect.stringContaining("Unknown option '--loud'.")]);
  });
});
