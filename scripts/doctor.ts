import { resolve } from 'node:path';

import type { Settings } from '../src/platform/settings.js';
import { checkPort, checkRouter } from './start/checks.js';
import { loadConnectors } from './start/connectors.js';
import { checkDatabase } from './start/databaseCheck.js';
import { checkDataFolder, folderInUse, nearestFolder } from './start/dataFolder.js';
import { checkEmbeddedPostgres } from './start/embeddedPostgres.js';
import { clusterFolder } from './start/postgresCluster.js';
import { readSettings } from './start/readSettings.js';
import { findHubOn } from './start/runningPostgres.js';
import { paint, say } from './start/say.js';
import { checkSecrets } from './start/secrets.js';
import { StartProblem } from './start/startProblem.js';

/** Returns a description of what passed. Throws a StartProblem that says what is wrong and what to do. */
type Check = () => string | Promise<string>;

let failures = 0;

function report(name: string, text: string, isRight: boolean): void {
  if (!isRight) failures += 1;
  say(`${isRight ? paint('green', 'ok  ') : paint('red', 'FAIL')} ${name.padEnd(12)} ${text}`);
}

async function run(name: string, check: Check): Promise<void> {
  try {
    report(name, await check(), true);
  } catch (error) {
    if (!(error instanceof StartProblem)) throw error;
    for (const sentence of error.message.split('\n')) report(name, sentence, false);
  }
}

async function checkStored({ DATABASE_URI, DATA_DIR }: Settings): Promise<void> {
  const folder = await nearestFolder(DATA_DIR);
  await run('data folder', async () => {
    const hub = DATABASE_URI === undefined ? await findHubOn(clusterFolder(folder)) : undefined;
    if (hub !== undefined) throw folderInUse(folder, hub);
    await checkDataFolder(folder);
    const isThere = folder === resolve(DATA_DIR);
    return isThere ? `${folder} is writable` : `can be created in ${folder}`;
  });
  await run('secrets', () => checkSecrets(folder));
  await run('database', async () => {
    if (DATABASE_URI !== undefined) return checkDatabase(DATABASE_URI);
    const { version, exists } = await checkEmbeddedPostgres(folder);
    return `embedded, ${version}, ${exists ? 'contains data' : 'no data yet'}`;
  });
}

let settings: Settings | undefined;
await run('settings', () => {
  settings = readSettings(process.env);
  return 'all values are valid';
});
await run('Node', () => process.versions.node);
await run('router', () => checkRouter());
if (settings !== undefined) {
  const { PORT, BIND_ADDRESS } = settings;
  const read = settings;
  await run('connectors', async () => {
    const keys = (await loadConnectors(read)).map(({ key }) => key);
    return keys.length === 0 ? 'built-in' : `built-in, ${keys.join(', ')}`;
  });
  await run('port', () => checkPort({ port: PORT, address: BIND_ADDRESS }));
  await checkStored(settings);
} else {
  say('     Port, data folder and database are checked once all settings are valid.');
}
process.exitCode = failures === 0 ? 0 : 1;
