import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import express, { type Application } from 'express';
import { MongoMemoryServer } from 'mongodb-memory-server-core';
import { ParseServer } from 'parse-server';

import type { App } from '../../src/app/compose.js';
import { createHub } from '../../src/app/hub.js';
import { type ClosableParseServer, closeParseServer } from '../start/closeParseServer.js';
import { findFreePort, startEmbeddedPostgres } from '../start/embeddedPostgres.js';
import { FUTURE_DEFAULTS } from '../start/futureDefaults.js';
import { startSink } from './processes.js';
import { sinkConnector } from './sinkConnector.js';

/** The setup of a benchmark: an empty database, a hub on a Parse Server in this process, a receiver in another process. */
export interface Stage {
  readonly app: App;
  /** The URL of Parse Server, which has a function `empty` that does nothing. */
  readonly parseUrl: string;
  /** The URL of the hub’s router. */
  readonly hubUrl: string;
  readonly appId: string;
  readonly sinkUrl: string;
  close(): Promise<void>;
}

interface Server extends ClosableParseServer {
  readonly app: Application;
  start(): Promise<unknown>;
}

const APP_ID = 'bench';

export async function openStage(engine: 'postgres' | 'mongodb'): Promise<Stage> {
  const closers: (() => Promise<unknown>)[] = [];
  const database = engine === 'postgres' ? await startPostgres() : await startMongodb();
  closers.unshift(database.close);
  const sink = await startSink();
  closers.unshift(sink.close);

  const port = await findFreePort();
  const parseUrl = `http://127.0.0.1:${String(port)}/parse`;
  const hubUrl = `http://127.0.0.1:${String(port)}/hub`;
  const hub = createHub(
    {
      secret: randomBytes(32).toString('hex'),
      publicUrl: hubUrl,
      allowedTargets: '127.0.0.1',
      connectors: [sinkConnector(sink.url)],
      scopes: { 'bench:call': { description: 'Call the empty function', functions: ['empty'] } },
      loops: false,
      logLevel: 'warn',
    },
    {},
  );
  const parse = createParseServer(hub, { parseUrl, databaseUri: database.uri });
  await parse.start();
  closers.unshift(() => closeParseServer(parse));
  await hub.start();
  closers.unshift(() => hub.stop());

  const app = express();
  app.use('/hub', hub.router);
  app.use('/parse', hub.authenticate, parse.app);
  const server = createServer(app).listen(port, '127.0.0.1');
  await once(server, 'listening');
  closers.unshift(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return {
    app: hub.app(),
    parseUrl,
    hubUrl,
    appId: APP_ID,
    sinkUrl: sink.url,
    async close() {
      for (const close of closers) await close();
    },
  };
}

function createParseServer(
  hub: ReturnType<typeof createHub>,
  { parseUrl, databaseUri }: { parseUrl: string; databaseUri: string },
): Server {
  const options = hub.parseServerOptions({
    appId: APP_ID,
    masterKey: randomBytes(16).toString('hex'),
    databaseURI: databaseUri,
    serverURL: parseUrl,
    cloud: (Parse: { Cloud: { define(name: string, run: () => object): void } }) => {
      Parse.Cloud.define('empty', () => ({}));
    },
    logsFolder: null,
    logLevel: 'error',
    silent: true,
    ...FUTURE_DEFAULTS,
  });
  return new (ParseServer as unknown as new (options: object) => Server)(options);
}

interface BenchDatabase {
  readonly uri: string;
  close(): Promise<unknown>;
}

/** Starts PostgreSQL as `npm start` does, in a folder that is removed afterwards. */
async function startPostgres(): Promise<BenchDatabase> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'hub-bench-'));
  // When root starts the benchmark, PostgreSQL runs as another user, who must be able to enter.
  await chmod(dataFolder, 0o711);
  const postgres = await startEmbeddedPostgres({
    dataFolder,
    password: randomBytes(16).toString('hex'),
  });
  return {
    uri: postgres.uri,
    async close() {
      await postgres.stop();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}

/** Starts the mongod in MONGOMS_SYSTEM_BINARY, or downloads one. */
async function startMongodb(): Promise<BenchDatabase> {
  const mongodb = await MongoMemoryServer.create();
  return { uri: mongodb.getUri('bench'), close: () => mongodb.stop() };
}
