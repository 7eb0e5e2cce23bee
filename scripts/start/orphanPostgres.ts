import { execFile } from 'node:child_process';
import { readdir, readFile, readlink, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';

import { birthOf } from './processBirth.js';
import { StartProblem } from './startProblem.js';

const run = promisify(execFile);

/** How long a database may take to write what is in memory before it is told to stop at once, which is safe too. */
const ORDERLY_STOP_MS = 20_000;
const IMMEDIATE_STOP_MS = 10_000;

/**
 * Ends a PostgreSQL that still runs on this folder because the process that started it was killed, and waits until it has
 * gone. A file that it left behind is removed once nothing runs on the folder: PostgreSQL itself would take any process
 * that was given its old id for it. https://www.postgresql.org/docs/18/server-shutdown.html
 */
export async function endOrphan(folder: string): Promise<void> {
  const pidFile = join(folder, 'postmaster.pid');
  const pid = await loadPostmasterPid(folder);
  if (pid === undefined) return;
  if (await runsOn(pid, folder)) {
    process.kill(pid, 'SIGINT');
    if (!(await hasGone(pid, folder, ORDERLY_STOP_MS))) {
      process.kill(pid, 'SIGQUIT');
      if (!(await hasGone(pid, folder, IMMEDIATE_STOP_MS))) {
        throw new StartProblem(
          `A PostgreSQL (process ${String(pid)}) still runs on ${folder} and does not stop: end it, then start again`,
        );
      }
    }
  }
  if (!(await othersHaveGone(folder))) {
    throw new StartProblem(
      `Processes of a PostgreSQL still run on ${folder}: end them, then start again`,
    );
  }
  await rm(pidFile, { force: true });
}

/** The first line of https://www.postgresql.org/docs/18/storage-file-layout.html's postmaster.pid. */
async function loadPostmasterPid(folder: string): Promise<number | undefined> {
  const text = await readFile(join(folder, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number(text.split('\n')[0]);
  return Number.isInteger(pid) && pid > 1 ? pid : undefined;
}

/** Whether that process is a PostgreSQL of this folder and not a stranger that was given the same id since. */
async function runsOn(pid: number, folder: string): Promise<boolean> {
  if ((await birthOf(pid)) === undefined) return false;
  if (process.platform === 'linux') return (await workingFolderOf(pid)) === folder;
  if (process.platform === 'win32') {
    const { stdout } = await run('tasklist', ['/FI', `PID eq ${String(pid)}`]);
    return stdout.includes('postgres.exe');
  }
  const { stdout } = await run('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => ({
    stdout: '',
  }));
  return stdout.includes(folder);
}

// PostgreSQL works from inside its folder.
async function workingFolderOf(pid: number | string): Promise<string> {
  return readlink(`/proc/${String(pid)}/cwd`).catch(() => '');
}

async function hasGone(pid: number, folder: string, withinMs: number): Promise<boolean> {
  return becomes(async () => !(await runsOn(pid, folder)), withinMs);
}

/** A killed postmaster's children end by themselves within moments; Linux shows whether they have. */
async function othersHaveGone(folder: string): Promise<boolean> {
  if (process.platform !== 'linux') return true;
  return becomes(async () => {
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    const folders = await Promise.all(pids.map(workingFolderOf));
    return !folders.includes(folder);
  }, IMMEDIATE_STOP_MS);
}

async function becomes(condition: () => Promise<boolean>, withinMs: number): Promise<boolean> {
  const endMs = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > endMs) return false;
    await wait(25);
  }
  return true;
}
