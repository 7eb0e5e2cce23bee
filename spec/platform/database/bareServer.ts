import type { RequestListener } from 'node:http';

import { ParseServer } from 'parse-server';

import { HubLane } from '../../../schemas/HubLane.js';
import { UsageMeter } from '../../../schemas/UsageMeter.js';
import { FUTURE_DEFAULTS } from '../../../scripts/start/futureDefaults.js';
import type { ClassSpec } from '../../../src/contract/index.js';
import { schemaDefinitions } from '../../../src/platform/parse/definitions.js';
import { AS_DECLARED } from '../../../src/platform/storedClasses.js';
import { configOf, SchemaCache } from '../../support/parseServerInside.js';
import { engine } from '../../support/store.js';
import { Errand, Order, Parcel, Scan } from './classes.js';

/** The classes of this suite. */
export const classes: readonly ClassSpec[] = [Parcel, Order, Scan, Errand, HubLane, UsageMeter];

export const MASTER_KEY = 'master';

/**
 * A Parse Server that does not listen: with tables as Parse makes them, and Parse's own functions to read and write
 * them.
 */
export interface BareServer {
  readonly appId: string;
  readonly app: RequestListener;
  readonly controller: ParseController;
  close(): Promise<void>;
}

type RestRow = Record<string, unknown>;

/** As much of parse-server's DatabaseController as the suite uses. */
interface ParseController {
  readonly adapter: {
    handleShutdown(): Promise<void>;
    getAllClasses(): Promise<{ className: string; indexes?: Record<string, unknown> }[]>;
  };
  find(className: string, query: RestRow, options: RestRow): Promise<RestRow[]>;
  create(className: string, row: RestRow): Promise<unknown>;
  update(className: string, query: RestRow, update: RestRow): Promise<unknown>;
}

let servers = 0;

/** Throws when Parse Server has logged an error: it goes on without a class whose definition it could not apply. */
export async function startBareServer(databaseURI: string): Promise<BareServer> {
  servers += 1;
  const errors: unknown[] = [];
  const loggerAdapter = { log: (_level: string, ...line: unknown[]) => errors.push(line) };
  const appId = `database-spec-${String(servers)}`;
  const options = {
    appId,
    databaseURI,
    masterKey: MASTER_KEY,
    serverURL: 'http://127.0.0.1:1/parse',
    schema: {
      definitions: schemaDefinitions(classes, { engine, ...AS_DECLARED }),
      keepUnknownIndexes: true,
    },
    ...FUTURE_DEFAULTS,
    logLevel: 'error',
    loggerAdapter,
  } as unknown as Parameters<typeof ParseServer>[0];
  const server = await withoutWarnings(async () => {
    const created = ParseServer(options);
    await created.start();
    return created;
  });
  if (errors.length > 0) throw new Error(`Parse Server has logged: ${JSON.stringify(errors)}`);
  const { database: controller } = configOf(appId) as { readonly database: ParseController };
  return {
    appId,
    app: server.app as RequestListener,
    controller,
    async close() {
      await controller.adapter.handleShutdown();
      // One cache for the process: a server on another database would believe that its classes are there.
      SchemaCache.clear();
    },
  };
}

/** pg-promise prints a warning for a second connection to one database, which is the point here, unless this is set. */
async function withoutWarnings<Result>(work: () => Promise<Result>): Promise<Result> {
  process.env['TESTING'] = '1';
  try {
    return await work();
  } finally {
    delete process.env['TESTING'];
  }
}
