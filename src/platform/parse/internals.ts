import { createRequire } from 'node:module';
import path from 'node:path';

import { StartRefused } from '../../contract/index.js';
import type { LoggerController, ParseServerConfig } from './sdk.js';

/**
 * The internals of parse-server 9 that the hub needs. It ships no types for them; they are unchanged since version 3.
 */
export interface ParseServerInternals {
  readonly triggers: {
    getFunction(name: string, applicationId: string): unknown;
    getJob(name: string, applicationId: string): unknown;
  };
  /** The logger of the process. */
  readonly logger: { getLogger(): LoggerController };
  readonly batch: {
    /** The returned function throws for a path that is not under one of the URLs. */
    makeBatchRoutingPathFunction(
      originalUrl: string,
      serverURL: string | undefined,
      publicServerURL: string | undefined,
    ): (path: string) => string;
  };
  /** A router that routes by path, as for batches and cloud code. */
  readonly PromiseRouter: new () => {
    route(method: string, path: string, handler: () => Promise<unknown>): void;
    match(method: string, path: string): { readonly params: unknown };
  };
  readonly RestWrite: { readonly prototype: RestWrite };
  readonly UserController: { readonly prototype: UserController };
  /** The version of the package `router` that parse-server loads. */
  readonly routerVersion: string;
}

/** One write of a row, as Parse Server prepares it. */
export interface RestWrite {
  _validateEmail(this: RestWrite): Promise<unknown>;
  /** Which row is updated; absent when one is created. */
  readonly query?: unknown;
  readonly data: {
    readonly email?: unknown;
    readonly authData?: unknown;
    readonly _email_verify_token?: unknown;
  };
  readonly storage: object;
  readonly config: {
    readonly ip?: unknown;
    readonly userController: UserController;
  };
  readonly auth: { readonly isMaster?: boolean; readonly installationId?: string };
  buildParseObjects(): { readonly originalObject: unknown; readonly updatedObject: unknown };
}

export interface UserController {
  setEmailVerifyToken(data: object, request: object, storage: object): Promise<unknown>;
  sendVerificationEmail(...given: unknown[]): Promise<unknown>;
}

const known = new WeakMap<object, ParseServerInternals>();
const require = createRequire(import.meta.url);

/**
 * Returns the internals of the running parse-server, found by the class of its database controller: a host may have
 * another copy than the one that the hub would resolve, and would then register its functions elsewhere. Modules of
 * parse-server are only read here, never loaded: they are circular, and loading one out of order leaves others
 * incomplete.
 */
export function parseServerInternals({ database }: ParseServerConfig): ParseServerInternals {
  const { constructor } = database;
  const internals = known.get(constructor) ?? takeInternals(constructor);
  known.set(constructor, internals);
  return internals;
}

const CONTROLLER = path.join('lib', 'Controllers', 'DatabaseController.js');

function takeInternals(constructor: unknown): ParseServerInternals {
  const isRunning = (file: string) =>
    file.endsWith(CONTROLLER) && require.cache[file]?.exports === constructor;
  const file = Object.keys(require.cache).find(isRunning);
  if (file === undefined) {
    throw new StartRefused(
      'The hub does not find the modules of the parse-server that runs it. A bundle must leave parse-server out (external), and so must a loader that replaces require().',
    );
  }
  const take = createRequire(file);
  return {
    triggers: take('../triggers.js') as ParseServerInternals['triggers'],
    logger: take('../logger.js') as ParseServerInternals['logger'],
    batch: take('../batch.js') as ParseServerInternals['batch'],
    RestWrite: take('../RestWrite.js') as ParseServerInternals['RestWrite'],
    UserController: (take('./UserController.js') as Pick<ParseServerInternals, 'UserController'>)
      .UserController,
    PromiseRouter: exportOf(take('../PromiseRouter.js')),
    routerVersion: (take('router/package.json') as { readonly version: string }).version,
  };
}

function exportOf(module: unknown): ParseServerInternals['PromiseRouter'] {
  return (module as { readonly default: ParseServerInternals['PromiseRouter'] }).default;
}
