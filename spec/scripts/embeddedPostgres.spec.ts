import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

import { build } from 'esbuild';

import { requireOfParseServer } from '../../scripts/start/checks.js';
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../scripts/start/embeddedPostgres.js';
import { findClosedFolder } from '../../scripts/start/postgresUser.js';
import { findHubOn, loadProcess } from '../../scripts/start/runningPostgres.js';
import { StartProblem } from '../../scripts/start/startProblem.js';
import { analyzeAll, analyzeChanged } from '../../scripts/start/trueCounts.js';
import { memoryFolder } from '../support/memoryFolder.mjs';
import { isLong } from '../support/rounds.js';

interface Client {
  on(event: 'error', listener: (error: Error) => void): void;
  connect(): Promise<void>;
  query(text: string): Promise<{ rows: Record<string, unknown>[] }>;
  end(): Promise<void>;
}
type PgPromise = (options: object) => { pg: { Client: new (uri: string) => Client } };

const SCRIPTS = new URL('../../scripts/start/', import.meta.url);
const password = 'a-password-for-this-spec';
let first: FirstStart;
/** fixtures/holdDatabase.ts as one file: it is run six times, and tsx takes longer to begin than all that it does. */
let holder: string;
let dataFolder: string;
let running: EmbeddedPostgres[];
let children: ChildProcess[];

beforeAll(async () => {
  first = await startFirst();
  holder = join(await makeDataFolder(), 'holdDatabase.mjs');
  await build({
    entryPoints: [new URL('fixtures/holdDatabase.ts', import.meta.url).pathname],
    outfile: holder,
    bundle: true,
    platform: 'node',
    format: 'esm',
    // It looks for what is beside it, and for packages.
    define: { 'import.meta.url': JSON.stringify(new URL('x.ts', SCRIPTS).href) },
  });
});
afterAll(() => Promise.all([remove(first.dataFolder), remove(dirname(holder))]));
beforeEach(async () => {
  dataFolder = await makeDataFolder();
  running = [];
  children = [];
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await Promise.all(running.map((database) => database.stop()));
  await remove(dataFolder);
});

async function makeDataFolder(): Promise<string> {
  const folder = await mkdtemp(join(await memoryFolder(), 'hub-postgres-'));
  // Started by root, PostgreSQL runs as another user, who must get in.
  await chmod(folder, 0o755);
  return folder;
}

/** A database whose hub was killed may just be writing its last words. */
const remove = (folder: string) => rm(folder, { recursive: true, maxRetries: 50, retryDelay: 100 });

interface FirstStart {
  readonly dataFolder: string;
  readonly facts: unknown;
  /** The error that a client with a wrong password gets. */
  readonly refusal: unknown;
}

/**
 * The one first start of this file, where another was interrupted: initdb takes seconds, and the disk for each file of a
 * database. Most tests start a copy of what it has left, which does not wait for the disk either.
 */
async function startFirst(): Promise<FirstStart> {
  const folder = await makeDataFolder();
  const draft = join(folder, 'postgres.initializing-1');
  await mkdir(join(draft, 'data'), { recursive: true });
  await writeFile(join(draft, 'data', 'PG_VERSION'), '18\n');
  await writeFile(join(draft, 'password'), 'old');
  const { uri, stop } = await startEmbeddedPostgres({ dataFolder: folder, password });
  try {
    const [facts] = await query(
      uri,
      `SELECT current_setting('server_encoding') AS encoding, current_setting('listen_addresses') AS addresses,
         current_setting('unix_socket_directories') AS sockets, current_setting('server_version_num')::int / 10000 AS major`,
    );
    const refusal = await query(uri.replace(password, 'wrong'), 'SELECT 1').catch(String);
    await query(uri, "CREATE TABLE kept AS SELECT lower('ÄÖ€') AS answer");
    await query(uri, 'ALTER SYSTEM SET fsync = off');
    return { dataFolder: folder, facts, refusal };
  } finally {
    await stop();
  }
}

/** With the owner of its files, who is another user where root has started it. */
const copyFirst = () =>
  promisify(execFile)('cp', ['-a', join(first.dataFolder, 'postgres'), dataFolder]);

async function startCopy(): Promise<EmbeddedPostgres> {
  await copyFirst();
  return start();
}

async function start(): Promise<EmbeddedPostgres> {
  const database = await startEmbeddedPostgres({ dataFolder, password });
  running.push(database);
  return database;
}

function createClient(uri: string): Client {
  const { Client } = (requireOfParseServer()('pg-promise') as PgPromise)({ noWarnings: true }).pg;
  return new Client(uri);
}

