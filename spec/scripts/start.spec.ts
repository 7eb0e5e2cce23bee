import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';

import { jest } from '@jest/globals';

import { findFreePort } from '../../scripts/start/embeddedPostgres.js';
import { launch } from '../../scripts/start/launch.js';
import { StartProblem } from '../../scripts/start/startProblem.js';
import { memoryFolder } from '../support/memoryFolder.mjs';
import { environmentOfOthers } from './environment.js';

/** Enough for three consecutive starts on a busy machine. */
const THREE_STARTS_MS = 400_000;

let dataFolder: string;
let port: number;
let children: ChildProcess[];

beforeEach(async () => {
  dataFolder = await mkdtemp(join(await memoryFolder(), 'hub-start-'));
  await chmod(dataFolder, 0o755);
  port = await findFreePort();
  children = [];
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await rm(dataFolder, { recursive: true, maxRetries: 50, retryDelay: 100 });
});

interface Started {
  readonly child: ChildProcess;
  /** All output so far. */
  text(): string;
  said(what: string): Promise<void>;
}

const environment = (settings: Record<string, string>) => ({
  ...environmentOfOthers(),
  PORT: String(port),
  DATA_DIR: dataFolder,
  ...settings,
});

function start(settings: Record<string, string> = {}): Started {
  const child = spawn(process.execPath, ['scripts/run.cjs', 'start'], {
    env: environment(settings),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let all = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => (all += chunk.toString()));
  }
  const said = async (what: string) => {
    while (!all.includes(what)) {
      if (child.exitCode !== null) throw new Error(`ended with ${String(child.exitCode)}: ${all}`);
      if (child.stdout) await Promise.race([once(child.stdout, 'data'), once(child, 'close')]);
    }
  };
  return { child, text: () => all, said };
}

async function stop({ child }: Started, signal: NodeJS.Signals): Promise<number | null> {
  const closed = once(child, 'close') as Promise<[number | null]>;
  child.kill(signal);
  return (await closed)[0];
}

it(
  'shows a delivery at the first start, keeps the data at the second, and drains at each end',
  async () => {
    const first = start();
    await first.said('Ctrl-C stops it.');
    const lines = first.text().split('\n');
    expect(
      lines.filter((line) => line.startsWith('✓')).map((line) => line.split(/\s+/)[1]),
    ).toEqual(['created', 'created', 'published', 'delivered', 'verified']);
    const secrets = JSON.parse(await readFile(join(dataFolder, 'secrets.json'), 'utf8')) as Record<
      string,
      string
    >;
    expect(first.text()).toContain(`user admin, password ${secrets['dashboardPassword'] ?? ''}`);
    expect(first.text()).toContain(`demo, password ${secrets['demoPassword'] ?? ''}`);
    for (const name of ['masterKey', 'hubSecret', 'databasePassword', 'sessionSecret']) {
      expect(first.text()).not.toContain(secrets[name]);
    }
    expect(lines.filter((line) => line.endsWith(' …'))).toEqual([
      'Creating the database …',
      'Starting PostgreSQL …',
      'Starting Parse Server and the hub …',
    ]);
    const at = (path: string) => fetch(`http://127.0.0.1:${String(port)}${path}`);
    const named = [...first.text().matchAll(/http:\/\/localhost:\d+(\/\S+) /g)].map(
      (match) => match[1],
    );
    expect(named).toEqual(expect.arrayContaining(['/hub/openapi.json', '/parse', '/dashboard']));
    for (const path of named.filter((each) => each !== '/parse')) {
      expect([path, (await at(path ?? '')).status]).toEqual([path, 200]);
    }
    expect((await at('/parse/health')).status).toBe(200);
    const headers = {
      'x-parse-application-id': 'hub',
      'x-parse-master-key': secrets['masterKey'] ?? '',
    };
    for (const name of ['_User', 'Webhook']) {
      const url = `http://127.0.0.1:${String(port)}/parse/classes/${name}?count=1&limit=0`;
      expect(await (await fetch(url, { headers })).json()).toMatchObject({ count: 1 });
    }
    expect((await at('/parse/health')).headers.get('x-powered-by')).toBeNull();
    expect(await stop(first, 'SIGINT')).toBe(0);

    const second = start();
    await second.said('Ctrl-C stops it.');
    expect(second.text()).not.toContain('✓');
    expect(second.text()).toContain('password: demoPassword in');
    for (const secret of Object.values(secrets).filter((value) => typeof value === 'string')) {
      expect(second.text()).not.toContain(secret);
    }
    expect(await stop(second, 'SIGTERM')).toBe(0);

    const third = start({ HUB_SECRET: 'another secret of forty characters or so' });
    const [code] = (await once(third.child, 'close')) as [number | null];
    expect(code).toBe(1);
    expect(third.text()).toMatch(
      /^HUB_SECRET is not the one that .* set the previous value as HUB_PREVIOUS_SECRET .* retired\.$/m,
    );
    expect(third.text()).not.toMatch(/^ {4}at /m);
    expect(await readdir(join(dataFolder, 'postgres'))).not.toContain('postmaster.pid');
  },
  THREE_STARTS_MS,
);

