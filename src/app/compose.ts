import type { DestinationStream } from 'pino';

import { type Audit, auditStore, createAudit, createSeals } from '../audit/index.js';
import { createHealth, type Health } from '../monitoring/index.js';
import {
  organizationStore,
  ownOrganizations,
  type Tenancy,
  tenancyOf,
} from '../organizations/index.js';
import type { Clock } from '../platform/clock.js';
import type { Database } from '../platform/database/index.js';
import type { Lookup } from '../platform/http/index.js';
import { LaneLoop, type LaneWorker } from '../platform/lanes/index.js';
import type { Log } from '../platform/log.js';
import {
  parseHostRows,
  type ParseJobs,
  parseJobs,
  parseMail,
  type ParseSdk,
} from '../platform/parse/index.js';
import { Slots } from '../platform/slots.js';
import { createSchedules, scheduleStore } from '../schedules/index.js';
import type { ScopeRegistry } from '../scopes/index.js';
import {
  createVaultService,
  type RotationCalls,
  type VaultService,
  vaultStore,
} from '../vault/index.js';
import { createWebhooks, webhookStore } from '../webhooks/index.js';
import { openCallers } from './callers.js';
import { openCalls } from './calls.js';
import type { CheckedOptions } from './checkOptions.js';
import { type HttpGateway, openHttp } from './httpGateway.js';
import { MAINTENANCE, maintenanceWorker } from './maintenanceLane.js';
import { openOrganizations } from './organizations.js';
import { openPlatform, type Platform } from './platform.js';
import type { Services } from './services.js';

/** The dependencies that specs replace: time, randomness, name resolution, the log's destination, sizes. */
export interface Seams {
  readonly clock?: Clock | undefined;
  readonly random?: (() => number) | undefined;
  readonly lookup?: Lookup | undefined;
  readonly logDestination?: DestinationStream | undefined;
  /** The interval at which lanes woken by other processes are found. */
  readonly pollMs?: number | undefined;
  /** Lanes held at once. */
  readonly lanesMax?: number | undefined;
  /** How long a token endpoint may take. */
  readonly tokenTimeoutMs?: number | undefined;
}

/** The inputs of the composition: the host's options, a spec's replacements, the hub's own jobs. */
export interface Composition {
  readonly options: CheckedOptions;
  readonly seams: Seams;
  readonly scopes: ScopeRegistry;
  readonly jobs: readonly { readonly name: string; readonly cron?: string }[];
  readonly rotationCalls: RotationCalls;
  /** Returns the public URL of Parse Server. */
  parseUrl(): string;
}

/** The running product: the services of cloud functions and jobs, and the loops. */
export interface App {
  readonly services: Services;
  readonly parseJobs: ParseJobs;
  readonly database: Database;
  readonly log: Log;
  readonly clock: Clock;
  readonly health: Health;
  start(): Promise<void>;
  /** Works everything that is due now, once; returns the number of lanes held for it. */
  drain(): Promise<number>;
  /** Finishes work in progress and releases every lane. */
  stop(): Promise<void>;
}

/** Composes the application: the one file that knows every domain. Called when Parse Server loads its cloud code. */
export async function composeApp(composition: Composition, Parse: ParseSdk): Promise<App> {
  const { options, seams, scopes } = composition;
  const platform = await openPlatform(options, seams, Parse);
  const { log, clock, database } = platform;
  const gateways = openGateways(composition, Parse);

  const vault = await openVault(composition, platform);
  const organizations = organizationStore(platform);
  const tenancy = openTenancy(composition, organizations);
  const { readersOf } = tenancy;
  const webhooks = createWebhooks({
    ...webhookDeps(composition, platform, gateways.http),
    vault,
    readersOf,
    wakeLoop: () => loop.wake(),
  });
  const shared = { http: gateways.http, vault, tenancy, publish: webhooks.publish };
  const random = seams.random ?? Math.random;
  const calling = openCalls({ ...composition, random }, platform, shared);
  const schedules = openSchedules(composition, platform, gateways.parseJobs);
  const callers = openCallers(composition, platform, { tenancy, webhooks, ...gateways });
  const audit = openAudit(options, platform);
  const workers = {
    webhook: webhooks.deliver,
    maintenance: maintenanceWorker({ ...calling, webhooks: webhooks.maintenance, clock }),
    schedule: schedules.workSchedule,
    job: schedules.workRun,
    reencrypt: vault.workReencryption,
    connection: calling.connections.work,
    integration: calling.executions.work,
  };
  const loop: LaneLoop = openLoop(composition, platform, withAuditLog(audit, workers));
  const services: Services = {
    tenancy,
    webhooks,
    schedules,
    vault,
    audit,
    scopes,
    ...calling,
    ...openOrganizations(options, platform, {
      store: organizations,
      mail: gateways.mail,
      ...calling,
      ...callers,
      webhooks,
    }),
    ...callers,
    now: () => clock.now(),
    ...drains((kind) => loop.drain([kind])),
  };

  return {
    services,
    database,
    log,
    clock,
    parseJobs: gateways.parseJobs,
    health: createHealth({ database, loop: options.loops ? loop : undefined }),
    ...lifeOf({ services, loop, platform, http: gateways.http, isWorking: options.loops }),
  };
}

