import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { environmentOfOthers } from './environment.js';

describe('npm run connect, without a running hub', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'hub-connect-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it.each<[string, string[], object, number, string]>([
    ['help', ['--help'], {}, 0, 'npm run connect -- slack'],
    ['an unknown option', ['acme', '--loud'], {}, 2, "Unknown option '--loud'."],
    ['two services', ['acme', 'slack'], {}, 2, 'Only one service'],
    ['a wrong setting', ['acme'], { PUBLIC_URL: 'x' }, 1, 'PUBLIC_URL must be'],
    ['no key', ['acme'], { MASTER_KEY: '' }, 1, 'MASTER_KEY is not set, and '],
    ['no hub', ['acme'], {}, 1, 'No hub responds at http://127.0.0.1:9/hub: start it'],
  ])(
    'prints a clear message for %s',
    (_, args, settings, expected, expectedMessage) => {
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        ['scripts/run.cjs', 'connect', ...args],
        {
          encoding: 'utf8',
          env: {
            ...environmentOfOthers(),
            PUBLIC_URL: 'http://127.0.0.1:9/hub',
            APP_ID: 'app',
            DATA_DIR: folder,
            MASTER_KEY: 'an-unknown-master-key',
            ...settings,
          },
        },
      );
      expect([status, stdout + stderr]).toEqual([
        expected,
        expect.stringContaining(expectedMessage),
      ]);
      expect(stdout + stderr).not.toMatch(/^ {4}at /m);
    },
    30_000,
  );
});