async function query(uri: string, text: string): Promise<Record<string, unknown>[]> {
  const client = createClient(uri);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

function spawnHolder(): ChildProcess {
  const child = spawn(process.execPath, [holder, dataFolder, password], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  return child;
}

interface Held {
  readonly child: ChildProcess;
  readonly uri: string;
  readonly pid: number;
}

/** Starts a database in another process and stores one row in it. */
async function holdInAnotherProcess(): Promise<Held> {
  await copyFirst();
  const child = spawnHolder();
  if (child.stdout === null) throw new Error('stdout is a pipe');
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const { uri, pid } = JSON.parse(line) as { uri: string; pid: number };
  await query(uri, "UPDATE kept SET answer = '42'");
  return { child, uri, pid };
}

const rowsKept = ({ uri }: { uri: string }) => query(uri, 'SELECT answer FROM kept');

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

it('is a UTF-8 database with a password on the loopback address, and keeps its rows', async () => {
  expect(first.facts).toEqual({ encoding: 'UTF8', addresses: '127.0.0.1', sockets: '', major: 18 });
  expect(first.refusal).toContain('password');
  expect(await rowsKept(await startCopy())).toEqual([{ answer: 'äö€' }]);
  expect((await stat(join(dataFolder, 'postgres'))).mode & 0o777).toBe(0o700);
  expect((await readdir(dataFolder)).sort()).toEqual(['postgres', 'postgres.log']);
});

it('removes the files of an interrupted first start', async () => {
  expect((await stat(join(first.dataFolder, 'postgres'))).mode & 0o777).toBe(0o700);
  expect((await readdir(first.dataFolder)).sort()).toEqual(['postgres', 'postgres.log']);
});

it('has a supervisor in a separate process group, which Ctrl-C in a terminal does not reach', async () => {
  const parent = (await loadProcess((await startCopy()).pid))?.parent ?? 0;
  // Throws if there is no process group with that id.
  expect(process.kill(-parent, 0)).toBe(true);
});

it('ends by itself when the process that started it is killed', async () => {
  const { child, uri } = await holdInAnotherProcess();
  const client = createClient(uri);
  await client.connect();
  const ended = new Promise<Error>((resolve) => client.on('error', resolve));
  await kill(child);
  // 57P01: orderly shutdown by an administrator. https://www.postgresql.org/docs/18/errcodes-appendix.html
  expect(await ended).toMatchObject({ code: '57P01' });
});

it('ends when its supervisor is killed', async () => {
  const { pid, ended } = await startCopy();
  const { parent = 0 } = (await loadProcess(pid)) ?? {};
  process.kill(parent, 'SIGKILL');
  await ended;
  const again = await start();
  expect(again.pid).not.toBe(pid);
  expect(await loadProcess(pid)).toBeUndefined();
});

it('restarts when the process that started it was killed and PostgreSQL still runs', async () => {
  const { child, pid } = await holdInAnotherProcess();
  await kill(child);
  const again = await start();
  expect(again.pid).not.toBe(pid);
  expect(await loadProcess(pid)).toBeUndefined();
  expect(await rowsKept(again)).toEqual([{ answer: '42' }]);
});

it('restarts when it was killed together with the process that started it', async () => {
  const { child, pid } = await holdInAnotherProcess();
  process.kill(pid, 'SIGKILL');
  await kill(child);
  expect(await rowsKept(await start())).toEqual([{ answer: '42' }]);
});

it('stops by itself when the process that started it exits without stopping it', async () => {
  const { child, pid } = await holdInAnotherProcess();
  const ended = once(child, 'exit');
  child.kill('SIGUSR2');
  await ended;
  const again = await start();
  expect(await loadProcess(pid)).toBeUndefined();
  expect(await rowsKept(again)).toEqual([{ answer: '42' }]);
});

it('refuses a second process on the same folder, names the first one, and leaves it alone', async () => {
  const { child, uri } = await holdInAnotherProcess();
  const second = spawnHolder();
  let said = '';
  second.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [code] = (await once(second, 'close')) as [number];
  expect(code).toBe(1);
  expect(said).toBe(
    `DATA_DIR ${dataFolder} is in use by process ${String(child.pid)}: stop that process first, or choose another DATA_DIR`,
  );
  expect(await rowsKept({ uri })).toEqual([{ answer: '42' }]);
});

it('starts although postmaster.pid names a running process of another program', async () => {
  await copyFirst();
  const pidFile = join(dataFolder, 'postgres', 'postmaster.pid');
  await writeFile(pidFile, `${String(process.pid)}\n${dataFolder}/postgres\n`);
  expect(await findHubOn(join(dataFolder, 'postgres'))).toBeUndefined();
  expect(await rowsKept(await start())).toEqual([{ answer: 'äö€' }]);
});

it.each([
  [
    'a database of another major version',
    { PG_VERSION: '17\n', data: 'kept' },
    'PostgreSQL 17, but this version of the hub uses 18',
  ],
  ['files that are not a database', { data: 'kept' }, 'contains files but no PostgreSQL database'],
])('%s: refuses the folder and leaves it unchanged', async (_, files, sentence) => {
  const folder = join(dataFolder, 'postgres');
  await mkdir(folder);
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  await expect(startEmbeddedPostgres({ dataFolder, password })).rejects.toThrow(sentence);
  expect(await readdir(folder)).toEqual(Object.keys(files));
  expect(await readFile(join(folder, 'data'), 'utf8')).toBe('kept');
});

it.each([
  [
    'global',
    /could not open file .*global\/pg_control": No such file or directory\. Fix the cause/,
  ],
  ['base/5', /database "postgres" does not exist DETAIL: The database subdirectory "base\/5"/],
  ['pg_wal', /FATAL: required WAL directory "pg_wal" does not exist\. Fix the cause/],
  ['global/pg_filenode.map', /FATAL: could not open file "global\/pg_filenode\.map"/],
  ['global/1260', /FATAL: could not open file "global\/1260"/],
  ['base/5/pg_filenode.map', /FATAL: could not open file "base\/5\/pg_filenode\.map"/],
  ['pg_xact', /FATAL: could not access status of transaction \d+ DETAIL: Could not open file/],
])('without %s: reports PostgreSQL’s reason and what to do', async (lost, expected) => {
  await copyFirst();
  await rm(join(dataFolder, 'postgres', lost), { recursive: true });
  const problem = await start().catch((error: unknown) => error);
  expect(problem).toBeInstanceOf(StartProblem);
  expect(String(problem)).toMatch(expected);
  expect(String(problem)).toContain('or choose another DATA_DIR to start over');
});

it('reports a wrong password', async () => {
  await copyFirst();
  await expect(
    startEmbeddedPostgres({ dataFolder, password: 'of-another-database' }),
  ).rejects.toThrow(/does not accept the password in secrets\.json next to it/);
});

/** Starts `count` times at once and returns the errors of the starts that were refused. */
async function refusalsOf(count: number): Promise<string[]> {
  const attempts = await Promise.allSettled(Array.from({ length: count }, start));
  return attempts.flatMap((attempt) =>
    attempt.status === 'rejected' ? [String(attempt.reason)] : [],
  );
}

const IN_USE: unknown = expect.stringMatching(
  /^StartProblem: DATA_DIR \S+ is in use by process \d+: stop that process first/,
);

// Each creates a database.
const FIRST_STARTS = isLong ? 20 : 2;

it(`${String(FIRST_STARTS)} simultaneous first starts: one is accepted, the others are refused`, async () => {
  expect(await refusalsOf(FIRST_STARTS)).toEqual(Array(FIRST_STARTS - 1).fill(IN_USE));
});

it('twenty simultaneous starts: one is accepted, the others are refused', async () => {
  await copyFirst();
  expect(await refusalsOf(20)).toEqual(Array(19).fill(IN_USE));
});

it('updates counts by analyzing only changed tables', async () => {
  const { uri } = await startCopy();
  const client = createClient(uri);
  const run = async (text: string) => (await client.query(text)).rows;
  await client.connect();
  // The value that Parse Server returns as the count of a class: https://github.com/parse-community/parse-server
  const count = async () =>
    (await run(`SELECT reltuples FROM pg_class WHERE relname = 'Greeting'`))[0]?.['reltuples'];
  const flush = () => run('SELECT pg_stat_force_next_flush()');
  try {
    await run('CREATE TABLE "Greeting" AS SELECT 1 AS id');
    await run('CREATE TABLE quiet AS SELECT 1 AS id');
    await flush();
    await analyzeAll(run);
    expect(await count()).toBe(1);
    await run('INSERT INTO "Greeting" VALUES (2), (3)');
    await flush();
    expect(await analyzeChanged(run)).toEqual(['public."Greeting"']);
    expect(await count()).toBe(3);
    await flush();
    expect(await analyzeChanged(run)).toEqual([]);
    await run('DELETE FROM "Greeting"');
    await flush();
    await analyzeChanged(run);
    expect(await count()).toBe(0);
  } finally {
    await client.end();
  }
});

describe('the folder that its user cannot enter', () => {
  const otherUser = { uid: 54_321, gid: 54_321 };

  it('is the outermost one', async () => {
    const closed = join(dataFolder, 'closed');
    await mkdir(join(closed, 'inner'), { recursive: true });
    await chmod(closed, 0o700);
    await chmod(join(closed, 'inner'), 0o700);
    expect(await findClosedFolder(join(closed, 'inner'), otherUser)).toBe(closed);
    expect(await findClosedFolder(dataFolder, otherUser)).toBeUndefined();
  });

  it('is undefined for its owner, its group, and the current user', async () => {
    const { uid, gid } = await stat(dataFolder);
    await chmod(dataFolder, 0o710);
    expect(await findClosedFolder(dataFolder, { uid, gid: 54_321 })).toBeUndefined();
    expect(await findClosedFolder(dataFolder, { uid: 54_321, gid })).toBeUndefined();
    expect(await findClosedFolder(dataFolder, {})).toBeUndefined();
    expect(await findClosedFolder(dataFolder, otherUser)).toBe(dataFolder);
  });
});
