import { connectorAt, KEY, type Provider, startProvider } from '../connections/provider.js';
import { type Json, startHub, type TestHub, type TestUser } from '../support/hub.js';

/** An organization whose integrations call a service that the spec runs. */
export interface Calls {
  readonly hub: TestHub;
  readonly provider: Provider;
  /** The service of the connector `fleeting`; a spec may close it. */
  readonly fleeting: Provider;
  readonly owner: TestUser;
  client(): ReturnType<TestHub['as']>;
  /** Makes a new connection. Pauses and budgets are shared by all integrations of one connection. */
  connect(connector?: string): Promise<string>;
  /** Makes an integration, with the shared connection unless the settings name another. */
  make(settings?: Partial<Settings>): Promise<string>;
  call(
    integrationId: string,
    action: string,
    input?: object,
    more?: object,
  ): ReturnType<ReturnType<TestHub['as']>['executeIntegration']>;
  execution(executionId: string): Promise<Json>;
}
type Settings = Omit<Parameters<ReturnType<TestHub['as']>['createIntegration']>[0], 'name'>;

/**
 * Call at the top of a describe. The connector `tight` allows three calls an hour for each connection, one of them of
 * listThings; `narrow` five, and two for all.
 */
export function useCalls(): Calls {
  const calls = {} as { -readonly [K in keyof Calls]: Calls[K] };
  let connectionId: string;
  beforeAll(async () => {
    const provider = await startProvider();
    const scope = 'connection' as const;
    const budgets = [
      { requests: 3, perSeconds: 3600, scope },
      { requests: 1, perSeconds: 3600, scope, actions: ['listThings'] },
    ];
    const fleeting = await startProvider();
    const connectors = [
      provider.connector,
      connectorAt(provider.url, 'tight', budgets),
      connectorAt(provider.url, 'narrow', [
        { requests: 5, perSeconds: 3600, scope },
        { requests: 2, perSeconds: 3600, scope: 'app' },
      ]),
      connectorAt(fleeting.url, 'fleeting'),
    ];
    const hub = await startHub({ hub: { connectors } });
    Object.assign(calls, { hub, provider, fleeting, owner: await hub.signUp() });
    await calls.client().createOrganization({ name: 'Acme' });
    connectionId = await calls.connect();
  });
  afterAll(async () => {
    calls.provider.close();
    calls.fleeting.close();
    await calls.hub.stop();
  });
  beforeEach(() => {
    calls.provider.onRequest = undefined;
    calls.provider.scopes = 'read,write';
    calls.provider.requests.length = 0;
  });
  return Object.assign(calls, {
    client: () => calls.hub.as(calls.owner),
    async connect(connector = 'acme') {
      const { connection } = await calls.client().createConnection({
        connector,
        authMethod: 'key',
        name: 'Ours',
        credential: { token: KEY },
      });
      return connection.id;
    },
    async make(settings: Partial<Settings> = {}) {
      const { integration } = await calls.client().createIntegration({
        name: 'Made',
        connector: 'acme',
        connectionId,
        ...settings,
      });
      return integration.id;
    },
    call: (integrationId: string, action: string, input = {}, more = {}) =>
      calls.client().executeIntegration({ integrationId, action, input, ...more }),
    execution: async (executionId: string) =>
      (await calls.client().getIntegrationExecution({ executionId })).execution,
  });
}

/** The error that a call was refused with. */
export function refusal(promise: Promise<unknown>): Promise<Json> {
  return promise.then(
    (result) => {
      throw new Error(`It was not refused: ${JSON.stringify(result)}`);
    },
    ({ code, message }: Json) => ({ code, message }),
  );
}
