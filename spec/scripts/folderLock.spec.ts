import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { holderOf, type LockAttempt, lockFolder } from '../../scripts/start/folderLock.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hub-lock-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function idOfEndedProcess(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  return child.pid ?? 0;
}

function lockOf(attempt: LockAttempt) {
  if ('heldBy' in attempt) throw new Error(`held by ${String(attempt.heldBy)}`);
  return attempt.lock;
}

const takeTwentyAtOnce = () => Promise.all(Array.from({ length: 20 }, () => lockFolder(folder)));

it('of twenty at once, one gets the folder and the others hear who has it', async () => {
  const attempts = await takeTwentyAtOnce();
  expect(attempts.filter((attempt) => 'lock' in attempt)).toHaveLength(1);
  expect(attempts.filter((attempt) => 'heldBy' in attempt)).toEqual(
    Array.from({ length: 19 }, () => ({ heldBy: process.pid })),
  );
});

it('of twenty at once, one takes over from a process that has ended', async () => {
  await writeFile(join(folder, 'lock.7'), `${String(await idOfEndedProcess())} long ago\n`);
  const attempts = await takeTwentyAtOnce();
  expect(attempts.filter((attempt) => 'lock' in attempt)).toHaveLength(1);
  expect(await readdir(folder)).toEqual(['lock.8']);
});

it('a living process that was given the id of one that ended does not hold the folder', async () => {
  await writeFile(join(folder, 'lock.1'), `${String(process.pid)} born at another time\n`);
  expect(await holderOf(folder)).toBeUndefined();
  lockOf(await lockFolder(folder));
  expect(await holderOf(folder)).toBe(process.pid);
});

it('a lock that was released is free at once, and its file stays so that nobody mistakes the next', async () => {
  const lock = lockOf(await lockFolder(folder));
  await lock.release();
  expect(await holderOf(folder)).toBeUndefined();
  expect(await readdir(folder)).toEqual(['lock.1']);
  lockOf(await lockFolder(folder));
  expect(await readdir(folder)).toEqual(['lock.2']);
});

it('half a lock file holds nothing', async () => {
  await writeFile(join(folder, 'lock.1'), '');
  lockOf(await lockFolder(folder));
  expect(await holderOf(folder)).toBe(process.pid);
});
