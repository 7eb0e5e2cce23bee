import { type ChildProcess, fork } from 'node:child_process';
import { on, once } from 'node:events';
import { open, readdir, realpath, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { folderInUse } from './dataFolder.js';
import { findPostgresBinaries, getPostgresVersion } from './postgresBinaries.js';
import { clusterFolder, hasCluster } from './postgresCluster.js';
import { checkOpenToPostgres } from './postgresUser.js';
import { clearTheWay, findHubOn, loadProcess } from './runningPostgres.js';
import { StartProblem } from './startProblem.js';

/** The superuser, and the database that initdb creates. */
const DATABASE_USER = 'hub';
const DATABASE_NAME = 'postgres';

const DRAFT = 'postgres.initializing-';
/** Another program may take a free port before PostgreSQL does. */
const PORT_TRIALS = 3;

const SCRIPT = fileURLToPath(new URL('./postgres.mjs', import.meta.url));

export interface EmbeddedPostgres {
  readonly uri: string;
  readonly pid: number;
  /** Settles when the database has ended, on request or not. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  /** Absolute, as `openDataFolder` returns it. */
  readonly dataFolder: string;
  readonly password: string;
  /** Receives a short description of each step that may take a while. */
  readonly progress?: (step: string) => void;
}

/** The messages that postgres.mjs sends. */
type Step =
  | { readonly step: 'starting' }
  | { readonly step: 'ready'; readonly port: number; readonly pid: number }
  /** `said`: the output of PostgreSQL, or the reason why it did not run. */
  | { readonly step: 'failed'; readonly said: string };

/**
 * Throws if the embedded PostgreSQL cannot run on this machine or on this folder; does not start it. Returns its version, and
 * whether the folder contains a database. `dataFolder`: DATA_DIR, or the nearest folder above it.
 */
export async function checkEmbeddedPostgres(
  dataFolder: string,
): Promise<{ readonly version: string; readonly exists: boolean }> {
  const { postgres } = await findPostgresBinaries();
  await checkOpenToPostgres(dirname(postgres), "The folder of PostgreSQL's programs");
  const version = await getPostgresVersion(postgres);
  await checkOpenToPostgres(dataFolder, 'DATA_DIR');
  return { version, exists: await hasCluster(dataFolder) };
}

/**
 * Starts the PostgreSQL in DATA_DIR/postgres, on a free port of the loopback address. Creates it on first use, and stops one
 * whose hub was killed. PostgreSQL's own lock keeps a second hub out of the folder. It stops when this process ends, even if
 * the process is killed.
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const { password, progress = () => undefined } = options;
  const dataFolder = await realpath(options.dataFolder);
  const { exists } = await checkEmbeddedPostgres(dataFolder);
  const folder = clusterFolder(dataFolder);
  await clearTheWay(folder);
  await removeDrafts(dataFolder);
  if (!exists) progress('Creating the database');
  const child = await forkSupervisor(dataFolder);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const ports = await Promise.all(Array.from({ length: PORT_TRIALS }, findFreePort));
  const draftPrefix = join(dataFolder, DRAFT);
  const login = { user: DATABASE_USER, password };
  child.send({ folder, draftPrefix, isNew: !exists, ports, ...login });
  const { port, pid } = await untilReady(child, { dataFolder, progress });
  // If the supervising process was killed, the database still runs.
  child.once('exit', (code) => {
    if (code !== 0) interrupt(pid);
  });
  return {
    uri: `postgres://${DATABASE_USER}:${password}@127.0.0.1:${String(port)}/${DATABASE_NAME}`,
    pid,
    ended,
    async stop() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

/** Returns a port of the loopback address that is free at this moment. */
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

/** Removes unfinished databases of starts that were killed, but not one that another start is creating. */
async function removeDrafts(dataFolder: string): Promise<void> {
  for (const name of await readdir(dataFolder)) {
    const pid = name.startsWith(DRAFT) && /^\d+/.exec(name.slice(DRAFT.length))?.[0];
    if (pid === false) continue;
    const owner = await loadProcess(Number(pid));
    if (owner?.command.includes(dataFolder)) continue;
    await rm(join(dataFolder, name), { recursive: true, force: true });
  }
}

const logPath = (dataFolder: string) => join(dataFolder, 'postgres.log');

async function forkSupervisor(dataFolder: string): Promise<ChildProcess> {
  const log = await open(logPath(dataFolder), 'w', 0o600);
  try {
    const child = fork(SCRIPT, [dataFolder, String(process.pid)], {
      cwd: dataFolder,
      detached: true,
      execArgv: [],
      stdio: ['ignore', log.fd, log.fd, 'ipc'],
      env: supervisorEnvironment(),
    });
    await once(child, 'spawn');
    return child;
  } finally {
    await log.close();
  }
}

/** Returns the environment variables that PostgreSQL needs. The others may contain secrets. */
function supervisorEnvironment(): NodeJS.ProcessEnv {
  const names = ['PATH', 'TZ', 'SystemRoot', 'TEMP', 'LD_LIBRARY_PATH'];
  const kept = names.flatMap((name) =>
    process.env[name] === undefined ? [] : [[name, process.env[name]]],
  );
  return Object.fromEntries(kept) as NodeJS.ProcessEnv;
}

interface Start {
  readonly dataFolder: string;
  readonly progress: (step: string) => void;
}

async function untilReady(child: ChildProcess, { dataFolder, progress }: Start) {
  const gone = new AbortController();
  // Not its exit, of which this process may hear before it has read the last message.
  child.once('disconnect', () => {
    gone.abort();
  });
  try {
    for await (const [message] of on(child, 'message', { signal: gone.signal })) {
      const step = message as Step;
      if (step.step === 'ready') return step;
      if (step.step === 'failed') throw await problemOf(step.said, dataFolder);
      progress('Starting PostgreSQL');
    }
  } catch (error) {
    if (error instanceof StartProblem) throw error;
  }
  throw await problemOf('', dataFolder);
}

/** Returns a message with PostgreSQL's own reason, such as files, permissions or memory: the remedy depends on it. */
async function problemOf(said: string, dataFolder: string): Promise<StartProblem> {
  const folder = clusterFolder(dataFolder);
  if (said.includes('lock file "postmaster.pid" already exists')) {
    return folderInUse(dataFolder, await findHubOn(folder));
  }
  const reason = reasonIn(said) || 'it gave no reason';
  if (reason.includes('password authentication failed')) {
    return new StartProblem(
      `The database in ${folder} does not accept the password in secrets.json next to it: restore the secrets.json that belongs to it, or choose another DATA_DIR to start over`,
    );
  }
  return new StartProblem(
    `The embedded PostgreSQL cannot use ${folder}: ${reason}. Fix the cause, restore ${folder} from a backup, or choose another DATA_DIR to start over. The full output is in ${logPath(dataFolder)}`,
  );
}

/** Returns PostgreSQL's error with its details and hints, or the whole output if it has no marked error. */
function reasonIn(said: string): string {
  const lines = said.split('\n').map((line) => line.trim());
  // Why a login was refused while it starts or recovers is not the reason.
  const marked = lines.filter(
    (line) =>
      /\b(FATAL|PANIC|DETAIL|HINT|error): /.test(line) &&
      !/FATAL: +the database system is /.test(line),
  );
  const first = marked.findIndex((line) => /\b(FATAL|PANIC|error): /.test(line));
  const chosen = first < 0 ? lines : marked.slice(first, first + 3);
  const text = chosen.map((line) => line.replace(/^.*?(?=(FATAL|PANIC|DETAIL|HINT): )/, ''));
  return text.join(' ').replace(/\s+/g, ' ').trim().replace(/\.$/, '').slice(0, 600);
}

function interrupt(pid: number): void {
  try {
    process.kill(pid, 'SIGINT');
  } catch {
    // It has ended as well.
  }
}
