import { Extension, Integration, ServiceConnection } from '../../schemas/index.js';
import { KEY, type Provider, startProvider } from '../connections/provider.js';
import { type Json, startHub, type TestHub, type TestUser } from '../support/hub.js';

describe('integrations and extensions', () => {
  let hub: TestHub;
  let provider: Provider;
  let owner: TestUser;
  beforeAll(async () => {
    provider = await startProvider();
    const leaning = { ...provider.connector, key: 'leaning', dependsOn: ['acme'] };
    hub = await startHub({ hub: { connectors: [provider.connector, leaning] } });
    owner = await hub.signUp();
    await client().createOrganization({ name: 'Acme' });
  });
  afterAll(async () => {
    provider.close();
    await hub.stop();
  });

  const client = () => hub.as(owner);
  const byKey = { connector: 'acme', authMethod: 'key', name: 'Ours', credential: { token: KEY } };
  const refusal = async (call: Promise<unknown>): Promise<Json> =>
    call.then(
      () => undefined,
      ({ code, message }: Json) => ({ code, message }),
    );

  it('are found by their properties', async () => {
    const make = (name: string, more: object) =>
      client().createIntegration({ name, connector: 'acme', ...more });
    const { integration: one } = await make('one', { tags: ['red', 'blue'], type: 'database' });
    const { integration: two } = await make('two', { tags: ['red'] });
    await client().createIntegration({ name: 'chat', connector: 'slack' });
    await client().setIntegrationStatus({ integrationId: two.id, status: 'inactive' });
    const found = async (filter: object) =>
      (await client().getIntegrations(filter)).items.map(({ name }) => name);
    expect(await found({ tag: 'red' })).toEqual(['two', 'one']);
    expect(await found({ tag: 'blue' })).toEqual(['one']);
    expect(await found({ tag: 'green' })).toEqual([]);
    expect(await found({ type: 'database' })).toEqual(['one']);
    expect(await found({ type: 'messaging', connector: 'slack' })).toEqual(['chat']);
    expect(await found({ status: 'inactive' })).toEqual(['two']);
    const integrationIds = [one.id, 'no', two.id];
    const status = 'maintenance' as const;
    expect((await client().setIntegrationStatuses({ integrationIds, status })).results).toEqual([
      { integration: { ...one, status, updatedAt: expect.any(String) } },
      { error: { code: 7801, message: expect.any(String) } },
      { integration: expect.objectContaining({ id: two.id, status }) },
    ]);
    expect(await found({ status })).toEqual(['two', 'one']);
    const { integration: again } = await client().getIntegration({ integrationId: one.id });
    expect(again).toMatchObject({ id: one.id, status });
    await client().deleteIntegration({ integrationId: one.id });
    expect(await found({ tag: 'blue' })).toEqual([]);
  });

  it('keep settings absent from an update, and reset them by null', async () => {
    const { integration } = await client().createIntegration({
      name: 'i',
      connector: 'acme',
      timeoutMs: 5_000,
      headers: { 'X-Secret': 'shh' },
      quota: { calls: 5, per: 'day' },
      actions: ['getThing'],
    });
    expect(integration.settings).toMatchObject({
      headers: ['X-Secret'],
      timeoutMs: 5_000,
      quota: { calls: 5, per: 'day' },
      retry: { attempts: 3, backoff: 'exponential', baseMs: 500, maxMs: 30_000 },
    });
    const { integration: changed } = await client().updateIntegration({
      integrationId: integration.id,
      name: 'j',
      timeoutMs: null,
      quota: null,
    });
    expect(changed).toMatchObject({ name: 'j', settings: { timeoutMs: 30_000 } });
    expect(changed.settings).not.toHaveProperty('quota');
    expect(changed.settings).toMatchObject({ headers: ['X-Secret'], actions: ['getThing'] });
  });

  it.each([
    [7806, { actions: ['getThing', 'nothing'] }, 'there is no action nothing'],
    [
      7806,
      { cache: { seconds: 5, actions: ['createThing'] } },
      'createThing writes and cannot be cached',
    ],
    [7806, { retry: { baseMs: 900, maxMs: 100 } }, 'retry.maxMs is less than baseMs'],
    [7001, { request: { kind: 'map', to: { $from: 'x' } } }, '$from must be a JSON pointer'],
    [7001, { response: { kind: 'map', to: { a: { $frm: '/x' } } } }, '$frm is not one of'],
  ])('refuses with %i settings that cannot work: %j', async (code, settings, expectedMessage) => {
    const made = client().createIntegration({
      name: 'i',
      connector: 'acme',
      ...(settings as object),
    });
    expect(await refusal(made)).toEqual({
      code,
      message: expect.stringContaining(expectedMessage),
    });
  });

  it.each(['Authorization', 'Cookie', 'Host', 'Content-Length'])(
    'takes no header %s',
    async (name) => {
      const given = { name: 'i', connector: 'acme', headers: { [name]: 'x' } };
      expect(await refusal(client().createIntegration(given))).toHaveProperty('code');
    },
  );

  it('an extension provides the initial settings of connections, and shows no secret', async () => {
    const { extension } = await client().installExtension({
      connector: 'acme',
      fields: { region: 'eu' },
      client: { clientId: 'own client', clientSecret: 'secret_canary7f3c' },
    });
    expect(extension).toMatchObject({
      version: '1.0.0',
      latestVersion: '1.0.0',
      clientId: 'own client',
    });
    const { connection, url } = await client().startConnection({
      connector: 'acme',
      name: 'c',
      browser: false,
    });
    expect(new URL(url).searchParams.get('client_id')).toBe('own client');
    expect(connection.fields).toEqual({ region: 'eu' });
    const other = await client().createConnection({ ...byKey, fields: { region: 'us' } });
    expect(other.connection.fields).toEqual({ region: 'us' });
    const rows = await hub.rest('GET', '/classes/Extension', { sessionToken: owner.sessionToken });
    const seen = JSON.stringify([extension, await client().getExtensions({}), rows, hub.logLines]);
    expect(seen).not.toContain('canary7f3c');

    expect(await refusal(client().uninstallExtension({ connector: 'acme' }))).toMatchObject({
      code: 7906,
    });
    const { disconnected } = await client().uninstallExtension({ connector: 'acme', force: true });
    expect(disconnected).toBeGreaterThanOrEqual(2);
    const states = (await client().getConnections({ connector: 'acme', limit: 100 })).items.map(
      ({ state }) => state,
    );
    expect(new Set(states)).toEqual(new Set(['disconnected']));
    expect((await client().getExtensions({})).items).toEqual([]);
  });

  it('an extension needs those that its connector depends on', async () => {
    expect(await refusal(client().installExtension({ connector: 'leaning' }))).toMatchObject({
      code: 7904,
    });
    await client().installExtension({ connector: 'acme' });
    await client().installExtension({ connector: 'leaning' });
    expect(await refusal(client().uninstallExtension({ connector: 'acme' }))).toMatchObject({
      code: 7905,
    });
    await client().uninstallExtension({ connector: 'leaning' });
    await client().uninstallExtension({ connector: 'acme', force: true });
  });

  it('can be removed when the host no longer has the connector', async () => {
    const { connection } = await client().createConnection(byKey);
    const { integration } = await client().createIntegration({
      name: 'Left',
      connector: 'acme',
      connectionId: connection.id,
    });
    const { extension } = await client().installExtension({ connector: 'acme' });
    const set = { connector: 'gone' };
    const { database } = hub.app;
    await database.change(ServiceConnection, { id: connection.id, was: {}, set });
    await database.change(Integration, { id: integration.id, was: {}, set });
    await database.change(Extension, { id: extension.id, was: {}, set });
    const integrationId = integration.id;
    const made = await client().disconnectIntegration({ integrationId });
    expect(made.integration.connectionId).toBeUndefined();
    const left = await client().disconnectConnection({ connectionId: connection.id });
    expect(left.connection.state).toBe('disconnected');
    expect(await client().uninstallExtension({ connector: 'gone' })).toEqual({ disconnected: 0 });
    expect((await client().getIntegrations({ connector: 'gone' })).items).toHaveLength(1);
    await client().deleteIntegration({ integrationId });
  });

  it('one of twenty concurrent installs succeeds', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, () => client().installExtension({ connector: 'github' })),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await client().getExtensions({})).items).toHaveLength(1);
  });

  it('a credential can be tested without being stored', async () => {
    const before = (await client().getConnections({ limit: 100 })).items.length;
    const { name: _name, ...given } = byKey;
    expect(await client().validateCredentials(given)).toEqual({
      identity: { id: 'acc1', name: 'Grace' },
      grantedScopes: ['read', 'write'],
    });
    const wrong = client().validateCredentials({ ...given, credential: { token: 'key_wrong' } });
    expect(await refusal(wrong)).toMatchObject({ code: 7710 });
    expect((await client().getConnections({ limit: 100 })).items).toHaveLength(before);
  });
});
