import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Router } from 'express';

import { reencryptSecrets } from '../../cloud/jobs/reencryptSecrets.js';
import { jobs as declaredJobs } from '../../cloud/manifest.js';
import { registerFunctions } from '../../cloud/register.js';
import { checkJobNames, registerJobs } from '../../cloud/registerJobs.js';
import { getEncryptionStatus } from '../../cloud/vault/getEncryptionStatus.js';
import { rotateEncryptionKey } from '../../cloud/vault/rotateEncryptionKey.js';
import { schemas } from '../../schemas/index.js';
import { createAuthenticator } from '../authentication/authenticate.js';
import type { ParseRequest } from '../authentication/bearer.js';
import { createStandings } from '../authentication/callerContext.js';
import type { Door } from '../authentication/gateway.js';
import { checkTargets } from '../connectors/index.js';
import { type ConnectorSpec, defineConnector } from '../contract/index.js';
import { hubRouter } from '../http/router.js';
import { notInstalled } from '../monitoring/index.js';
import { checkRouter, parseJobs, type ParseSdk, serverConfig } from '../platform/parse/index.js';
import { adviceOnTaken, storedClasses } from '../platform/storedClasses.js';
import { createScopes } from '../scopes/index.js';
import { type App, composeApp, type Seams } from './compose.js';
import {
  applicationOf,
  checkFunctionNames,
  functionsOf,
  type HostCloud,
  loadHostCloud,
  logsRequests,
} from './hostCloud.js';
import { type CheckedOptions, checkOptions, type HubOptions } from './options.js';
import { namingOf } from './platform.js';

/** The options of a ParseServer, as far as the hub looks at them; all others pass through. */
export interface HostParseServerOptions {
  readonly cloud?: HostCloud | undefined;
  readonly schema?:
    { readonly definitions?: readonly { readonly className: string }[] | undefined } | undefined;
  readonly allowHeaders?: readonly string[] | undefined;
  readonly serverURL?: string | undefined;
  readonly publicServerURL?: string | undefined;
  readonly verbose?: boolean | undefined;
  readonly logLevel?: string | undefined;
  readonly requestContextMiddleware?: unknown;
}

/** Who called a cloud function of the host’s with an API key, or with an access token of an OAuth app. */
export interface ProgramCaller {
  /** Of a key. */
  readonly apiKeyId?: string;
  /** Of a token. */
  readonly oauthAppId?: string;
  readonly organizationId: string;
  /** The member in whose name it acts. */
  readonly userId: string;
  /** What it is for, as far as that member may do it now. */
  readonly permissions: ReadonlySet<string>;
}

export interface IntegrationHub {
  /**
   * The host's options for `new ParseServer(…)` with the hub added: its classes, functions and jobs are there when
   * `server.start()` answers. Everything of the host's stays: its cloud code runs first, its schema is not touched.
   */
  parseServerOptions<Options extends HostParseServerOptions>(
    host: Options,
  ): Omit<Options, 'cloud' | 'allowHeaders' | 'requestContextMiddleware'> & {
    cloud: (Parse: never) => Promise<void>;
    allowHeaders: string[];
    requestContextMiddleware: (req: never, res: never, next: (error?: unknown) => void) => void;
  };
  /**
   * Adds a connector made with `defineConnector` or `connectorFromOpenApi`, beside those of the options. Before Parse Server
   * starts, or in the host's cloud code; throws afterwards, and when it is not well formed.
   */
  registerConnector(connector: ConnectorSpec): void;
  /** Health, the OpenAPI document, the reference; mounted where `publicUrl` points. */
  readonly router: Router;
  /**
   * Express middleware to mount before Parse Server, at the same path: gives each request the id by which every log names it, and makes who
   * sends an API key (`X-API-Key`, or `Authorization: Bearer`) a caller of the hub's functions and of what `scopes` open. Other
   * requests pass as they are.
   */
  readonly authenticate: (req: IncomingMessage, res: ServerResponse, next: () => void) => void;
  /**
   * For cloud functions and triggers of the host’s: who called with an API key, with its scopes among `permissions`;
   * `undefined` for everybody else. `request.user` is the member whose key it is. Rejects when he is no longer a member.
   */
  callerOf(request: { readonly headers?: object | undefined }): Promise<ProgramCaller | undefined>;
  /** Starts delivering and the schedules, unless `loops` is false. After `server.start()`. */
  start(): Promise<void>;
  /** Lets deliveries under way end, gives every lane back, closes connections to receivers. */
  stop(): Promise<void>;
  /** Delivers everything that is due and runs what is scheduled, once; for hosts that run no loop. */
  drain(): Promise<void>;
}

/** Adds the hub to a host's Parse Server. Throws when an option is wrong. */
export function createIntegrationHub(options: HubOptions): IntegrationHub {
  return createHub(options, {});
}

