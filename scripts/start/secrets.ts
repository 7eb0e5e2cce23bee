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
  /** The data with which the demo's receiver verifies messages after a restart; set once its webhook exists. */
  demoReceiver: z
    .strictObject({ port: z.number().int(), secret: z.string(), organizationId: z.string() })
    .optional(),
});

/** The secrets generated on the first start. A setting overrides the secret of the same purpose. */
export type Secrets = z.output<typeof stored>;

export interface OpenedSecrets {
  readonly secrets: Secrets;
  /** Whether they have just been generated. */
  readonly isNew: boolean;
  /** A warning, set if other users could read the file before its mode was corrected. */
  readonly repaired?: string;
}

export const secretsPath = (dataFolder: string) => join(dataFolder, 'secrets.json');

/** Reads the folder's secrets, or generates them on the first start. Never overwrites a file that it cannot read. */
export async function openSecrets(dataFolder: string): Promise<OpenedSecrets> {
  const path = secretsPath(dataFolder);
  const text = await loadText(path);
  if (text === undefined) {
    if (await hasCluster(dataFolder)) {
      throw new StartProblem(
        `${path} is missing, but the database that needs its secrets exists: restore it from a backup, or choose another DATA_DIR to start over`,
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

/** Throws if the secrets file cannot be used. A start corrects the mode of a file that others can read. */
export async function checkSecrets(dataFolder: string): Promise<string> {
  const path = secretsPath(dataFolder);
  const text = await loadText(path);
  if (text === undefined) return 'none yet; the first start generates them';
  parse(path, text);
  return `in ${path}`;
}

/** Replaces the file as a whole, so that a crash leaves the old or the new one. The mode is 0600 whatever the umask is. */
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
      `${path} is not readable for this user: start as the user who created it, or choose another DATA_DIR`,
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
    // The message must not contain the text. New secrets could not decrypt what was encrypted with the old ones.
    throw new StartProblem(
      `${path} is damaged: restore it from a backup, or choose another DATA_DIR to start over`,
    );
  }
}

async function close(path: string): Promise<string | undefined> {
  if (process.platform === 'win32' || ((await stat(path)).mode & 0o077) === 0) return undefined;
  await chmod(path, 0o600);
  return `${path} was readable for other users of this machine. Its mode is now 0600, but they may have read the secrets in it: consider replacing them.`;
}
