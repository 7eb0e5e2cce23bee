import type { Client } from '../../cloud/manifest.js';
import { Integration, QueuedCall, ServiceConnection } from '../../schemas/index.js';
import { extensionErrors } from '../../src/extensions/index.js';
import { integrationErrors } from '../../src/integrations/index.js';
import { newId } from '../../src/platform/ids.js';
import { KEY, type Provider, type StubResponse } from '../connections/provider.js';
import { type Json, master, type TestHub } from '../support/hub.js';
import { anotherOrganization, type Team } from './team.js';

interface Calling {
  readonly hub: TestHub;
  readonly provider: Provider;
  readonly team: Team;
  responseOf(name: keyof Client, params: Record<string, unknown>): Promise<Json>;
  resultOf(name: keyof Client, params: Record<string, unknown>): Promise<Json>;
  refusalOfTwenty(
    name: keyof Client,
    options: { code: number; prepare: () => Promise<Record<string, unknown>> },
  ): Promise<Json>;
}

const acme = { name: 'i', connector: 'acme' };
const nobody = { kind: 'listed', members: ['nobodyAtAll'] };
/** Only for viewers: an admin sees it, and may not use it. */
const forViewers = { accessControl: { kind: 'listed', roles: ['viewer'] } };

/** Returns calls that provoke each declared error of the functions about extensions, integrations and their executions. */
export function integrationProvocations({
  hub,
  provider,
  team,
  responseOf,
  resultOf,
  refusalOfTwenty,
}: Calling) {
  const { database } = hub.app;

  async function madeConnection(): Promise<string> {
    const given = { connector: 'acme', authMethod: 'key', name: 'c', credential: { token: KEY } };
    return (await resultOf('createConnection', given)).connection.id;
  }
  /** Creates an integration with a separate connection, because all integrations with one connection share its pauses. */
  async function made(settings: object = {}): Promise<string> {
    const given = { name: 'i', connector: 'acme', connectionId: await madeConnection() };
    return (await resultOf('createIntegration', { ...given, ...settings })).integration.id;
  }
  async function change(id: string, set: object): Promise<string> {
    await database.change(Integration, { id, was: {}, set });
    return id;
  }
  const read = (integrationId: string, more: object = {}) => ({
    integrationId,
    action: 'getThing',
    input: { id: 't1' },
    ...more,
  });
  const free = (integrationId: string, more: object = {}) => ({
    integrationId,
    path: '/things',
    ...more,
  });
  /** Returns the response to a call while the service responds with `respond`. */
  async function whileResponding(
    respond: () => Promise<StubResponse | undefined>,
    call: () => Promise<Json>,
  ): Promise<Json> {
    provider.onRequest = respond;
    try {
      return await call();
    } finally {
      provider.onRequest = undefined;
    }
  }
  const responding = (status: number, call: () => Promise<Json>, headers = {}) =>
    whileResponding(() => Promise.resolve({ status, body: {}, headers }), call);
  /** Refusals by the service, each through a separate integration. */
  const refusedWith = (status: number) => async () => {
    const id = await made({ retry: { attempts: 1 } });
    return responding(status, () => responseOf('executeIntegration', read(id)));
  };

  /** Errors of every function that calls through an integration, or checks whether a call is possible. */
  function unready(name: keyof Client, params: (integrationId: string) => object) {
    return {
      IntegrationNotFound: () => responseOf(name, { ...params('no') }),
      IntegrationNotActive: async () =>
        responseOf(name, { ...params(await change(await made(), { status: 'inactive' })) }),
      NotConnected: async () =>
        responseOf(name, { ...params(await change(await made(), { connection: undefined })) }),
      // The host no longer provides this connector.
      ConnectorNotFound: async () =>
        responseOf(name, { ...params(await change(await made(), { connector: 'removed' })) }),
      ConnectorOutdated: async () =>
        responseOf(name, { ...params(await change(await made(), { connectorVersion: '0.9.0' })) }),
    };
  }
  function unsent(
    name: keyof Client,
    params: (integrationId: string) => object,
    base: object = {},
  ) {
    const one = { strategy: 'fixedWindow', calls: 1, perSeconds: 31_536_000 };
    const call = (id: string) => responseOf(name, { ...params(id) });
    const second = async (settings: object) => {
      const id = await made({ ...base, ...settings });
      await call(id);
      return call(id);
    };
    return {
      ...unready(name, params),
      IntegrationAccessDenied: async () =>
        asAdmin(name, params(await made({ ...base, ...forViewers }))),
      ConnectionAccessDenied: async () =>
        asAdmin(name, params(await made({ ...base, connectionId: await viewersConnection() }))),
      async ConnectionNotUsable() {
        const id = await made(base);
        const { integration } = await resultOf('getIntegration', { integrationId: id });
        await resultOf('disconnectConnection', { connectionId: integration.connectionId });
        return call(id);
      },
      async FieldMissing() {
        const [row] = await database.loadMany(ServiceConnection, [await madeConnection()]);
        if (!row) throw new Error('The connection is not there.');
        const bare = { ...row, id: newId(), readers: [], sealedCredential: undefined };
        await database.insertMany(ServiceConnection, [bare]);
        return call(await change(await made(base), { connection: bare.id }));
      },
      LimitReached: () => second({ limits: { rules: [one] } }),
      QuotaUsedUp: () => second({ quota: { calls: 1, per: 'month' } }),
      async ServicePaused() {
        const id = await made({ ...base, retry: { attempts: 1 } });
        await responding(429, () => call(id), { 'retry-after': '3600' });
        return call(id);
      },
      async ServiceNotReached() {
        const id = await made({ ...base, timeoutMs: 1_000, retry: { attempts: 1 } });
        return whileResponding(
          () => new Promise(() => undefined),
          () => call(id),
        );
      },
    };
  }

  const asAdmin = async (name: keyof Client, params: object) =>
    (await hub.call(name, { organizationId: team.organizationId, ...params }, team.admin)).body;
  async function viewersConnection(): Promise<string> {
    const connectionId = await madeConnection();
    await resultOf('updateConnection', { connectionId, ...forViewers });
    return connectionId;
  }

  const inOther = () => anotherOrganization(hub, team);
  async function uninstalled(connector: string): Promise<void> {
    const { organizationId } = team;
    await hub.call('uninstallExtension', { organizationId, connector, force: true }, master);
  }
  async function installed(connector: string): Promise<void> {
    await uninstalled(connector);
    await resultOf('installExtension', { connector });
  }

  return {
    installExtension: {
      ConnectorNotFound: () => responseOf('installExtension', { connector: 'no' }),
      async ExtensionInstalled() {
        await installed('slack');
        return responseOf('installExtension', { connector: 'slack' });
      },
      DependencyMissing: async () =>
        responseOf('installExtension', { organizationId: await inOther(), connector: 'leaning' }),
      VersionNotKnown: () =>
        responseOf('installExtension', { connector: 'github', version: '9.0.0' }),
      FieldsNotUsable: () =>
        responseOf('installExtension', { connector: 'gone', fields: { region: 'mars' } }),
    },
    configureExtension: {
      ConnectorNotFound: () => responseOf('configureExtension', { connector: 'no' }),
      ExtensionNotFound: () => responseOf('configureExtension', { connector: 'github' }),
      async VersionNotKnown() {
        await installed('slack');
        return responseOf('configureExtension', { connector: 'slack', version: '9.0.0' });
      },
      async FieldsNotUsable() {
        await installed('gone');
        return responseOf('configureExtension', { connector: 'gone', fields: { region: 'mars' } });
      },
      ExtensionChanged: () =>
        refusalOfTwenty('configureExtension', {
          code: extensionErrors.ExtensionChanged.spec.code,
          async prepare() {
            await installed('stripe');
            return { connector: 'stripe', version: '1.0.0' };
          },
        }),
    },
    uninstallExtension: {
      ConnectorNotFound: () => responseOf('uninstallExtension', { connector: 'no' }),
      ExtensionNotFound: () => responseOf('uninstallExtension', { connector: 'github' }),
      async ExtensionNeeded() {
        const organizationId = await inOther();
        const installs = ['acme', 'leaning'];
        for (const connector of installs) {
          await hub.call('installExtension', { organizationId, connector }, master);
        }
        return (await hub.call('uninstallExtension', { organizationId, connector: 'acme' }, master))
          .body;
      },
      async ExtensionInUse() {
        await resultOf('installExtension', { connector: 'acme' });
        await madeConnection();
        return responseOf('uninstallExtension', { connector: 'acme' });
      },
      ConnectionChanged: () =>
        refusalOfTwenty('uninstallExtension', {
          code: 7702,
          async prepare() {
            await hub.call(
              'installExtension',
              { organizationId: team.organizationId, connector: 'acme' },
              master,
            );
            await madeConnection();
            return { connector: 'acme', force: true };
          },
        }),
    },
    getExtensions: {},
    createIntegration: {
      AccessControlNotUsable: () =>
        responseOf('createIntegration', { ...acme, accessControl: nobody }),
      ConnectionAccessDenied: async () =>
        asAdmin('createIntegration', { ...acme, connectionId: await viewersConnection() }),
      ConnectorNotFound: () => responseOf('createIntegration', { name: 'i', connector: 'no' }),
      ConnectionNotFound: () =>
        responseOf('createIntegration', { name: 'i', connector: 'acme', connectionId: 'no' }),
      ConnectionNotFitting: async () =>
        responseOf('createIntegration', {
          name: 'i',
          connector: 'slack',
          connectionId: await madeConnection(),
        }),
      SettingsNotUsable: () =>
        responseOf('createIntegration', { name: 'i', connector: 'acme', actions: ['no'] }),
      HeaderNotAllowed: () =>
        responseOf('createIntegration', { name: 'i', connector: 'acme', headers: { Host: 'a' } }),
      async IntegrationLimitReached() {
        const organizationId = await inOther();
        const [row] = await database.loadMany(Integration, [await made()]);
        if (!row) throw new Error('The integration is not there.');
        const many = Array.from({ length: 1_000 }, () => ({
          ...row,
          id: newId(),
          organization: organizationId,
          readers: [],
        }));
        await database.insertMany(Integration, many);
        const params = { organizationId, name: 'i', connector: 'acme' };
        return (await hub.call('createIntegration', params, master)).body;
      },
    },
    getIntegrations: {},
    getIntegration: {
      IntegrationNotFound: () => responseOf('getIntegration', { integrationId: 'no' }),
    },
    updateIntegration: {
      AccessControlNotUsable: async () =>
        responseOf('updateIntegration', { integrationId: await made(), accessControl: nobody }),
      ConnectorNotFound: async () =>
        responseOf('updateIntegration', {
          integrationId: await change(await made(), { connector: 'removed' }),
          name: 'x',
        }),
      IntegrationNotFound: () =>
        responseOf('updateIntegration', { integrationId: 'no', name: 'x' }),
      IntegrationChanged: () => twenty('updateIntegration', { name: 'x' }),
      SettingsNotUsable: async () =>
        responseOf('updateIntegration', { integrationId: await made(), connectorVersion: '9.0.0' }),
      HeaderNotAllowed: async () =>
        responseOf('updateIntegration', { integrationId: await made(), headers: { Host: 'a' } }),
    },
    deleteIntegration: {
      IntegrationNotFound: () => responseOf('deleteIntegration', { integrationId: 'no' }),
    },
    connectIntegration: {
      ConnectionAccessDenied: async () =>
        asAdmin('connectIntegration', {
          integrationId: await made(),
          connectionId: await viewersConnection(),
        }),
      ConnectorNotFound: async () =>
        responseOf('connectIntegration', {
          integrationId: await change(await made(), { connector: 'removed' }),
          connectionId: await madeConnection(),
        }),
      IntegrationNotFound: () =>
        responseOf('connectIntegration', { integrationId: 'no', connectionId: 'no' }),
      IntegrationChanged: async () =>
        twenty('connectIntegration', { connectionId: await madeConnection() }),
      ConnectionNotFound: async () =>
        responseOf('connectIntegration', { integrationId: await made(), connectionId: 'no' }),
      async ConnectionNotFitting() {
        const given = { name: 'i', connector: 'slack' };
        const { integration } = await resultOf('createIntegration', given);
        const connectionId = await madeConnection();
        return responseOf('connectIntegration', { integrationId: integration.id, connectionId });
      },
    },
    disconnectIntegration: {
      IntegrationNotFound: () => responseOf('disconnectIntegration', { integrationId: 'no' }),
      IntegrationChanged: () => twenty('disconnectIntegration', {}),
    },
    checkAccessControl: {
      IntegrationNotFound: () =>
        responseOf('checkAccessControl', { integrationId: 'no', permission: 'integrations:read' }),
    },
    setIntegrationStatuses: {},
    setIntegrationStatus: {
      IntegrationNotFound: () =>
        responseOf('setIntegrationStatus', { integrationId: 'no', status: 'active' }),
      IntegrationChanged: () => twenty('setIntegrationStatus', { status: 'inactive' }),
    },
    executeIntegration: {
      ...unsent('executeIntegration', read),
      ActionNotFound: async () =>
        responseOf('executeIntegration', read(await made(), { action: 'no' })),
      ActionNotAllowed: async () =>
        responseOf('executeIntegration', read(await made({ actions: ['getMe'] }))),
      InputNotValid: async () =>
        responseOf('executeIntegration', read(await made(), { input: {} })),
      KeyNotUsable: async () =>
        responseOf('executeIntegration', {
          integrationId: await made(),
          action: 'pushThing',
          input: { name: 'a' },
          idempotencyKey: 'k',
        }),
      TransformFailed: async () => {
        const request = { kind: 'jsonata', expression: '$error("no")' };
        return responseOf('executeIntegration', read(await made({ request })));
      },
      async QueueFull() {
        const rule = { strategy: 'fixedWindow', calls: 1, perSeconds: 31_536_000 };
        const id = await made({ limits: { rules: [rule], whenReached: 'queue' } });
        await responseOf('executeIntegration', read(id));
        const { executionId } = await resultOf('executeIntegration', read(id));
        const row = {
          organization: team.organizationId,
          integration: id,
          execution: executionId,
          sealedCall: 'v1.',
          revision: 0,
          createdAt: new Date(),
          readers: [],
        };
        const many = Array.from({ length: 1_000 }, () => ({ ...row, id: newId() }));
        await database.insertMany(QueuedCall, many);
        return responseOf('executeIntegration', read(id));
      },
      async ScopesMissing() {
        provider.scopes = 'read';
        const id = await made();
        provider.scopes = 'read,write';
        return responseOf('executeIntegration', read(id, { action: 'pushThing' }));
      },
      ServiceLimited: refusedWith(429),
      ServiceRefused: refusedWith(422),
      ServiceUnauthorized: refusedWith(401),
      ServiceForbidden: refusedWith(403),
      ServiceFoundNothing: refusedWith(404),
      ServiceConflict: refusedWith(409),
      ServiceFailed: refusedWith(500),
    },
    proxyRequest: {
      ...unsent('proxyRequest', free, { allowProxy: true }),
      async ServiceFailed() {
        const id = await made({ allowProxy: true, retry: { attempts: 1 } });
        const body = 'x'.repeat(11 * 1024 * 1024);
        return whileResponding(
          () => Promise.resolve({ status: 200, body }),
          () => responseOf('proxyRequest', free(id)),
        );
      },
      ProxyNotAllowed: async () => responseOf('proxyRequest', free(await made())),
      PathNotAllowed: async () =>
        responseOf(
          'proxyRequest',
          free(await made({ allowProxy: true }), { path: '//evil.example' }),
        ),
      HeaderNotAllowed: async () =>
        responseOf(
          'proxyRequest',
          free(await made({ allowProxy: true }), { headers: { Host: 'evil.example' } }),
        ),
    },
    explainExecution: {
      IntegrationNotFound: () => responseOf('explainExecution', read('no')),
    },
    getIntegrationExecutions: {},
    getIntegrationExecution: {
      ExecutionNotFound: () => responseOf('getIntegrationExecution', { executionId: 'no' }),
    },
    getIntegrationStatistics: {
      IntegrationNotFound: () => responseOf('getIntegrationStatistics', { integrationId: 'no' }),
    },
    checkRateLimit: unready('checkRateLimit', (integrationId) => ({ integrationId })),
  };

  function twenty(name: keyof Client, params: object): Promise<Json> {
    return refusalOfTwenty(name, {
      code: integrationErrors.IntegrationChanged.spec.code,
      prepare: async () => ({ ...params, integrationId: await made() }),
    });
  }
}
