import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';

import { StartProblem } from './startProblem.js';

/** The time for an orderly stop, in which the database writes its memory. An immediate stop, which is safe too, follows. */
const ORDERLY_STOP_MS = 20_000;
const IMMEDIATE_STOP_MS = 10_000;

interface RunningPostgres {
  readonly pid: number;
  /** The process of the hub that started it; missing if that has ended. */
  readonly hubPid?: number;
}

interface Process {
  readonly parent: number;
  readonly command: string;
}

/** Returns the process id of the hub that runs PostgreSQL on this folder, if there is one. Changes nothing. */
export async function findHubOn(folder: string): Promise<number | undefined> {
  const found = await findPostgres(folder);
  return found === 'another program' ? undefined : found?.hubPid;
}

/**
 * Frees the folder for PostgreSQL. Stops one whose hub was killed and waits until it has ended. Removes a postmaster.pid that
 * names another program, which PostgreSQL would take for its own. Throws a StartProblem if a PostgreSQL does not end. Leaves
 * the PostgreSQL of a running hub alone.
 */
export async function clearTheWay(folder: string): Promise<void> {
  const found = await findPostgres(folder);
  if (found === 'another program') await rm(pidFile(folder));
  else if (found !== undefined && found.hubPid === undefined) await endOrphan(folder, found.pid);
}

const pidFile = (folder: string) => join(folder, 'postmaster.pid');

async function findPostgres(
  folder: string,
): Promise<RunningPostgres | 'another program' | undefined> {
  // https://www.postgresql.org/docs/18/storage-file-layout.html
  const text = await readFile(pidFile(folder), 'utf8').catch(() => '');
  const pid = Number(text.split('\n')[0]);
  const postgres = Number.isInteger(pid) && pid > 1 ? await loadProcess(pid) : undefined;
  if (postgres === undefined) return undefined;
  if (!postgres.command.includes(folder)) return 'another program';
  const parent = await loadProcess(postgres.parent);
  const hubPid = Number(/postgres\.mjs .* (\d+)$/.exec(parent?.command ?? '')?.[1]);
  // Once the hub has ended, its child has another parent.
  return hubPid === parent?.parent ? { pid, hubPid } : { pid };
}

async function endOrphan(folder: string, pid: number): Promise<void> {
  if (await endsBy('SIGINT', { folder, pid, withinMs: ORDERLY_STOP_MS })) return;
  if (await endsBy('SIGQUIT', { folder, pid, withinMs: IMMEDIATE_STOP_MS })) return;
  throw new StartProblem(
    `PostgreSQL (process ${String(pid)}) still runs on ${folder} and does not stop: end the process, then start again`,
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
    // It has ended, or belongs to another user. The loop below finds out which.
  }
  const endMs = performance.now() + withinMs;
  while ((await loadProcess(pid))?.command.includes(folder)) {
    if (performance.now() > endMs) return false;
    await wait(25);
  }
  return true;
}

/** Returns `undefined` if no such process runs. */
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
    // A zombie has no command: it has ended, but its parent has not read its exit status.
    if (command === '') return undefined;
    const parent = Number(/^PPid:\s*(\d+)$/m.exec(status)?.[1]);
    return { parent, command: command.replaceAll('\0', ' ').trim() };
  } catch {
    return undefined;
  }
}
