import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

import { errorCode } from './errorCode.js';

const run = promisify(execFile);

/**
 * A text that is the same for one process all its life and differs for a later one that was given the same id, as
 * happens at once in a container that starts again. `undefined` if no such process lives. Where the system does not
 * tell when a process was born (Windows), being alive is all that is known.
 */
export async function birthOf(pid: number): Promise<string | undefined> {
  if (!isAlive(pid)) return undefined;
  if (process.platform === 'linux') return birthOnLinux(pid);
  if (process.platform === 'win32') return 'alive';
  const asked = run('ps', ['-o', 'lstart=', '-p', String(pid)]);
  return asked.then(({ stdout }) => stdout.trim() || undefined).catch(() => 'alive');
}

/** Whether a process of that id exists, whoever it belongs to. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

/** Field 22 of https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html counts from the start of this boot. */
async function birthOnLinux(pid: number): Promise<string | undefined> {
  try {
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    const stat = await readFile(`/proc/${String(pid)}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie has ended; it only waits for its parent to notice.
    return fields[0] === 'Z' ? undefined : `${boot.trim()} ${fields[19] ?? ''}`;
  } catch {
    return isAlive(pid) ? 'alive' : undefined;
  }
}
