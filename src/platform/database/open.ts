import type { Db } from 'mongodb';

import { HubLane } from '../../../schemas/HubLane.js';
import type { Clock } from '../clock.js';
import { AS_DECLARED, type ClassNaming, storedClasses } from '../storedClasses.js';
import type { Database, EngineOptions } from './database.js';
import { mongodbDatabase } from './mongodb/database.js';
import { overStored } from './overStored.js';
import { postgresDatabase } from './postgres/database.js';
import type { PostgresClient } from './postgres/rows.js';

/**
 * The storage adapter of a Parse Server that has started: `Config.get(appId).database.adapter`. Its connection is a
 * pg-promise database under `_client`, or the driver's `Db` under `database`.
 */
export type StorageAdapter = object;

/**
 * Opens the hub's view of the database that Parse Server is connected to, and aligns the clock. It uses Parse Server's
 * connection and needs no closing. Throws when the adapter is neither Parse Server's PostgreSQL nor its MongoDB
 * adapter.
 */
export async function openDatabase(
  adapter: StorageAdapter,
  clock: Clock,
  naming: ClassNaming = AS_DECLARED,
): Promise<Database> {
  const classes = storedClasses(naming);
  const lanes = classes.stored(HubLane);
  const database = overStored(databaseOf(adapter, { clock, lanes }), classes);
  await database.now();
  return database;
}

function databaseOf(adapter: StorageAdapter, options: EngineOptions): Database {
  if ('_client' in adapter && has(adapter._client, 'any')) {
    return postgresDatabase(adapter._client as PostgresClient, options);
  }
  if ('database' in adapter && has(adapter.database, 'collection')) {
    const prefix = '_collectionPrefix' in adapter ? String(adapter._collectionPrefix) : '';
    return mongodbDatabase(adapter.database as Db, prefix, options);
  }
  throw new Error(
    'The hub needs a started Parse Server with PostgreSQL or MongoDB: this storage adapter is for neither.',
  );
}

function has(connection: unknown, method: string): connection is object {
  const isObject = typeof connection === 'object' || typeof connection === 'function';
  return isObject && connection !== null && typeof Reflect.get(connection, method) === 'function';
}
