import { randomInt } from 'node:crypto';

import type { DestinationStream } from 'pino';

import { HubLane, schemas } from '../../schemas/index.js';
import { type Clock, systemClock } from '../platform/clock.js';
import { type Database, openDatabase } from '../platform/database/index.js';
import {
  createEvaluators,
  createValidations,
  type Evaluators,
  type Validations,
} from '../platform/evaluation/index.js';
import { createLog, type Log } from '../platform/log.js';
import {
  installClasses,
  type InstalledClasses,
  parseRoles,
  parseRows,
  type ParseSdk,
  type ParseServerConfig,
  parseUsers,
  type Roles,
  type Rows,
  schemaDefinitions,
  serverConfig,
  type Users,
} from '../platform/parse/index.js';
import { type ClassNaming, storedClasses } from '../platform/storedClasses.js';
import type { CheckedOptions } from './checkOptions.js';

/** The services that every domain uses, for a Parse Server that is starting; the hub's classes exist. */
export interface Platform {
  readonly config: ParseServerConfig;
  readonly log: Log;
  readonly clock: Clock;
  readonly database: Database;
  /** Starts no process before the first evaluation. */
  readonly evaluators: Evaluators;
  readonly validations: Validations;
  readonly rows: Rows;
  readonly roles: Roles;
  readonly users: Users;
}

export interface PlatformSeams {
  readonly clock?: Clock | undefined;
  readonly logDestination?: DestinationStream | undefined;
}

/** Throws a StartRefused when a class of the host has a name that the hub needs. */
export async function openPlatform(
  options: CheckedOptions,
  seams: PlatformSeams,
  Parse: ParseSdk,
): Promise<Platform> {
  const config = serverConfig(Parse);
  const log = createLog(options.logLevel, seams.logDestination);
  const clock = seams.clock ?? systemClock();
  const naming = namingOf(options);
  const database = await openDatabase(config.database.adapter, clock, naming);
  const evaluators = createEvaluators();
  const rows = parseRows(config.database, storedClasses(naming));
  const platform = {
    config,
    log,
    clock,
    database,
    evaluators,
    validations: createValidations(evaluators),
    rows,
    roles: parseRoles(Parse),
    users: parseUsers(Parse),
  };
  await installWithRetry(() => install(platform, naming));
  return platform;
}

const INSTALL_TRIES = 5;

/**
 * Processes that start at once on an empty database create the same tables and indexes, and PostgreSQL refuses all but
 * one even where a statement says `if not exists`. Installing is safe to repeat; the hub's own errors have no code.
 */
async function installWithRetry(install: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await install();
    } catch (error) {
      const isDatabases = error instanceof Error && 'code' in error;
      if (!isDatabases || tries === INSTALL_TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, randomInt(50, 300)));
    }
  }
}

/** Returns the host's choice of class names. */
export function namingOf({ classPrefix, organizations }: CheckedOptions): ClassNaming {
  return { prefix: classPrefix, organizationClass: organizations?.className };
}

/** Installs the classes, then the parts of them that Parse cannot declare. */
async function install({ config, database, rows }: Platform, naming: ClassNaming): Promise<void> {
  const { engine } = database;
  const definitions = schemaDefinitions(schemas, { engine, ...naming });
  const { stored, isMade } = storedClasses(naming);
  const first = definitions.find(({ className }) => className === stored(HubLane).name);
  if (!first) throw new Error('HubLane is not among the schemas.');
  const others = definitions.filter((definition) => definition !== first);
  const installed = installedClasses(database, rows);
  await installClasses(config, { first, others, installed, naming });
  await database.prepare(schemas.filter(isMade));
}

/** Reads and writes the record of the hub's classes. It is stored as the state of a lane that is never due. */
function installedClasses(database: Database, rows: Rows): InstalledClasses {
  const lane = { kind: 'installation', key: 'classes' };
  return {
    async load() {
      const row = await rows.load(HubLane, { id: `${lane.kind}:${lane.key}` });
      return row?.state?.['classNames'] as readonly string[] | undefined;
    },
    async record(classNames) {
      // The record of the hub's classes must exist before any is created: wait for another process that is recording.
      for (;;) {
        const hold = await database.holdOne(lane, 10_000);
        if (hold) return database.release([{ hold, state: { classNames } }]);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
  };
}
