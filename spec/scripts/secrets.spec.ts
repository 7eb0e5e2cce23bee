import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openSecrets, saveSecrets } from '../../scripts/start/secrets.js';

let folder: string;
let umask: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hub-secrets-'));
  umask = process.umask(0);
});
afterEach(async () => {
  process.umask(umask);
  await rm(folder, { recursive: true });
});

const path = () => join(folder, 'secrets.json');
const modeOf = async (file: string) => (await stat(file)).mode & 0o777;

it('generates secrets once, in a file that only its owner can read, whatever the umask is', async () => {
  const first = await openSecrets(folder);
  expect(first.isNew).toBe(true);
  expect(await modeOf(path())).toBe(0o600);
  expect(await openSecrets(folder)).toEqual({ secrets: first.secrets, isNew: false });
  expect(await readdir(folder)).toEqual(['secrets.json']);
});

it('generates different secrets, within a folder and between folders', async () => {
  const { secrets } = await openSecrets(folder);
  await rm(path());
  const { secrets: others } = await openSecrets(folder);
  const all = [...Object.values(secrets), ...Object.values(others)];
  expect(all).toHaveLength(12);
  expect(new Set(all).size).toBe(12);
});

it('keeps the mode of the file when it saves later', async () => {
  const { secrets } = await openSecrets(folder);
  const demoReceiver = { port: 40_000, secret: 'whsec_example', organizationId: 'org1' };
  await saveSecrets(folder, { ...secrets, demoReceiver });
  expect((await openSecrets(folder)).secrets.demoReceiver).toEqual(demoReceiver);
  expect(await modeOf(path())).toBe(0o600);
});

it('corrects the mode of a file that others could read, and warns', async () => {
  await openSecrets(folder);
  await chmod(path(), 0o644);
  const { repaired } = await openSecrets(folder);
  expect(repaired).toContain('was readable for other users');
  expect(await modeOf(path())).toBe(0o600);
});

it.each([
  ['cut off', '{"masterKey":"canary-canary-canary'],
  ['without one of the secrets', '{"masterKey":"canary-canary-canary"}'],
])('refuses a file that is %s, keeps it and does not repeat it', async (_, text) => {
  await writeFile(path(), text);
  const error = await openSecrets(folder).then(
    () => new Error('it was accepted'),
    (reason: Error) => reason,
  );
  expect(error).toMatchObject({
    name: 'StartProblem',
    message: expect.stringContaining('is damaged'),
  });
  expect(String(error)).not.toContain('canary');
  expect(await readFile(path(), 'utf8')).toBe(text);
});

it('generates none if a database exists whose secrets are missing', async () => {
  await mkdir(join(folder, 'postgres'));
  await writeFile(join(folder, 'postgres', 'PG_VERSION'), '18\n');
  await expect(openSecrets(folder)).rejects.toThrow('secrets.json is missing, but the database');
  expect(await readdir(folder)).toEqual(['postgres']);
});
