import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Router } from 'express';

import { createAuthenticator } from '../authentication/authenticate.js';
import type { ParseRequest } from '../authentication/gateway.js';
import type { BearerActor, ConnectorSpec } from '../contract/index.js';
import { hubRouter } from '../http/router.js';
import { wellKnownRouter } from '../http/wellKnown.js';
import { trustOf, type TrustProxy } from '../platform/http/index.js';
import type { ParseSdk } from '../platform/parse/index.js';
import { adviceOnTaken } from '../platform/storedClasses.js';
import type { CheckedOptions } from './checkOptions.js';
import type { App, Seams } from './compose.js';
import { createHubVault, type HubVault } from './hostVault.js';
import { HubLife } from './hubLife.js';
import { checkConnector, classNamesOf, type HubSettings, hubSettings } from './hubSettings.js';
import { type HostCloudOptions, installHub } from './installHub.js';
import type { HubOptions } from './options.js';
import { namingOf } from './platform.js';

/** The options of `new ParseServer(…)` that the hub reads; all others pass through. */
export interface HostParseServerOptions extends HostCloudOptions {
  readonly databaseURI?: string | undefined;
  readonly databaseAdapter?: unknown;
  readonly schema?:
    { readonly definitions?: readonly { readonly className: string }[] | undefined } | undefined;
  readonly allowHeaders?: readonly string[] | undefined;
  readonly serverURL?: string | undefined;
  readonly publicServerURL?: string | undefined;
  readonly requestContextMiddleware?: unknown;
}

/** The caller of a host's cloud function who used an API key, or an access token of an OAuth app. */
export interface ProgramCaller {
  /** Set when the caller used an API key. */
  readonly apiKeyId?: string;
  /** Set when the caller used an access token. */
  readonly oauthAppId?: string;
  readonly organizationId: string;
  /** The member for whom it acts. */
  readonly userId: string;
  /** The scopes of the key or token that this member may use now. */
  readonly permissions: ReadonlySet<string>;
}

export interface IntegrationHub {
  /**
   * Returns the host's options for `new ParseServer(…)` with the hub added: its classes, functions and jobs exist when
   * `server.start()` resolves. The host's cloud code runs first, and its schema is not changed.
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
   * The metadata of the authorization server, and of what accepts its tokens, where OAuth clients look first: below
   * `/.well-known/` of the host. Mount it at the root: `app.use(hub.wellKnown)`.
   */
  readonly wellKnown: Router;
  /**
   * Express middleware to mount before Parse Server, at the same path. It gives each request the id that every log line has,
   * and lets programs call the hub's functions, and what `scopes` open, with an API key (`X-API-Key`, or
   * `Authorization: Bearer`) or an access token. Log-ins, sign-ups and e-mails for passwords are counted (`bruteForce`).
   */
  readonly authenticate: (req: IncomingMessage, res: ServerResponse, next: () => void) => void;
  /**
   * Returns, in a cloud function or trigger of the host, who called with an API key or an access token; `undefined` for every
   * other caller. `request.user` is the key's owner. Rejects when they are no longer a member.
   */
  callerOf(request: { readonly headers?: object | undefined }): Promise<ProgramCaller | undefined>;
  /**
   * Encrypts values for your own classes, with the keys of the hub, from the time that `server.start()` resolves; its
   * functions reject before.
   */
  readonly vault: HubVault;
  /** Starts delivering and the schedules, unless `loops` is false. After `server.start()`. */
  start(): Promise<void>;
  /** Finishes deliveries in progress, releases every lane and closes connections to receivers. */
  stop(): Promise<void>;
  /** Delivers everything that is due and runs what is scheduled, once; for hosts with `loops: false`. */
  drain(): Promise<void>;
}

/** Adds the hub to a host's Parse Server. Throws when an option is wrong. */
export function createIntegrationHub(options: HubOptions): IntegrationHub {
  return createHub(options, {});
}

