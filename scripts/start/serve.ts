import { once } from 'node:events';
import { createServer, type Server } from 'node:http';

import express, { type Application } from 'express';
import { ParseServer } from 'parse-server';

import { createIntegrationHub, type HubOptions, type IntegrationHub } from '../../index.js';
import type { ConnectorSpec } from '../../src/contract/index.js';
import type { Settings } from '../../src/platform/settings.js';
import { portProblem } from './checks.js';
import { type ClosableParseServer, closeParseServer } from './closeParseServer.js';
import { createDashboard, mountDashboard } from './dashboard.js';
import { FUTURE_DEFAULTS } from './futureDefaults.js';
import type { Secrets } from './secrets.js';
import type { Shutdown } from './shutdown.js';
import type { Query } from './trueCounts.js';
import { isDevelopment, ownParseUrl, publicUrls } from './urls.js';

/** The members used of a ParseServer. */
interface RunningParseServer extends ClosableParseServer {
  readonly app: Application;
  start(): Promise<unknown>;
}

/** The time that running requests have to finish when the server stops. Then their connections are closed. */
const REQUESTS_END_WITHIN_MS = 5_000;

export interface ServeOptions {
  readonly settings: Settings;
  readonly secrets: Secrets;
  readonly databaseUri: string;
  /** Private targets to which webhooks may be sent. */
  readonly allowedTargets: string;
  /** In addition to the built-in connectors. */
  readonly connectors: readonly ConnectorSpec[];
  readonly shutdown: Shutdown;
}

/**
 * Starts Parse Server, the hub and Dashboard on one port, as a host does. Resolves once requests are accepted, with a function
 * that queries the database if it is PostgreSQL. Registers with `shutdown` what has to be stopped.
 */
export async function serve(options: ServeOptions): Promise<Query | undefined> {
  const { settings, secrets, shutdown } = options;
  const hub = createHub(options);
  const parse = createParseServer(hub, options);
  shutdown.add(() => closeParseServer(parse));
  await parse.start();

  const app = express();
  const dashboard = dashboardFor(settings, secrets);
  for (const part of [app, parse.app, dashboard]) part.disable('x-powered-by');
  app.set('trust proxy', settings.TRUST_PROXY);
  app.use(hub.wellKnown);
  app.use('/hub', hub.router);
  app.use('/parse', hub.authenticate, parse.app);
  const urls = publicUrls(settings);
  mountDashboard(app, dashboard, urls.dashboard);
  app.get('/', (_req, res) => {
    res.redirect(urls.dashboard);
  });

  shutdown.add(() => hub.stop());
  await hub.start();
  const server = await listen(createServer(app), settings);
  shutdown.add(() => closeServer(server));
  const client = parse.config?.databaseController.adapter._client;
  return client && ((text) => client.any(text));
}

function createHub({
  settings,
  secrets,
  allowedTargets,
  connectors,
}: ServeOptions): IntegrationHub {
  return createIntegrationHub({
    secret: settings.HUB_SECRET ?? secrets.hubSecret,
    ...(settings.HUB_PREVIOUS_SECRET !== undefined && {
      previousSecrets: [settings.HUB_PREVIOUS_SECRET],
    }),
    keyIterations: settings.HUB_KEY_ITERATIONS,
    publicUrl: settings.PUBLIC_URL,
    trustProxy: settings.TRUST_PROXY,
    allowedTargets,
    connectors,
    allowHttp: settings.HUB_ALLOW_HTTP,
    loops: settings.HUB_LOOPS,
    logLevel: settings.LOG_LEVEL,
    functionPrefix: settings.HUB_FUNCTION_PREFIX,
    classPrefix: settings.HUB_CLASS_PREFIX,
    jobPrefix: settings.HUB_JOB_PREFIX,
    oauthClients: settings.HUB_OAUTH_CLIENTS,
    returnUrls: settings.HUB_RETURN_URLS,
    branding: brandingOf(settings),
    invitations: { url: settings.HUB_INVITATION_URL },
    inFlightMax: settings.HUB_IN_FLIGHT,
    retention: {
      eventDays: settings.HUB_EVENT_RETENTION_DAYS,
      attemptDays: settings.HUB_ATTEMPT_RETENTION_DAYS,
      auditDays: settings.HUB_AUDIT_RETENTION_DAYS,
    },
  });
}

/** Names that no text has are refused with the other options. */
function brandingOf(settings: Settings): NonNullable<HubOptions['branding']> {
  return {
    name: settings.HUB_BRAND_NAME,
    logoUrl: settings.HUB_BRAND_LOGO_URL,
    color: settings.HUB_BRAND_COLOR,
    language: settings.HUB_BRAND_LANGUAGE,
    texts: settings.HUB_BRAND_TEXTS,
    links: settings.HUB_BRAND_LINKS,
    forgotPasswordUrl: settings.HUB_FORGOT_PASSWORD_URL,
    signUpUrl: settings.HUB_SIGN_UP_URL,
  };
}

function createParseServer(hub: IntegrationHub, options: ServeOptions): RunningParseServer {
  const { settings, secrets, databaseUri } = options;
  const withHub = hub.parseServerOptions({
    appId: settings.APP_ID,
    masterKey: settings.MASTER_KEY ?? secrets.masterKey,
    masterKeyIps: settings.MASTER_KEY_IPS,
    databaseURI: databaseUri,
    serverURL: ownParseUrl(settings),
    publicServerURL: publicUrls(settings).parse,
    allowClientClassCreation: false,
    ...FUTURE_DEFAULTS,
    // Parse Server's log goes to the terminal only. The hub logs a line for each call of its functions.
    logsFolder: null,
    logLevel: parseLogLevel(settings),
    silent: settings.LOG_LEVEL === 'silent',
  });
  // The types do not allow a function as cloud, null as logsFolder, or an omitted maintenanceKey.
  return ParseServer(withHub as unknown as Parameters<typeof ParseServer>[0]);
}

/** Never more verbose than `info`: from `verbose` on, Parse Server logs whole requests with their secrets. */
function parseLogLevel({ LOG_LEVEL }: Settings): 'error' | 'warn' | 'info' {
  if (LOG_LEVEL === 'silent') return 'error';
  return LOG_LEVEL === 'debug' ? 'info' : LOG_LEVEL;
}

function dashboardFor(settings: Settings, secrets: Secrets) {
  return createDashboard({
    parseUrl: publicUrls(settings).parse,
    appId: settings.APP_ID,
    masterKey: settings.MASTER_KEY ?? secrets.masterKey,
    user: settings.DASHBOARD_USER,
    password: settings.DASHBOARD_PASSWORD ?? secrets.dashboardPassword,
    sessionSecret: secrets.sessionSecret,
    allowInsecureHttp: isDevelopment(settings),
  });
}

async function listen(server: Server, { PORT, BIND_ADDRESS }: Settings): Promise<Server> {
  try {
    server.listen(PORT, BIND_ADDRESS);
    await once(server, 'listening');
    return server;
  } catch (error) {
    throw portProblem(error, { port: PORT, address: BIND_ADDRESS });
  }
}

async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const deadline = setTimeout(() => {
    server.closeAllConnections();
  }, REQUESTS_END_WITHIN_MS);
  await closed;
  clearTimeout(deadline);
}
