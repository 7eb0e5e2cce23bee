import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';

import { StartProblem } from './startProblem.js';

/** How long a database may take to write what is in memory before it is told to stop at once, which is safe too. */
const ORDERLY_STOP_MS = 20_000;
const IMMEDIATE_STOP_MS = 10_000;

interface RunningPostgres {
  readonly pid: number;
  /** The hub that started it; missing when that has ended. */
  readonly hubPid?: number;
}

interface Process {
  readonly parent: number;
  readonly command: string;
}

/** The process id of the hub that has this folder's PostgreSQL running, if one has. Changes nothing. */
export async function findHubOn(folder: string): Promise<number | undefined> {
  const found = await findPostgres(folder);
  return found === 'a stranger' ? undefined : found?.hubPid;
}

/**
 * Makes sure that nothing keeps PostgreSQL from this folder which no hub has any more: ends one whose hub was killed and
 * waits until it has gone, and removes a file that names another program, which PostgreSQL would take for itself. Throws
 * a StartProblem for one that does not end; leaves that of a living hub alone.
 */
export async function clearTheWay(folder: string): Promise<void> {
  const found = await findPostgres(folder);
  if (found === 'a stranger') await rm(pidFile(folder));
  else if (found !== undefined && found.hubPid === undefined) await endOrphan(folder, found.pid);
}

const pidFile = (folder: string) => join(folder, 'postmaster.pid');

async function findPostgres(folder: string): Promise<RunningPostgres | 'a stranger' | undefined> {
  // https://www.postgresql.org/docs/18/storage-file-layout.html
  const text = await readFile(pidFile(folder), 'utf8').catch(() => '');
  const pid = Number(text.split('\n')[0]);
  const postgres = Number.isInteger(pid) && pid > 1 ? await loadProcess(pid) : undefined;
  if (postgres === undefined) return undefined;
  if (!postgres.command.includes(folder)) return 'a stranger';
  const parent = await loadProcess(postgres.parent);
  const hubPid = Number(/postgres\.mjs .* (\d+)$/.exec(parent?.command ?? '')?.[1]);
  // Once the hub has ended, its child is another process's.
  return hubPid === parent?.parent ? { pid, hubPid } : { pid };
}

async function endOrphan(folder: string, pid: number): Promise<void> {
  if (await endsBy('SIGINT', { folder, pid, withinMs: ORDERLY_STOP_MS })) return;
  if (await endsBy('SIGQUIT', { folder, pid, withinMs: IMMEDIATE_STOP_MS })) return;
  throw new StartProblem(
    `A PostgreSQL (process ${String(pid)}) still runs on ${folder} and does not stop: end it, then start again`,
  );
}

interface Ending {
  readonly folder: string;
  readonly pid: number;
  readonly withinMs: number;
}

async function endsBy(signal: NodeJS.Signals, ending: Ending): Promise<boolean> {
  const { folder, pid, withinMs } = ending;
  try {
    process.kill(pid, signal);
  } catch {
    // It has gone meanwhile, or belongs to another user: which of them is seen below.
  }
  const endMs = performance.now() + withinMs;
  while ((await loadProcess(pid))?.command.includes(folder)) {
    if (performance.now() > endMs) return false;
    await wait(25);
  }
  return true;
}

/** `undefined` if no such process lives. */
export async function loadProcess(pid: number): Promise<Process | undefined> {
  if (process.platform === 'linux') return loadFromProc(pid);
  const [program, ...args] =
    process.platform === 'win32'
      ? ['powershell', '-Command', processQuery(pid)]
      : ['ps', '-ww', '-o', 'ppid=,command=', '-p', String(pid)];
  const { stdout } = await promisify(execFile)(program ?? '', args).catch(() => ({ stdout: '' }));
  const found = /^\s*(\d+)\s+(.*\S)/.exec(stdout);
  return found ? { parent: Number(found[1]), command: found[2] ?? '' } : undefined;
}

const processQuery = (pid: number) =>
  `Get-CimInstance Win32_Process -Filter 'ProcessId=${String(pid)}' | ForEach-Object { "$($_.ParentProcessId) $($_.CommandLine)" }`;

/** Slim containers have no ps. https://man7.org/linux/man-pages/man5/proc_pid_status.5.html */
async function loadFromProc(pid: number): Promise<Process | undefined> {
  try {
    const status = await readFile(`/proc/${String(pid)}/status`, 'utf8');
    const command = await readFile(`/proc/${String(pid)}/cmdline`, 'utf8');
    // A zombie, which only waits for its parent to notice that it has ended, has no command.
    if (command === '') return undefined;
    const parent = Number(/^PPid:\s*(\d+)$/m.exec(status)?.[1]);
    return { parent, command: command.replaceAll('\0', ' ').trim() };
  } catch {
    return undefined;
  }
}
