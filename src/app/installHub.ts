import { registerFunctions } from '../../cloud/register.js';
import { checkJobNames, registerJobs } from '../../cloud/registerJobs.js';
import type { Authenticator } from '../authentication/authenticate.js';
import { createCallerContexts } from '../authentication/callerContext.js';
import type { Gateway } from '../authentication/gateway.js';
import { createCallGate } from '../platform/callGate/index.js';
import {
  checkRouter,
  mendEmailVerification,
  parseJobs,
  type ParseSdk,
  serverConfig,
} from '../platform/parse/index.js';
import { type App, composeApp, type Seams } from './compose.js';
import {
  applicationOf,
  checkFunctionNames,
  type HostCloud,
  loadHostCloud,
  logsRequests,
} from './hostCloud.js';
import type { InstalledHub } from './hubLife.js';
import type { HubSettings } from './hubSettings.js';

/** The options of a host's Parse Server that decide how the hub is installed in it. */
export interface HostCloudOptions {
  readonly cloud?: HostCloud | undefined;
  readonly verbose?: boolean | undefined;
  readonly logLevel?: string | undefined;
}

interface Installation {
  readonly settings: HubSettings;
  readonly seams: Seams;
  readonly authenticator: Authenticator;
  readonly challenges: Gateway['challenges'];
  /** Returns the public URL of Parse Server. */
  parseUrl(): string;
}

/**
 * Installs the hub in a Parse Server that loads its cloud code: the host's own code first, then the hub's classes, functions
 * and jobs. Throws when one of their names is taken.
 */
export async function installHub(
  installation: Installation,
  Parse: ParseSdk,
  host: HostCloudOptions,
): Promise<InstalledHub> {
  const { settings, seams, parseUrl } = installation;
  const { functions, jobs, scopes, rotationCalls } = settings;
  checkRouter(serverConfig(Parse));
  mendEmailVerification(serverConfig(Parse));
  await loadHostCloud(Parse, host.cloud);
  checkFunctionNames(Parse, { prefix: settings.options.functionPrefix, functions });
  checkJobNames(parseJobs(Parse), jobs);
  const options = { ...settings.options, connectors: settings.connectors };
  const app = await composeApp({ options, seams, scopes, jobs, rotationCalls, parseUrl }, Parse);
  if (logsRequests(host)) app.log.warn('parseServer.logsRequestBodies');
  return { app, gateway: register(installation, Parse, app) };
}

/** Makes functions and jobs callable, and returns what authentication needs of them. */
function register(
  { settings, authenticator, challenges }: Installation,
  Parse: ParseSdk,
  { services, log, clock, parseJobs: parse }: App,
): Gateway {
  const { functions, jobs } = settings;
  const { functionPrefix: prefix } = settings.options;
  const { loadUser, ...application } = applicationOf(Parse);
  const callerContexts = createCallerContexts({ services, loadUser, clock });
  const { actorOf: bearerOf, refuse: onNoTurn } = authenticator;
  const gate = createCallGate(settings.options.gate, clock);
  const onMembersChanged = callerContexts.changed;
  registerFunctions(
    { Parse, services, log, prefix, bearerOf, onMembersChanged, gate, onNoTurn },
    functions,
  );
  registerJobs({ jobs: parse, services, schedules: services.schedules, log }, jobs);
  const own = new Map(functions.map(({ name, access }) => [prefix + name, access]));
  return {
    ...application,
    services,
    log,
    callerContexts,
    gate,
    challenges,
    isOwn: (name) => own.has(name),
    permissionOf(name) {
      const access = own.get(name);
      return access?.kind === 'permission' ? access.permission : undefined;
    },
  };
}