describe('a problem that the user can fix ends with a message and exit code 1', () => {
  /** Returns what `npm start` prints when its launch throws. */
  async function launchProblem(settings: Record<string, string>): Promise<string> {
    let progress = '';
    const write = jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
      progress += String(chunk);
      return true;
    });
    const add = jest.fn();
    const exit = jest.fn<() => Promise<never>>();
    const problem = await launch(environment(settings), { add, exit }).catch(
      (error: unknown) => error,
    );
    write.mockRestore();
    expect(problem).toBeInstanceOf(StartProblem);
    // Nothing was started that would have to be stopped.
    expect(add).not.toHaveBeenCalled();
    expect(exit).not.toHaveBeenCalled();
    return `${progress}${(problem as StartProblem).message}\n`;
  }

  it('wrong settings, one line each, and exit code 1', async () => {
    const settings = { LOG_LEVEL: 'loud', HUB_LOPS: '1' };
    const { child, text } = start(settings);
    const [code] = (await once(child, 'close')) as [number | null];
    expect(code).toBe(1);
    expect(text()).toBe(
      'HUB_LOPS is not a setting: did you mean HUB_LOOPS?\n' +
        'LOG_LEVEL must be one of silent, error, warn, info, debug, not "loud"; for example LOG_LEVEL=info\n',
    );
    expect(await launchProblem(settings)).toBe(text());
  });

  it('a port in use', async () => {
    const other = createServer().listen(port, '127.0.0.1');
    await once(other, 'listening');
    expect(await launchProblem({})).toMatch(/^PORT \d+ is in use by another program: .*\n$/);
    other.close();
  });

  it('a database that cannot be reached', async () => {
    const uri = 'postgres://ada:canary@name.invalid/app';
    expect(await launchProblem({ DATABASE_URI: uri })).toMatch(
      /^Connecting to .*\nThe database postgres:\/\/ada:\*\*\*@name\.invalid\/app cannot be used \(.*\n$/,
    );
  });

  it('a DATA_DIR that is a file, or inside a file', async () => {
    const file = join(dataFolder, 'file');
    await writeFile(file, '');
    expect(await launchProblem({ DATA_DIR: file })).toBe(
      `DATA_DIR ${file} is a file, not a folder: choose another, for example DATA_DIR=.data\n`,
    );
    expect(await launchProblem({ DATA_DIR: join(file, 'in', 'it') })).toBe(
      `DATA_DIR ${join(file, 'in', 'it')} cannot be created, because ${file} is a file: choose another, for example DATA_DIR=.data\n`,
    );
  });

  it('a PUBLIC_URL that is not the hub’s', async () => {
    expect(await launchProblem({ PUBLIC_URL: 'https://api.example.com' })).toBe(
      'PUBLIC_URL must end with /hub, which is where this server has the hub, not "https://api.example.com"; for example PUBLIC_URL=https://api.example.com/hub\n',
    );
  });
});
