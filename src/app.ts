import type { DestinationStream } from 'pino';

import { HubLane, schemas } from '../schemas/index.js';
import { ORGANIZATION_CLASS } from './contract/index.js';
import type { CheckedOptions } from './hubOptions.js';
import {
  createOrganizations,
  organizationStore,
  ownOrganizations,
  tenancyOf,
} from './organizations/index.js';
import { type Clock, systemClock } from './platform/clock.js';
import { type Database, type LaneId, openDatabase, retargeted } from './platform/database/index.js';
import {
  createHttpClient,
  createLookup,
  type HttpClient,
  type Lookup,
} from './platform/http/index.js';
import { LaneLoop, type LaneWorker } from './platform/lanes/index.js';
import { createLog, type Log } from './platform/log.js';
import {
  installClasses,
  type InstalledClasses,
  parseRoles,
  parseRows,
  type ParseSdk,
  type Rows,
  schemaDefinitions,
  serverConfig,
} from './platform/parse/index.js';
import { createSealer } from './platform/seal.js';
import { Slots } from './platform/slots.js';
import type { Services } from './services.js';
import { createWebhooks, webhookStore, type WebhookUpkeep } from './webhooks/index.js';

/** What specs replace: time, chance, name resolution, where the log goes. */
export interface Seams {
  readonly clock?: Clock | undefined;
  readonly random?: (() => number) | undefined;
  readonly lookup?: Lookup | undefined;
  readonly logDestination?: DestinationStream | undefined;
  /** How often lanes are looked at for what other processes woke. */
  readonly pollMs?: number | undefined;
  /** Lanes held at once. */
  readonly lanesMax?: number | undefined;
}

/** The running product: what the cloud functions and the jobs are given, and what runs beside them. */
export interface App {
  readonly services: Services;
  readonly database: Database;
  readonly log: Log;
  start(): Promise<void>;
  /** Works everything that is due now, once. */
  drain(): Promise<number>;
  /** Lets work under way end and gives every lane back. */
  stop(): Promise<void>;
}

/** The composition root: the one file that knows every domain. Called when Parse Server loads its cloud code. */
export async function composeApp(
  options: CheckedOptions,
  seams: Seams,
  Parse: ParseSdk,
): Promise<App> {
  const config = serverConfig(Parse);
  const log = createLog(options.logLevel, seams.logDestination);
  const clock = seams.clock ?? systemClock();
  const organizationClass = options.organizations?.className ?? ORGANIZATION_CLASS;
  const database = retargeted(
    await openDatabase(config.database.adapter, clock),
    organizationClass,
  );
  const rows = parseRows(config.database, organizationClass);
  await install({ config, database, rows, organizationClass });

  const organizations = organizationStore({
    rows,
    roles: parseRoles(Parse, config.database),
    database,
  });
  const tenancy = tenancyOf(options.organizations ?? ownOrganizations(organizations));
  const targets = { allowHttp: options.allowHttp, allowed: options.allowedTargets };
  const lookup = seams.lookup ?? createLookup(options.allowedTargets);
  const http = createHttpClient({
    policy: targets,
    lookup,
    maxConnectionsPerOrigin: options.inFlightMax,
  });
  const webhooks = createWebhooks({
    ...{ clock, log, http, targets, lookup },
    store: webhookStore({ rows, database }),
    sealer: createSealer(options.secret),
    slots: new Slots(options.inFlightMax),
    retention: options.retention,
    readersOf: (organizationId) => tenancy.readersOf(organizationId),
    random: seams.random ?? Math.random,
    wakeLoop: () => {
      loop.wake();
    },
  });
  const loop: LaneLoop = new LaneLoop({
    ...{ database, clock, log },
    workers: { webhook: webhooks.deliver, upkeep: upkeepWorker(webhooks.upkeep, clock) },
    ...(seams.pollMs !== undefined && { pollMs: seams.pollMs }),
    ...(seams.lanesMax !== undefined && { lanesMax: seams.lanesMax }),
  });
  const services: Services = {
    tenancy,
    webhooks,
    organizations: createOrganizations(organizations, clock),
    deliverDue: () => loop.drain(['webhook']),
  };
  return { services, database, log, ...running({ options, database, loop, http }) };
}

function running({
  options,
  database,
  loop,
  http,
}: {
  options: CheckedOptions;
  database: Database;
  loop: LaneLoop;
  http: HttpClient;
}): Pick<App, 'start' | 'drain' | 'stop'> {
  return {
    async start() {
      if (!options.loops) return;
      await database.wake([UPKEEP]);
      loop.start();
    },
    drain: () => loop.drain(),
    async stop() {
      await loop.stop();
      await http.close();
    },
  };
}

/** One process at a time looks for what a crash left; not a Parse job, which would leave a row each time. */
const UPKEEP: LaneId = { kind: 'upkeep', key: 'rescue' };
const UPKEEP_EVERY_MS = 15_000;

function upkeepWorker(upkeep: WebhookUpkeep, clock: Clock): LaneWorker {
  return async ({ signal }) => {
    await upkeep.rescue({ signal, progress: () => undefined });
    return { nextDueAt: new Date(clock.now().getTime() + UPKEEP_EVERY_MS) };
  };
}

/** Classes, then what Parse cannot declare of them. */
async function install({
  config,
  database,
  rows,
  organizationClass,
}: {
  config: ReturnType<typeof serverConfig>;
  database: Database;
  rows: Rows;
  organizationClass: string;
}): Promise<void> {
  const definitions = schemaDefinitions(schemas, { engine: database.engine, organizationClass });
  const first = definitions.find(({ className }) => className === HubLane.name);
  if (!first) throw new Error('HubLane is not among the schemas.');
  await installClasses(config, {
    first,
    others: definitions.filter((definition) => definition !== first),
    installed: installedClasses(database, rows),
  });
  await database.prepare(
    schemas.filter(({ name }) => definitions.some(({ className }) => className === name)),
  );
}

/** Kept as the state of a lane that is never due. */
function installedClasses(database: Database, rows: Rows): InstalledClasses {
  const lane = { kind: 'installation', key: 'classes' };
  return {
    async load() {
      const row = await rows.load(HubLane, { id: `${lane.kind}:${lane.key}` });
      return row?.state?.['classNames'] as readonly string[] | undefined;
    },
    async record(classNames) {
      const hold = await database.holdOne(lane, 10_000);
      // Somebody else records the same in this moment.
      if (hold) await database.release([{ hold, state: { classNames } }]);
    },
  };
}