/** Creates a hub as `createIntegrationHub` does, with the seams that specs use. Not part of the package's surface. */
export function createHub(given: HubOptions, seams: Seams): IntegrationHub & { app(): App } {
  const settings = hubSettings(given);
  const life = new HubLife();
  const { options } = settings;
  const trust = options.trustProxy === undefined ? undefined : trustOf(options.trustProxy);
  const authenticator = createAuthenticator(() => life.gateway, {
    trust,
    passesForeignBearers: options.foreignBearers === 'pass',
    requestLimits: options.requestLimits || undefined,
  });
  const wellKnown = wellKnownRouter({
    publicUrl: options.publicUrl,
    services: () => life.getApp().services,
  });
  const parseUrl = () => life.parseUrl;
  const challenges = { resourceMetadata: () => life.resourceMetadata() };
  const app = () => life.getApp();
  const cloud = (Parse: ParseSdk, host: HostParseServerOptions) =>
    life.install(() =>
      installHub({ settings, seams, authenticator, challenges, parseUrl }, Parse, host),
    );

  return {
    app,
    authenticate: authenticator.receive,
    callerOf: ({ headers }) => callerOf(authenticator.actorOf(headers), app),
    registerConnector(connector) {
      if (life.isInstalled()) throw new Error('Register connectors before Parse Server starts.');
      settings.connectors.push(checkConnector(connector, options));
    },
    router: routerOf(settings, life, trust),
    vault: createHubVault(() => app().services.vault.host),
    get wellKnown() {
      life.publishesResources = true;
      return wellKnown;
    },
    parseServerOptions(host) {
      checkDatabaseUri(host);
      checkClassNames(host, options);
      life.parseUrl = host.publicServerURL ?? host.serverURL ?? life.parseUrl;
      return {
        cacheTTL: ROLES_CACHED_MS,
        ...host,
        cloud: (Parse: never) => cloud(Parse, host),
        allowHeaders: [...new Set([...(host.allowHeaders ?? []), ...HEADERS])],
        requestContextMiddleware: chainMiddleware(
          authenticator.admit,
          host.requestContextMiddleware,
        ),
      };
    },
    start: () => life.start(),
    stop: () => life.stop(),
    async drain() {
      await app().drain();
    },
  };
}

/** Returns the program behind a caller; `undefined` when there is none. Rejects when its owner is no longer a member. */
async function callerOf(
  actor: BearerActor | undefined,
  app: () => App,
): Promise<ProgramCaller | undefined> {
  if (!actor) return undefined;
  const { organizationId, ownerId: userId } = actor;
  const { permissions } = await app().services.tenancy.membershipOf(actor, organizationId);
  const which =
    actor.kind === 'apiKey' ? { apiKeyId: actor.apiKeyId } : { oauthAppId: actor.appId };
  return { ...which, organizationId, userId, permissions };
}

function routerOf(
  { functions, options }: HubSettings,
  life: HubLife,
  trust: TrustProxy | undefined,
): Router {
  return hubRouter({
    trust,
    functions,
    prefix: options.functionPrefix,
    publicUrl: options.publicUrl,
    returnUrls: options.returnUrls,
    parseUrl: () => life.parseUrl,
    readiness: () => life.readiness(),
    services: () => life.getApp().services,
    failed: (error, requestId) => {
      life.logFailure(error, requestId);
    },
  });
}

/**
 * How long Parse Server caches the roles and sessions of users, unless the host decides; its own default is 5 s. A member who
 * is removed in one process can read no rows through another within a second.
 */
const ROLES_CACHED_MS = 900;

/** Headers that pages of other origins may send. */
const HEADERS = ['X-Request-Id', 'X-API-Key', 'Authorization'];

type Middleware<Request> = (
  req: Request,
  res: ServerResponse,
  next: (error?: unknown) => void,
) => void;

/** Runs the hub's middleware, then that of the host. */
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

/**
 * Throws for an environment variable that is not set or empty: Parse Server would end with a TypeError, or use a MongoDB on
 * this machine.
 */
function checkDatabaseUri(host: HostParseServerOptions): void {
  if ('databaseURI' in host && !host.databaseURI?.trim() && !host.databaseAdapter) {
    throw new Error(
      'The option databaseURI of ParseServer is empty. Set it to the URL of a PostgreSQL or MongoDB database, such as postgres://localhost:5432/app.',
    );
  }
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
