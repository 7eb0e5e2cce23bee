// Parts of parse-server that specs use and that it does not export. Parse Server itself is loaded first: its modules are
// circular.
import 'parse-server';

import { createRequire } from 'node:module';

import type { RequestHandler } from 'express';

const ours = createRequire(import.meta.url);
const inside = createRequire(ours.resolve('parse-server'));

/** The configuration of each application that runs in this process, by its id. */
export const { AppCache } = inside('./cache.js') as {
  readonly AppCache: { get(appId: string): { readonly [option: string]: unknown } };
};

/** The cached classes of a database. A process can hold those of one database only. */
export const { default: SchemaCache } = inside('./Adapters/Cache/SchemaCache.js') as {
  readonly default: { clear(): void };
};

/** Returns a new configuration object of an application. */
export const { get: configOf } = inside('./Config.js') as {
  get(appId: string): { readonly database: unknown };
};

const bcrypt = inside('bcryptjs') as { hash(text: string, cost: number): Promise<string> };
const passwords = inside('./password.js') as { hash(password: string): Promise<string> };
/** The lowest cost that bcrypt accepts. Parse Server uses 10, which takes most of the time of a sign-up. */
const COST_MIN = 4;

/** Lowers the cost of passwords that are set from now on. */
export function hashPasswordsQuickly(): void {
  passwords.hash = (password) => bcrypt.hash(password, COST_MIN);
}

const { Parse } = inside('parse/node') as {
  readonly Parse: {
    readonly applicationId: string;
    readonly masterKey: string;
    serverURL: string;
    initialize(appId: string, javaScriptKey: string, masterKey: string): void;
    readonly CoreManager: {
      getRESTController(): object;
      setRESTController(controller: object): void;
    };
  };
};

/** Remembers the server that started last. Returns a function that points the one SDK of cloud code at it again. */
export function rememberServer(): () => void {
  const { applicationId, masterKey, serverURL, CoreManager } = Parse;
  const controller = CoreManager.getRESTController();
  return () => {
    Parse.initialize(applicationId, 'unused', masterKey);
    Parse.serverURL = serverURL;
    CoreManager.setRESTController(controller);
  };
}

/** The middlewares that every request to Parse Server passes. */
export const middlewares = inside('./middlewares.js') as {
  readonly handleParseHeaders: RequestHandler;
  readonly handleParseSession: RequestHandler;
};
