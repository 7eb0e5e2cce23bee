import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const require = createRequire(import.meta.url);
const { engines, scripts } = require('../../package.json') as {
  readonly engines: { readonly node: string };
  readonly scripts: Readonly<Record<string, string>>;
};
const { nodeProblem } = require('../../scripts/run.cjs') as {
  nodeProblem(version: string, engines: string): string | undefined;
};

describe('Node', () => {
  it.each(['20.19.0', '20.99.1', '22.13.0', '24.11.0', '24.11.1', process.versions.node])(
    '%s is supported',
    (version) => {
      expect(nodeProblem(version, engines.node)).toBeUndefined();
    },
  );

  it.each([
    '0.12.18',
    '16.20.2',
    '18.20.8',
    '20.18.9',
    '21.7.0',
    '22.12.9',
    '23.1.0',
    '24.10.9',
    '25.0.0',
    '26.1.0-nightly',
  ])('%s is not supported', (version) => {
    expect(nodeProblem(version, engines.node)).toBe(
      `Node ${version} is not supported: install Node 20.19, 22.13 or 24.11, or a later 20, 22 or 24 (https://nodejs.org), then run npm ci again.`,
    );
  });
});

describe('with a Node that is not supported', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'hub-run-'));
    // Simulates an old Node. That a real one can parse the file was tested by hand.
    writeFileSync(
      join(folder, 'old.cjs'),
      "Object.defineProperty(process.versions, 'node', { value: '18.20.8' });",
    );
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it.each(['start', 'dev', 'demo', 'connect', 'doctor', 'docs'])(
    'npm run %s ends with one line',
    (name) => {
      expect(scripts[name]).toContain(`node scripts/run.cjs ${name}`);
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        ['--require', join(folder, 'old.cjs'), 'scripts/run.cjs', name],
        { encoding: 'utf8' },
      );
      expect([status, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(/^Node 18\.20\.8 is not supported: install [^\n]*\n$/);
    },
  );
});
