import { createHubClient } from '../client.js';
import { ClientParse } from './support/clientSdk.js';
import { refusalOf, startPlainHost } from './support/hostFixtures/plainHost.js';
import { type Json, master, startHub, type TestHub } from './support/hub.js';
import { type Receiver, startReceiver } from './support/receiver.js';
import { createStore, type Store } from './support/store.js';

const PREFIXES = { classPrefix: 'Hub', jobPrefix: 'hub_', functionPrefix: 'hub_' };

/** Classes that the host already has under names of the hub's classes, with other columns. */
const THEIRS = ['Webhook', 'Organization', 'Integration', 'ServiceConnection', 'WebhookEvent'];

const cloud = (Parse: Json) => {
  Parse.Cloud.define('createWebhook', () => 'the host’s function');
  Parse.Cloud.job('pruneHistory', () => 'the host’s job');
  // The host's trigger must run only for the host's class.
  Parse.Cloud.beforeSave('Webhook', ({ object }: Json) => object.set('isStamped', true));
};

describe('a host with classes, functions and jobs of the same names as the hub’s', () => {
  let store: Store;
  let hub: TestHub;
  let receiver: Receiver;

  beforeAll(async () => {
    store = await createStore();
    const plain = await startPlainHost(store);
    for (const name of THEIRS) await plain.rest('POST', `classes/${name}`, { precious: name });
    await plain.stop();
    hub = await startHub({ store, hub: PREFIXES, host: { cloud } });
    receiver = await startReceiver();
  }, 120_000);
  afterAll(async () => {
    await receiver.close();
    await hub.stop();
    await store.drop();
  });

  const rows = async (className: string): Promise<Json[]> =>
    (await hub.rest('GET', `/classes/${className}`, master)).body.results;

  async function member() {
    const user = await hub.signUp();
    const client = createHubClient(ClientParse, { ...user, prefix: PREFIXES.functionPrefix });
    const { organization } = await client.createOrganization({ name: 'Acme' });
    return { user, client, organizationId: organization.id };
  }

  it('delivers events, and does not change the host’s classes', async () => {
    const { user, client, organizationId } = await member();
    const { webhook } = await client.createWebhook({
      organizationId,
      name: 'orders',
      url: receiver.url,
      events: ['order.*'],
    });
    const { eventId } = await client.publishEvent({ type: 'order.paid', data: { total: 12 } });
    await hub.drain();
    const { headers } = await receiver.next();
    expect(headers['webhook-id']).toBe(eventId);
    const { items } = await client.getWebhookDeliveries({ webhookId: webhook.id });
    expect(items).toEqual([expect.objectContaining({ eventId, state: 'delivered' })]);
    for (const name of THEIRS) {
      expect(await rows(name)).toEqual([expect.objectContaining({ precious: name })]);
    }
    // Read through Parse as the member: pointers lead to classes with the same prefix.
    const seen = await hub.rest('GET', `/classes/HubWebhook?include=organization`, user);
    expect(seen.body.results).toEqual([
      expect.objectContaining({
        objectId: webhook.id,
        organization: expect.objectContaining({ className: 'HubOrganization', name: 'Acme' }),
      }),
    ]);
    const schemas: Json[] = (await hub.rest('GET', '/schemas', master)).body.results;
    const names = schemas.map(({ className }) => className as string);
    expect(
      names.filter((name) => /^(Api|Webhook|OAuth|Audit|Encrypt|Extension)/.test(name)),
    ).toEqual(expect.arrayContaining(['Webhook', 'WebhookEvent']));
    expect(names).not.toContain('WebhookDelivery');
    const targets = schemas.flatMap(({ fields }) =>
      Object.values(fields).flatMap(({ targetClass }: Json) => targetClass ?? []),
    );
    expect([...new Set(targets)].filter((name) => !/^(Hub|_)/.test(name))).toEqual([]);
  });

  it('runs its own function and job under those names', async () => {
    const { user } = await member();
    expect((await hub.call('createWebhook', {}, user)).body.result).toBe('the host’s function');
    await hub.rest('POST', '/jobs/pruneHistory', master, {});
    await hub.rest('POST', '/jobs/hub_pruneHistory', master, {});
    const messages = async () => {
      const runs = await rows('_JobStatus');
      return runs.map(({ jobName, status, message }) => [jobName, status, message] as const);
    };
    let runs = await messages();
    while (runs.some(([, status]) => status === 'running')) runs = await messages();
    expect(runs).toHaveLength(2);
    expect(runs).toContainEqual(['pruneHistory', 'succeeded', 'the host’s job']);
    expect(runs.find(([name]) => name === 'hub_pruneHistory')?.[1]).toBe('succeeded');
  });

  it('accepts API keys, counts their usage, and finds them', async () => {
    const { client, organizationId } = await member();
    const { key, apiKey } = await client.createApiKey({
      organizationId,
      name: 'reader',
      scopes: ['webhooks:read'],
    });
    const response = await fetch(`${hub.url}/parse/functions/hub_getWebhooks`, {
      method: 'POST',
      headers: { 'x-api-key': key },
    });
    expect(await response.json()).toEqual({ result: { items: [] } });
    const found = await client.getApiKey({ apiKeyId: apiKey.id });
    expect(found.apiKey.id).toBe(apiKey.id);
    expect((await rows('HubAPIKey')).length).toBeGreaterThan(0);
  });

  it('connects a service and calls it', async () => {
    const { client, organizationId } = await member();
    receiver.respond({ status: 200, body: '{"id":7}' });
    const { connection } = await client.createConnection({
      organizationId,
      connector: 'rest',
      authMethod: 'bearer',
      name: 'crm',
      fields: { baseUrl: receiver.url, testPath: '/me' },
      credential: { token: 'token-of-the-spec' },
    });
    expect(connection.state).toBe('connected');
    expect(await rows('HubServiceConnection')).toHaveLength(1);
    expect(await rows('ServiceConnection')).toHaveLength(1);
  });

  it('runs the schedules of the hub under the prefixed names', async () => {
    const runs = async () => (await rows('_JobStatus')).map(({ jobName }) => jobName as string);
    await hub.drain();
    hub.clock.advance(2 * 86_400_000);
    await hub.drain();
    const names: string[] = await runs();
    expect(names.filter((name) => name.startsWith('hub_')).length).toBeGreaterThan(2);
    expect(names.filter((name) => !name.startsWith('hub_'))).toEqual(['pruneHistory']);
    expect((await rows('HubHubLane')).some(({ kind }) => kind === 'schedule')).toBe(true);
  });
});

describe('a start that is refused because of a class', () => {
  let store: Store;
  beforeEach(async () => {
    store = await createStore();
  });
  afterEach(() => store.drop());

  async function hostWith(className: string): Promise<void> {
    const plain = await startPlainHost(store);
    await plain.rest('POST', `classes/${className}`, { precious: 1 });
    await plain.stop();
  }

  it('names the option, and suggests another prefix if one is set', async () => {
    await hostWith('HubWebhook');
    expect(await refusalOf(store, { hub: { classPrefix: 'Hub' } })).toMatch(
      /the class HubWebhook, .* Set another classPrefix in the options of createIntegrationHub \(HUB_CLASS_PREFIX\)/,
    );
    expect(await refusalOf(store, {})).toBe('');
  });

  it('does not happen if the host passes its own Organization', async () => {
    await hostWith('Organization');
    expect(await refusalOf(store, {})).toMatch(/pass it to the hub in the option organizations\.$/);
    const organizations = {
      className: 'Organization',
      readersOf: () => [],
      membershipsOf: async () => [],
      exists: async () => true,
    };
    expect(await refusalOf(store, { hub: { organizations } })).toBe('');
  });
});
