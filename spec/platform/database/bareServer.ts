import { createRequire } from 'node:module';

import { ParseServer } from 'parse-server';

import { HubLane } from '../../../schemas/HubLane.js';
import type { ClassSpec } from '../../../src/contract/index.js';
import type { Clock } from '../../../src/platform/clock.js';
import { type Database, openDatabase } from '../../../src/platform/database/index.js';
import { schemaDefinitions } from '../../../src/platform/parse/definitions.js';
import { engine } from '../../support/store.js';
import { Errand, Order, Parcel, Scan } from './classes.js';

export const classes: readonly ClassSpec[] = [Parcel, Order, Scan, Errand, HubLane];

/** A Parse Server that listens nowhere, with the classes of this suite. */
export interface BareServer {
  readonly controller: ParseController;
  /** What Parse itself knows of a class: its indexes among it. */
  close(): Promise<void>;
}

/** As much of parse-server's DatabaseController as the suite uses. */
export interface ParseController {
  readonly adapter: {
    handleShutdown(): Promise<void>;
    getAllClasses(): Promise<{ className: string; indexes?: Record<string, unknown> }[]>;
  };
  find(
    className: string,
    query: Record<string, unknown>,
    options: Record<string, unknown>,
  ): Promise<Record<string, unknown>[]>;
  create(className: string, row: Record<string, unknown>): Promise<unknown>;
}

// Not in the package's types, and not reachable by import: the package has no export of it.
const { get: configOf } = createRequire(import.meta.url)('parse-server/lib/Config.js') as {
  get(appId: string): { database: ParseController };
};

let servers = 0;

export async function startBareServer(databaseURI: string): Promise<BareServer> {
  servers += 1;
  const appId = `database-spec-${String(servers)}`;
  const server = ParseServer({
    appId,
    databaseURI,
    masterKey: 'master',
    serverURL: 'http://127.0.0.1:1/parse',
    schema: {
      definitions: schemaDefinitions(classes, { engine, organizationClass: 'Organization' }),
      keepUnknownIndexes: true,
    },
    logLevel: 'error',
    silent: true,
    logsFolder: null,
  } as unknown as Parameters<typeof ParseServer>[0]);
  await server.start();
  const controller = configOf(appId).database;
  return { controller, close: () => controller.adapter.handleShutdown() };
}

/** A prepared database over a server's own connection. */
export async function openOver(server: BareServer, clock: Clock): Promise<Database> {
  const database = await openDatabase(server.controller.adapter, clock);
  await database.prepare(classes);
  return database;
}
