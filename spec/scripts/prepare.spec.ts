import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const top = path.resolve(import.meta.dirname, '../..');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'hub-prepare-'));
  for (const file of ['scripts/prepare.mjs', 'scripts/hooks/pre-commit', 'scripts/lint'])
    cpSync(path.join(top, file), path.join(folder, file), { recursive: true });
  symlinkSync(path.join(top, 'node_modules'), path.join(folder, 'node_modules'));
  writeFileSync(path.join(folder, '.gitignore'), 'node_modules\n');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

// Ignores the git settings of the machine.
const ALONE = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null', CI: '' };

function prepare(env: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/prepare.mjs'], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, ...ALONE, ...env },
  });
  return { status, said: stdout + stderr };
}

function git(...args: readonly string[]): string {
  const who = ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.com'];
  const env = { ...process.env, ...ALONE };
  const options = { cwd: folder, env, encoding: 'utf8', stdio: 'pipe' } as const;
  return execFileSync('git', [...who, ...args], options);
}

const hooksPath = () =>
  spawnSync('git', ['config', '--local', 'core.hooksPath'], {
    cwd: folder,
    encoding: 'utf8',
  }).stdout.trim();
const SILENT = { status: 0, said: '' };

describe('npm install', () => {
  it('in a checkout makes each commit format its files', () => {
    git('init', '--quiet');
    expect(prepare()).toEqual(SILENT);
    writeFileSync(path.join(folder, 'PAGE.md'), '*  one\n*  two\n');
    git('add', 'PAGE.md');
    git('commit', '--quiet', '--message', 'Page');
    expect(readFileSync(path.join(folder, 'PAGE.md'), 'utf8')).toBe('- one\n- two\n');
    expect(git('show', 'HEAD:PAGE.md')).toBe('- one\n- two\n');
  });

  it.each([
    ['in CI', { CI: 'true' }],
    ['when hooks are turned off', { HUSKY: '0' }],
  ])('changes nothing %s', (_where, env) => {
    git('init', '--quiet');
    expect(prepare(env).status).toBe(0);
    expect(hooksPath()).toBe('');
  });

  it('changes nothing outside of a checkout', () => {
    expect(prepare()).toEqual(SILENT);
    expect(existsSync(path.join(folder, 'scripts/hooks/_'))).toBe(false);
  });

  it('changes nothing in a linked worktree', () => {
    writeFileSync(path.join(folder, '.git'), 'gitdir: /elsewhere\n');
    expect(prepare()).toEqual(SILENT);
  });

  it('changes nothing without devDependencies, or without git', () => {
    git('init', '--quiet');
    rmSync(path.join(folder, 'node_modules'));
    expect(prepare()).toEqual(SILENT);
    mkdirSync(path.join(folder, 'node_modules'));
    expect(prepare({ PATH: '' })).toEqual(SILENT);
  });

  it('keeps hooks that a contributor has set up', () => {
    git('init', '--quiet');
    git('config', 'core.hooksPath', 'my-hooks');
    expect(prepare()).toEqual(SILENT);
    expect(hooksPath()).toBe('my-hooks');
  });
});