/** `createIntegrationHub` with the seams that specs use. Not part of the package's surface. */
export function createHub(given: HubOptions, seams: Seams): IntegrationHub & { app(): App } {
  const options = checkOptions(given);
  const functions = functionsOf({ ownOrganizations: options.organizations === undefined });
  const jobs = declaredJobs.map((job) => ({ ...job, name: options.jobPrefix + job.name }));
  const rotationCalls = {
    rotateFunction: options.functionPrefix + rotateEncryptionKey.name,
    statusFunction: options.functionPrefix + getEncryptionStatus.name,
    resealJob: options.jobPrefix + reencryptSecrets.name,
  };
  const registered: ConnectorSpec[] = [];
  const targets = { allowHttp: options.allowHttp, allowed: options.allowedTargets };
  for (const connector of options.connectors) checkTargets(connector, targets);
  const scopes = createScopes(options.scopes, {
    classes: classNamesOf(options),
    functions: new Set(functions.map(({ name }) => options.functionPrefix + name)),
  });
  let running: App | undefined;
  /** Why Parse Server did not start with the hub, for those who go on all the same. */
  let refusal: unknown;
  let gateway: Door | undefined;
  const authenticator = createAuthenticator(() => gateway);

  const app = (): App => {
    if (!running) {
      if (refusal instanceof Error) throw refusal;
      throw new Error(
        'Start Parse Server first: await server.start(), with the options of hub.parseServerOptions.',
      );
    }
    return running;
  };

  async function cloud(Parse: ParseSdk, host: HostParseServerOptions): Promise<void> {
    checkRouter(serverConfig(Parse));
    await loadHostCloud(Parse, host.cloud);
    checkFunctionNames(Parse, { prefix: options.functionPrefix, functions });
    checkJobNames(parseJobs(Parse), jobs);
    const connectors = [...options.connectors, ...registered];
    const composed = await composeApp(
      { options: { ...options, connectors }, seams, scopes, jobs, rotationCalls },
      Parse,
    );
    const { services, log } = composed;
    if (logsRequests(host)) log.warn('parseServer.logsRequestBodies');
    const { functionPrefix: prefix } = options;
    const { loadUser, ...application } = applicationOf(Parse);
    const callerContexts = createStandings({ services, loadUser, clock: composed.clock });
    const authenticationHooks = {
      bearerOf: authenticator.actorOf,
      onMembersChanged: callerContexts.changed,
    };
    registerFunctions({ Parse, services, log, prefix, ...authenticationHooks }, functions);
    const { schedules } = services;
    registerJobs({ jobs: composed.parseJobs, services, schedules, log }, jobs);
    running = composed;
    const own = new Set(functions.map(({ name }) => prefix + name));
    gateway = {
      ...application,
      services,
      log,
      standings: callerContexts,
      isOwn: (name) => own.has(name),
    };
  }

  let isStarted = false;
  let parseUrl = '/parse';
  return {
    app,
    authenticate: authenticator.receive,
    async callerOf({ headers }) {
      const actor = authenticator.actorOf(headers);
      if (!actor) return undefined;
      const { organizationId, ownerId: userId } = actor;
      const { tenancy } = app().services;
      const { permissions } = await tenancy.membershipOf(actor, organizationId);
      const which =
        actor.kind === 'apiKey' ? { apiKeyId: actor.apiKeyId } : { oauthAppId: actor.appId };
      return { ...which, organizationId, userId, permissions };
    },
    registerConnector(connector) {
      if (running) throw new Error('Register connectors before Parse Server starts.');
      const checked = defineConnector(connector);
      checkTargets(checked, targets);
      registered.push(checked);
    },
    router: hubRouter({
      functions,
      prefix: options.functionPrefix,
      publicUrl: options.publicUrl,
      returnUrls: options.returnUrls,
      parseUrl: () => parseUrl,
      readiness: async () => running?.health.check({ isStarted }) ?? notInstalled(),
      services: () => app().services,
      failed: (error, requestId) => {
        running?.log.error({ err: error, requestId }, 'router.failed');
      },
    }),
    parseServerOptions(host) {
      checkClassNames(host, options);
      parseUrl = host.publicServerURL ?? host.serverURL ?? parseUrl;
      return {
        ...host,
        cloud: (Parse: never) =>
          cloud(Parse, host).catch((error: unknown) => {
            refusal = error;
            throw error;
          }),
        allowHeaders: [...new Set([...(host.allowHeaders ?? []), ...HEADERS])],
        requestContextMiddleware: chainMiddleware(
          authenticator.admit,
          host.requestContextMiddleware,
        ),
      };
    },
    async start() {
      await app().start();
      isStarted = true;
    },
    async stop() {
      isStarted = false;
      await running?.stop();
    },
    async drain() {
      await app().drain();
    },
  };
}

/** What pages of other origins may send. */
const HEADERS = ['X-Request-Id', 'X-API-Key', 'Authorization'];

type Middleware<Request> = (
  req: Request,
  res: ServerResponse,
  next: (error?: unknown) => void,
) => void;

/** Ours, then that of the host. */
function chainMiddleware(admit: Middleware<ParseRequest>, hosts: unknown): Middleware<never> {
  if (hosts !== undefined && typeof hosts !== 'function')
    throw new Error('requestContextMiddleware must be a function.');
  return (req, res, next) => {
    admit(req, res, (error) => {
      if (hosts === undefined || error !== undefined) next(error);
      else (hosts as Middleware<never>)(req, res, next);
    });
  };
}

/** The classes that the hub makes, as they are stored. */
function classNamesOf(options: CheckedOptions): ReadonlySet<string> {
  const { stored, isMade } = storedClasses(namingOf(options));
  return new Set(schemas.filter(isMade).map((cls) => stored(cls).name));
}

/** Throws when the host declares a class that the hub declares: one of the two would be lost. */
function checkClassNames({ schema }: HostParseServerOptions, options: CheckedOptions): void {
  const ours = classNamesOf(options);
  const taken = schema?.definitions?.find(({ className }) => ours.has(className));
  if (taken) {
    throw new Error(
      `The hub declares the class ${taken.className} itself, and schema.definitions has one of that name. ${adviceOnTaken(taken.className, namingOf(options))}`,
    );
  }
}
