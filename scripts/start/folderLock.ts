import { randomUUID } from 'node:crypto';
import { link, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { errorCode } from './errorCode.js';
import { birthOf } from './processBirth.js';

interface Holder {
  readonly pid: number;
  readonly birth: string;
}

export interface FolderLock {
  /** Lets the next process have the folder at once. A process that dies without it is recognised as dead. */
  release(): Promise<void>;
}

export type LockAttempt = { readonly lock: FolderLock } | { readonly heldBy: number };

/**
 * Takes a folder for this process, or says which living process has it. Locks are files `lock.1`, `lock.2` …: who
 * created the highest number holds the folder, and the next number may be created only after its holder has gone. The
 * highest file is never removed, so that nobody can mistake a lock that came back for the one he saw abandoned.
 */
export async function lockFolder(folder: string): Promise<LockAttempt> {
  for (;;) {
    const latest = await latestLock(folder);
    const holder = latest === 0 ? undefined : await livingHolder(pathOf(folder, latest));
    if (holder !== undefined) return { heldBy: holder.pid };
    const mine = latest + 1;
    if (!(await create(folder, mine))) continue;
    if ((await latestLock(folder)) === mine) {
      await removeBelow(folder, mine);
      return { lock: { release: () => abandon(folder, mine) } };
    }
    // While we looked at an old lock, others took and removed later ones.
    await rm(pathOf(folder, mine), { force: true });
  }
}

/** The living process that holds the folder, if any. Changes nothing. */
export async function holderOf(folder: string): Promise<number | undefined> {
  const latest = await latestLock(folder);
  return latest === 0 ? undefined : (await livingHolder(pathOf(folder, latest)))?.pid;
}

const pathOf = (folder: string, turn: number) => join(folder, `lock.${String(turn)}`);

async function turns(folder: string): Promise<number[]> {
  const names = await readdir(folder).catch(() => []);
  return names.flatMap((name) => {
    const digits = /^lock\.(\d+)$/.exec(name)?.[1];
    return digits === undefined ? [] : [Number(digits)];
  });
}

async function latestLock(folder: string): Promise<number> {
  return Math.max(0, ...(await turns(folder)));
}

async function livingHolder(path: string): Promise<Holder | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const [pid = '', ...birth] = text.trim().split(' ');
  if (!/^\d+$/.test(pid)) return undefined;
  const holder = { pid: Number(pid), birth: birth.join(' ') };
  return (await birthOf(holder.pid)) === holder.birth ? holder : undefined;
}

/** Whether the file was created: it appears with all its text, and only if it is not there. */
async function create(folder: string, turn: number): Promise<boolean> {
  const draft = await writeDraft(
    folder,
    `${String(process.pid)} ${(await birthOf(process.pid)) ?? ''}\n`,
  );
  try {
    await link(draft, pathOf(folder, turn));
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function abandon(folder: string, turn: number): Promise<void> {
  await rename(await writeDraft(folder, 'free\n'), pathOf(folder, turn));
}

async function writeDraft(folder: string, text: string): Promise<string> {
  const draft = join(folder, `.lock-${randomUUID()}`);
  await writeFile(draft, text, { mode: 0o644, flag: 'wx' });
  return draft;
}

async function removeBelow(folder: string, turn: number): Promise<void> {
  const old = (await turns(folder)).filter((other) => other < turn);
  await Promise.all(old.map((other) => rm(pathOf(folder, other), { force: true })));
}
