import { randomBytes, randomUUID } from 'node:crypto';
import { chmod, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import { errorCode } from './errorCode.js';
import { hasCluster } from './postgresCluster.js';
import { StartProblem } from './startProblem.js';

const generated = z.string().min(20);

const stored = z.strictObject({
  masterKey: generated,
  hubSecret: generated,
  dashboardPassword: generated,
  databasePassword: generated,
  sessionSecret: generated,
  demoPassword: generated,
  /** Once the first start's webhook exists: what its receiver needs to verify again. */
  demoReceiver: z
    .strictObject({ port: z.number().int(), secret: z.string(), organizationId: z.string() })
    .optional(),
});

/** What was generated on the first start. Settings take the place of those that a setting exists for. */
export type Secrets = z.output<typeof stored>;

export interface OpenedSecrets {
  readonly secrets: Secrets;
  /** Whether they were generated just now. */
  readonly isNew: boolean;
  /** Set when the file could be read by others and was closed: others may know what is in it. */
  readonly repaired?: string;
}

export const secretsPath = (dataFolder: string) => join(dataFolder, 'secrets.json');

/** Reads the folder's secrets, or generates them on its first start. Never generates anew over a file it cannot read. */
export async function openSecrets(dataFolder: string): Promise<OpenedSecrets> {
  const path = secretsPath(dataFolder);
  const text = await loadText(path);
  if (text === undefined) {
    if (await hasCluster(dataFolder)) {
      throw new StartProblem(
        `${path} is gone, but the database that its secrets belong to is there: restore it from a copy, or choose another DATA_DIR to begin anew`,
      );
    }
    const secrets = generateSecrets();
    await saveSecrets(dataFolder, secrets);
    return { secrets, isNew: true };
  }
  const secrets = parse(path, text);
  const repaired = await close(path);
  return { secrets, isNew: false, ...(repaired !== undefined && { repaired }) };
}

/** Throws for a secrets file that cannot be used; one that others can read is closed by the start. */
export async function checkSecrets(dataFolder: string): Promise<string> {
  const path = secretsPath(dataFolder);
  const text = await loadText(path);
  if (text === undefined) return 'none yet, the first start generates them';
  parse(path, text);
  return `in ${path}`;
}

/** Replaces the file as a whole, so that a crash leaves the old or the new one. Mode 0600 whatever the umask. */
export async function saveSecrets(dataFolder: string, secrets: Secrets): Promise<void> {
  const path = secretsPath(dataFolder);
  const draft = `${path}.${randomUUID()}`;
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(`${JSON.stringify(secrets, null, 2)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

async function loadText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw new StartProblem(
      `${path} cannot be read by this user: start as the user who started first, or choose another DATA_DIR`,
    );
  }
}

function generateSecrets(): Secrets {
  const secret = (bytes: number) => randomBytes(bytes).toString('base64url');
  return {
    masterKey: secret(32),
    hubSecret: secret(32),
    dashboardPassword: secret(18),
    databasePassword: secret(32),
    sessionSecret: secret(32),
    demoPassword: secret(18),
  };
}

function parse(path: string, text: string): Secrets {
  try {
    return stored.parse(JSON.parse(text));
  } catch {
    // Its text must not be repeated, and generating anew would make everything encrypted with it unreadable.
    throw new StartProblem(
      `${path} is damaged: restore it from a copy, or choose another DATA_DIR to begin anew`,
    );
  }
}

async function close(path: string): Promise<string | undefined> {
  if (process.platform === 'win32' || ((await stat(path)).mode & 0o077) === 0) return undefined;
  await chmod(path, 0o600);
  return `${path} could be read by other users of this machine; it no longer can. Whoever may have read it knows the secrets in it.`;
}
