// Starts the databases of a run in which at least one *.db.spec.ts takes part. Plain JavaScript, because jest loads it
// before it can transform ES modules.
import { startPostgres } from './postgres.mjs';
import { createRunFolder, removeOrphans, removeRunFolder } from './runFolder.mjs';

export default async function globalSetup() {
  const running = [];
  globalThis.hubSpecDatabases = running;
  await removeOrphans();
  const postgres = await startPostgres();
  running.push(postgres);
  process.env['SPEC_POSTGRES'] = postgres.uri;
  const binary = process.env['SPEC_MONGOD'];
  if (binary) {
    const mongod = await startMongod(binary);
    running.push(mongod);
    process.env['SPEC_MONGODB'] = mongod.uri;
  }
  const missing = process.env['SPEC_MONGOD_MISSING'];
  process.stdout.write(
    binary
      ? '\nThese specs run on PostgreSQL and MongoDB.\n'
      : `\nThese specs run on PostgreSQL. MongoDB was not tested: ${missing}\n`,
  );
  const withoutBrowser = process.env['SPEC_CHROMIUM_MISSING'];
  process.stdout.write(
    withoutBrowser
      ? `No browser was tested: ${withoutBrowser}\n`
      : `Specs in a browser run in ${process.env['SPEC_CHROMIUM']}.\n`,
  );
  const withoutNginx = process.env['SPEC_NGINX_MISSING'];
  if (withoutNginx) process.stdout.write(`Nothing was tested behind nginx: ${withoutNginx}\n`);
}

async function startMongod(systemBinary) {
  process.env['MONGOMS_SYSTEM_BINARY_VERSION_CHECK'] = 'false';
  const { MongoMemoryServer } = await import('mongodb-memory-server-core');
  const folder = await createRunFolder();
  const server = await MongoMemoryServer.create({
    binary: { systemBinary },
    instance: { dbPath: folder },
  });
  return {
    uri: server.getUri().replace(/\/$/, ''),
    async stop() {
      await server.stop({ doCleanup: false });
      await removeRunFolder(folder);
    },
  };
}
