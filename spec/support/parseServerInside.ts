// What specs use of parse-server that is not among its exports. Parse Server itself is loaded first: its modules are circular.
import 'parse-server';

import { createRequire } from 'node:module';

import type { RequestHandler } from 'express';

const ours = createRequire(import.meta.url);
const inside = createRequire(ours.resolve('parse-server'));

/** The configuration of each application that runs in this process, by its id. */
export const { AppCache } = inside('./cache.js') as {
  readonly AppCache: { get(appId: string): { readonly [option: string]: unknown } };
};

/** The classes of one database, of which a process knows those of one. */
export const { default: SchemaCache } = inside('./Adapters/Cache/SchemaCache.js') as {
  readonly default: { clear(): void };
};

/** The configuration of an application, made anew. */
export const { get: configOf } = inside('./Config.js') as {
  get(appId: string): { readonly database: unknown };
};

/** What every request to Parse Server passes. */
export const middlewares = inside('./middlewares.js') as {
  readonly handleParseHeaders: RequestHandler;
  readonly handleParseSession: RequestHandler;
};
