import { reencryptSecrets } from '../../cloud/jobs/reencryptSecrets.js';
import { Integration } from '../../schemas/index.js';
import { KEY, type Provider, startProvider } from '../connections/provider.js';
import { type Json, master, startHub, type TestHub, type TestUser } from '../support/hub.js';

const VALUE = 'headercanary 9d41c0ffee';

describe('headers of an integration', () => {
  let provider: Provider;
  let hub: TestHub;
  let owner: TestUser;
  let connectionId: string;
  beforeAll(async () => {
    provider = await startProvider();
    hub = await startHub({ hub: { connectors: [provider.connector] } });
    owner = await hub.signUp();
    await client().createOrganization({ name: 'Acme' });
    const credential = { token: KEY };
    const byKey = { connector: 'acme', authMethod: 'key', name: 'c', credential };
    connectionId = (await client().createConnection(byKey)).connection.id;
  });
  afterAll(async () => {
    provider.close();
    await hub.stop();
  });

  const client = () => hub.as(owner);
  const make = async (
    headers: Record<string, string> = { 'X-Api-Key': VALUE, 'X-Tenant': 'blue' },
  ) => {
    const given = { name: 'i', connector: 'acme', connectionId, headers };
    return (await client().createIntegration({ ...given, data: { keepBodies: 'all' } }))
      .integration;
  };
  const rowOf = async (id: string) => {
    const [row] = await hub.app.database.loadMany(Integration, [id]);
    if (!row) throw new Error('The integration is not there.');
    return row;
  };
  /** Makes a call, whose service echoes its headers. Returns the output, and the headers that were sent. */
  const call = async (integrationId: string) => {
    provider.onRequest = ({ headers }) =>
      Promise.resolve({ status: 201, body: { id: 'new', given: { ...headers } } });
    const request = { integrationId, action: 'createThing', input: { name: 'a' } };
    const { output } = await client().executeIntegration(request);
    return { output: output as Json, sent: provider.requests.at(-1)?.headers ?? {} };
  };
  /** Everything of an integration that is stored, logged and shown. */
  const everything = async (integrationId: string) => {
    const input = { name: 'a' };
    return JSON.stringify([
      await rowOf(integrationId),
      await client().getIntegration({ integrationId }),
      await client().getIntegrations({ limit: 100 }),
      await client().explainExecution({ integrationId, action: 'createThing', input }),
      ...(await Promise.all(
        ['Integration', 'IntegrationExecution', 'AuditLog'].map((name) =>
          hub.rest('GET', `/classes/${name}?limit=1000`, master),
        ),
      )),
      hub.logLines,
    ]);
  };
  /** Stores headers as versions before their encryption did. */
  async function storeClear(id: string, headers: Record<string, string>): Promise<void> {
    const settings = JSON.stringify({ ...JSON.parse((await rowOf(id)).settings), headers });
    const set = { settings, headerNames: undefined, sealedHeaders: undefined };
    await hub.app.database.change(Integration, { id, was: {}, set });
  }

  it('are sent, and their values are stored, shown and recorded nowhere', async () => {
    const { id, settings } = await make();
    expect(settings.headers).toEqual(['X-Api-Key', 'X-Tenant']);
    const { output, sent } = await call(id);
    expect(sent).toMatchObject({ 'x-api-key': VALUE, 'x-tenant': 'blue' });
    // The service echoed them: what is a credential is removed, what is not stays.
    expect(output.given).toMatchObject({ 'x-api-key': '[removed]', 'x-tenant': 'blue' });
    expect(await everything(id)).not.toContain('9d41c0ffee');
    const input = { name: 'a' };
    const request = { integrationId: id, action: 'createThing', input };
    const { request: explained } = await client().explainExecution(request);
    expect(explained?.headers).toMatchObject({ 'x-api-key': '[X-Api-Key]' });
  });

  it('stay when an update does not mention them, are replaced as a whole, and reset by null', async () => {
    const { id: integrationId } = await make();
    const update = async (change: object) =>
      (await client().updateIntegration({ integrationId, ...change })).integration.settings.headers;
    expect(await update({ timeoutMs: 9_000 })).toEqual(['X-Api-Key', 'X-Tenant']);
    expect((await call(integrationId)).sent).toMatchObject({ 'x-api-key': VALUE });
    expect(await update({ headers: { 'X-Other': 'b' } })).toEqual(['X-Other']);
    const { sent } = await call(integrationId);
    expect([sent['x-other'], sent['x-api-key']]).toEqual(['b', undefined]);
    expect(await update({ headers: null })).toEqual([]);
    expect(await rowOf(integrationId)).not.toHaveProperty('sealedHeaders');
  });

  it.each([
    ['an update', (id: string) => client().updateIntegration({ integrationId: id, name: 'j' })],
    [
      'another status',
      (id: string) => client().setIntegrationStatus({ integrationId: id, status: 'deprecated' }),
    ],
    [
      'the job reencryptSecrets',
      () =>
        reencryptSecrets.run({
          services: hub.app.services,
          progress: () => undefined,
          signal: new AbortController().signal,
        }),
    ],
  ])('of earlier versions are in clear text until %s', async (_name, change) => {
    const { id } = await make({});
    await storeClear(id, { 'X-Api-Key': VALUE });
    expect((await call(id)).sent).toMatchObject({ 'x-api-key': VALUE });
    const { integration } = await client().getIntegration({ integrationId: id });
    expect(integration.settings.headers).toEqual(['X-Api-Key']);
    await change(id);
    expect(await everything(id)).not.toContain('9d41c0ffee');
    expect((await call(id)).sent).toMatchObject({ 'x-api-key': VALUE });
  });

  it('are bound to their integration', async () => {
    const [one, two] = [await make(), await make({ 'X-Api-Key': 'another-value-0001' })];
    const { sealedHeaders } = await rowOf(two.id);
    await hub.app.database.change(Integration, { id: one.id, was: {}, set: { sealedHeaders } });
    const request = { integrationId: one.id, action: 'createThing', input: { name: 'a' } };
    await expect(client().executeIntegration(request)).rejects.toMatchObject({ code: 1 });
  });
});