/** Returns functions that start, work once and stop, in the order in which the parts need each other. */
function lifeOf({
  services: { schedules, audit, apiKeys },
  loop,
  platform: { database, evaluators },
  http,
  isWorking,
}: {
  readonly services: Services;
  readonly loop: LaneLoop;
  readonly platform: Platform;
  readonly http: HttpGateway;
  readonly isWorking: boolean;
}): Pick<App, 'start' | 'drain' | 'stop'> {
  return {
    async start() {
      if (!isWorking) return;
      await database.wake([MAINTENANCE]);
      await schedules.start();
      loop.start();
    },
    async drain() {
      await schedules.start();
      return loop.drain();
    },
    async stop() {
      await Promise.all([loop.stop(), schedules.stop()]);
      await evaluators.close();
      await audit.close();
      await apiKeys.flush();
      await http.client.close();
    },
  };
}

/** Opens what leads out of the hub: to external services, and into Parse. */
function openGateways({ options, seams }: Composition, Parse: ParseSdk) {
  return { http: openHttp(options, seams), parseJobs: parseJobs(Parse), mail: parseMail(Parse) };
}

/** Returns the work of the loop that jobs run at once. */
function drains(drain: (kind: string) => Promise<number>) {
  return {
    deliverDue: () => drain('webhook'),
    refreshDue: () => drain('connection'),
    reencryptDue: () => drain('reencrypt'),
  };
}

function openTenancy(
  { options, scopes }: Composition,
  store: ReturnType<typeof organizationStore>,
): Tenancy {
  return tenancyOf(options.organizations ?? ownOrganizations(store), store, scopes.grantedTo);
}

async function openVault(
  { options, rotationCalls }: Composition,
  platform: Platform,
): Promise<VaultService> {
  const { clock, log, config } = platform;
  const vault = createVaultService({
    clock,
    log,
    app: config.appId,
    store: vaultStore(platform),
    secrets: [options.secret, ...options.previousSecrets],
    iterations: options.keyIterations,
    kms: options.kms,
    calls: rotationCalls,
    hostClasses: options.vault.classes,
    hostRows: parseHostRows(config.database),
  });
  await vault.unlock();
  return vault;
}

function openAudit(options: CheckedOptions, { rows, database, clock, log }: Platform) {
  const seals = createSeals([options.secret, ...options.previousSecrets]);
  const store = auditStore({ rows, database });
  return createAudit({ store, seals, clock, log, retentionDays: options.retention.auditDays });
}

function openSchedules({ jobs }: Composition, platform: Platform, parse: ParseJobs) {
  const { clock, log, database, rows, config } = platform;
  return createSchedules({
    clock,
    log,
    database,
    jobs: parse,
    own: jobs,
    store: scheduleStore({ parse: config.database, rows, database }),
  });
}

/** Records in the audit log what lanes change by themselves, such as a webhook disabled because its receiver is gone. */
function withAuditLog(
  { watch }: Pick<Audit, 'watch'>,
  workers: Readonly<Record<string, LaneWorker>>,
): Readonly<Record<string, LaneWorker>> {
  const entries = Object.entries(workers).map(([kind, work]): [string, LaneWorker] => [
    kind,
    (lane) => watch({ function: `lane.${kind}`, actor: 'hub' }, () => work(lane)),
  ]);
  return Object.fromEntries(entries);
}

function openLoop(
  { seams }: Composition,
  { database, clock, log }: Platform,
  workers: Readonly<Record<string, LaneWorker>>,
): LaneLoop {
  return new LaneLoop({
    database,
    clock,
    log,
    workers,
    ...(seams.pollMs !== undefined && { pollMs: seams.pollMs }),
    ...(seams.lanesMax !== undefined && { lanesMax: seams.lanesMax }),
  });
}

function webhookDeps(
  { options, seams }: Composition,
  { clock, log, rows, database, evaluators, validations }: Platform,
  { client: http, targets, lookup }: HttpGateway,
) {
  return {
    clock,
    log,
    evaluators,
    validations,
    http,
    targets,
    lookup,
    store: webhookStore({ rows, database }),
    slots: new Slots(options.inFlightMax),
    retention: options.retention,
    random: seams.random ?? Math.random,
  };
}
