import { templates } from '../../templates/index.js';
import { createCheckAccessList } from '../accessControl/index.js';
import { apiKeyStore } from '../apiKeys/index.js';
import { connectionStore, createConnections } from '../connections/index.js';
import { createConnectors } from '../connectors/index.js';
import type { Actor } from '../contract/index.js';
import { createExecutions, executionStore } from '../executions/index.js';
import { createExtensions, extensionDefaults, extensionStore } from '../extensions/index.js';
import {
  createHeaderVault,
  createIntegrationAdmin,
  integrationStore,
} from '../integrations/index.js';
import { oauthStore } from '../oauth/index.js';
import type { Tenancy } from '../organizations/index.js';
import type { VaultService } from '../vault/index.js';
import type { Webhooks } from '../webhooks/index.js';
import type { CheckedOptions } from './checkOptions.js';
import type { HttpGateway } from './httpGateway.js';
import type { Platform } from './platform.js';

/** The host's options, and a spec's replacements. */
interface CallsComposition {
  readonly options: CheckedOptions;
  readonly seams: { readonly tokenTimeoutMs?: number | undefined };
  readonly random: () => number;
}

/** Composes everything between an organization and external services. */
export function openCalls(
  { options, seams, random }: CallsComposition,
  platform: Platform,
  {
    http,
    vault,
    tenancy,
    publish,
  }: {
    readonly http: HttpGateway;
    readonly vault: VaultService;
    readonly tenancy: Tenancy;
    readonly publish: Webhooks['publish'];
  },
) {
  const { clock, database, evaluators, validations } = platform;
  const connectors = createConnectors([...templates, ...options.connectors]);
  const stores = {
    extensions: extensionStore(platform),
    integrations: integrationStore(platform),
    executions: executionStore(platform),
  };
  const { targets } = http;
  const shared = { clock, vault, connectors, targets, ...openAccess(platform, tenancy) };
  const headers = createHeaderVault(vault);
  const connections = createConnections({
    ...connectionDeps({ options, seams }, platform, http),
    ...shared,
    publish,
    defaultsOf: extensionDefaults({ store: stores.extensions, vault }),
  });
  return {
    connectors,
    connections,
    extensions: createExtensions({ ...shared, connections, store: stores.extensions }),
    integrations: createIntegrationAdmin({
      ...shared,
      connections,
      headers,
      store: stores.integrations,
      shareExecutions: stores.executions.share,
    }),
    executions: createExecutions({
      ...shared,
      connections,
      database,
      evaluators,
      validations,
      store: stores.executions,
      openHeaders: headers.open,
      integrations: stores.integrations,
      random,
      hubSecret: options.secret,
    }),
  };
}

/** Returns what the access control of integrations and connections needs to know of callers. */
function openAccess(platform: Platform, tenancy: Tenancy) {
  const keys = apiKeyStore(platform);
  const apps = oauthStore(platform);
  return {
    membershipOf: (actor: Actor, organizationId: string) =>
      tenancy.membershipOf(actor, organizationId),
    readersOf: (organizationId: string, accessList?: readonly string[]) =>
      tenancy.readersOf(organizationId, accessList),
    membershipOfCaller: (caller: string, organizationId: string) =>
      tenancy.membershipOfCaller(caller, organizationId),
    checkAccessList: createCheckAccessList({
      isMember: (organizationId, userId) => tenancy.isMember(organizationId, userId),
      isApiKey: async (organizationId, id) =>
        (await keys.find(organizationId, id))?.status === 'active',
      async isOAuthApp(organizationId, id) {
        const app = await apps.loadApp(id);
        return app?.organization === organizationId && app.status !== 'deleted';
      },
    }),
  };
}

function connectionDeps(
  { options, seams }: Pick<CallsComposition, 'options' | 'seams'>,
  { rows, database, clock, log }: Platform,
  { client: http }: HttpGateway,
) {
  return {
    clock,
    log,
    http,
    tokenTimeoutMs: seams.tokenTimeoutMs,
    store: connectionStore({ rows, database }),
    hubSecret: options.secret,
    clients: options.oauthClients,
    startUrl: `${options.publicUrl}/oauth/start`,
    callbackUrl: `${options.publicUrl}/oauth/callback`,
    returnUrls: options.returnUrls,
  };
}
