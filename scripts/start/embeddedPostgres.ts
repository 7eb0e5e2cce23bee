import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile, realpath } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';

import { endOrphan } from './orphanPostgres.js';
import {
  findPostgresBinaries,
  getPostgresVersion,
  type PostgresBinaries,
} from './postgresBinaries.js';
import {
  clusterFolder,
  createCluster,
  DATABASE_NAME,
  DATABASE_USER,
  hasCluster,
  postgresEnvironment,
} from './postgresCluster.js';
import { checkOpenTo, choosePostgresUser, type Identity } from './postgresUser.js';
import { StartProblem } from './startProblem.js';

/** Recovery after a crash reads what was written since the last checkpoint, which takes moments to minutes. */
const READY_WITHIN_MS = 180_000;
const ORDERLY_STOP_MS = 15_000;
/** Another program may take the free port before PostgreSQL does. */
const PORT_TRIALS = 3;

export interface EmbeddedPostgres {
  readonly uri: string;
  readonly pid: number;
  /** Settles when the database has ended, told to or not. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  /** Absolute, and locked by this process: two servers on one folder would end each other. */
  readonly dataFolder: string;
  readonly password: string;
}

export interface PostgresHere {
  readonly binaries: PostgresBinaries;
  readonly identity: Identity;
  readonly version: string;
  /** Whether the folder holds a database already. */
  readonly exists: boolean;
}

interface Launch extends PostgresHere {
  readonly folder: string;
  readonly logPath: string;
  readonly password: string;
}

interface Launched {
  readonly child: ChildProcess;
  readonly ended: Promise<void>;
}

/**
 * Throws what would keep the embedded PostgreSQL from running as `identity` on this machine or on this folder, without
 * starting it. `dataFolder`: DATA_DIR, or the nearest folder above it that exists.
 */
export async function checkEmbeddedPostgres(
  dataFolder: string,
  identity: Identity,
): Promise<PostgresHere> {
  const binaries = await findPostgresBinaries();
  await checkOpenTo(identity, dirname(binaries.postgres), "The folder of PostgreSQL's programs");
  const version = await getPostgresVersion(binaries.postgres, identity);
  await checkOpenTo(identity, dataFolder, 'DATA_DIR');
  return { binaries, identity, version, exists: await hasCluster(dataFolder) };
}

/**
 * Starts the PostgreSQL kept in DATA_DIR/postgres, on a free port of the loopback address; creates it on first use, and
 * ends one that was left running. It leads a process group of its own, so that Ctrl-C leaves it to `stop`, and it is told
 * to stop when this process exits in any way that lets it say so.
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const dataFolder = await realpath(options.dataFolder);
  const identity = await choosePostgresUser(clusterFolder(dataFolder));
  const here = await checkEmbeddedPostgres(dataFolder, identity);
  const { binaries } = here;
  const { password } = options;
  if (!here.exists) {
    await createCluster({ dataFolder, initdb: binaries.initdb, identity, password });
  }
  const folder = clusterFolder(dataFolder);
  await endOrphan(folder);
  const launch = { ...here, folder, logPath: join(dataFolder, 'postgres.log'), password };
  for (let trial = 1; ; trial++) {
    const port = await findFreePort();
    const launched = await launchOn(port, launch);
    if (await isReady(launched.child, folder)) return handleOf(launched, port, launch);
    const log = await readFile(launch.logPath, 'utf8').catch(() => '');
    if (trial < PORT_TRIALS && log.includes('could not bind')) continue;
    throw new StartProblem(
      `The embedded PostgreSQL did not start (${lastWords(log)}): all it said is in ${launch.logPath}`,
    );
  }
}

/** A port of the loopback address that nobody listened on just now. */
export async function findFreePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('A TCP server has a port.');
  return address.port;
}

async function launchOn(
  port: number,
  { folder, logPath, binaries, identity }: Launch,
): Promise<Launched> {
  const log = await open(logPath, 'w', 0o600);
  const set = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'log_checkpoints=off'];
  const flags = ['-D', folder, '-p', String(port), ...set.flatMap((pair) => ['-c', pair])];
  try {
    const child = spawn(binaries.postgres, flags, {
      ...identity,
      cwd: folder,
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      env: postgresEnvironment(),
    });
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    await once(child, 'spawn');
    return { child, ended };
  } finally {
    await log.close();
  }
}

/** The last line of postmaster.pid says how far it is, as pg_ctl -w reads it as well. False if it ended instead. */
async function isReady(child: ChildProcess, folder: string): Promise<boolean> {
  const endMs = performance.now() + READY_WITHIN_MS;
  while (child.exitCode === null && child.signalCode === null) {
    const lines = (await readFile(join(folder, 'postmaster.pid'), 'utf8').catch(() => '')).split(
      '\n',
    );
    if (lines[0] === String(child.pid) && lines[7]?.trim() === 'ready') return true;
    if (performance.now() > endMs) {
      child.kill('SIGQUIT');
      return false;
    }
    await wait(20);
  }
  return false;
}

function handleOf({ child, ended }: Launched, port: number, launch: Launch): EmbeddedPostgres {
  const pid = child.pid;
  if (pid === undefined) throw new Error('A process that is ready has an id.');
  const atExit = () => child.kill('SIGINT');
  process.once('exit', atExit);
  void ended.then(() => process.off('exit', atExit));
  return {
    uri: `postgres://${DATABASE_USER}:${launch.password}@127.0.0.1:${String(port)}/${DATABASE_NAME}`,
    pid,
    ended,
    stop: () => stop({ child, ended }, launch),
  };
}

/** A fast shutdown: sessions are ended, everything is written. What does not obey is stopped at once and recovers later. */
async function stop({ child, ended }: Launched, { binaries, folder }: Launch): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  if (process.platform === 'win32') {
    // A signal would be a kill there.
    await promisify(execFile)(binaries.pgCtl, ['stop', '-D', folder, '-m', 'fast', '-w']);
  } else {
    child.kill('SIGINT');
  }
  const late = new AbortController();
  const deadline = wait(ORDERLY_STOP_MS, 'late' as const, { signal: late.signal }).catch(
    () => undefined,
  );
  const first = await Promise.race([ended, deadline]);
  late.abort();
  if (first === 'late') child.kill('SIGQUIT');
  await ended;
}

function lastWords(log: string): string {
  const fatal = log.split('\n').find((line) => /\b(FATAL|PANIC|error):/.test(line));
  return fatal?.replace(/^.*?(?=(FATAL|PANIC|error):)/, '') ?? 'it said nothing';
}
