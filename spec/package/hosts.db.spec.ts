import Parse from 'parse/node';

import { createHubClient } from '../../client.js';
import { ClientParse } from '../support/clientSdk.js';
import { listen, type Listener } from '../support/hostFixtures/liveQueryListener.js';
import { createHubStore, type Json } from '../support/hub.js';
import { createStore, engine, type Store } from '../support/store.js';
import { hostFolder, type HostProcess, MASTER_KEY, startHostProcess } from './hostProcess.js';
import { hostFiles, type HostForm } from './hosts.js';
import { packedHub } from './packedHub.js';

const APP_ID = 'my-app';
// The LiveQuery client is the one of the SDK for Node.
(Parse as unknown as { initialize(appId: string): void }).initialize(APP_ID);

const FORMS: readonly HostForm[] = [
  { modules: 'ES modules', first: 'parse-integration-hub' },
  { modules: 'ES modules', first: 'parse-server' },
  { modules: 'CommonJS', first: 'parse-integration-hub' },
  { modules: 'CommonJS', first: 'parse-server' },
];
// All imports happen before the database is selected, so one engine is enough for the order of imports.
const forms = engine === 'postgres' ? FORMS : FORMS.filter(({ first }) => first !== 'parse-server');

let hub: string;
beforeAll(async () => {
  hub = await packedHub();
}, 300_000);

describe.each(forms)('a host of $modules that imports $first first', (form) => {
  let store: Store;
  let host: HostProcess;
  let listener: Listener | undefined;
  let sessionToken: string;

  beforeAll(async () => {
    // The first finds an empty database, as a new host does.
    store = await (form === forms[0] ? createStore() : createHubStore());
    const folder = hostFolder(hub, hostFiles(form));
    host = await startHostProcess({ folder, file: 'server.js', databaseUri: store.uri });
    await host.ready();
    ClientParse._initialize(APP_ID);
    ClientParse.serverURL = `${host.url}/parse`;
    // Clients may not create classes.
    await rest('/schemas/Note', asMaster, { fields: { text: { type: 'String' } } });
  }, 120_000);
  afterAll(async () => {
    await listener?.close();
    await host.stop();
    await store.drop();
  });

  async function rest(
    path: string,
    headers: Readonly<Record<string, string>>,
    body?: object,
  ): Promise<{ status: number; body: Json }> {
    const response = await fetch(`${host.url}/parse${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { 'content-type': 'application/json', ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Json };
  }
  const asAnyone = { 'x-parse-application-id': APP_ID };
  const asMaster = { ...asAnyone, 'x-parse-master-key': MASTER_KEY };

  async function listenToNotes(): Promise<Listener> {
    const url = host.url.replace('http', 'ws');
    listener = await listen({ url, appId: APP_ID, as: { sessionToken } });
    await listener.subscribe('Note');
    return listener;
  }

  it('signs users up and logs them in', async () => {
    const person = { username: 'ann', password: 'a-long-Passphrase-1' };
    // Not by the SDK, which retries after a 500 and would then report that the name is taken.
    const signedUp = await rest('/users', asAnyone, person);
    expect(signedUp).toMatchObject({ status: 201, body: { sessionToken: expect.any(String) } });
    const user = await ClientParse.User.logIn(person.username, person.password);
    expect(user.id).toBe(signedUp.body.objectId);
    sessionToken = user.getSessionToken() ?? '';
  });

  it('saves, reads and notifies LiveQuery', async () => {
    const notes = await listenToNotes();
    const note = await new ClientParse.Object('Note', { text: 'one' }).save(null, { sessionToken });
    const more = ['two', 'three'].map((text) => new ClientParse.Object('Note', { text }));
    await ClientParse.Object.saveAll(more, { sessionToken });
    const read = await new ClientParse.Query('Note').ascending('createdAt').find({ sessionToken });
    expect(read[0]?.id).toBe(note.id);
    expect(read.map((each) => each.get('text')).sort()).toEqual(['one', 'three', 'two']);
    await notes.received('Note', 3);
    const texts = notes.events.map(({ row }) => row.text);
    expect(texts.sort()).toEqual(['one', 'three', 'two']);
  });

  it('runs its own trigger, function and job', async () => {
    const [note] = await new ClientParse.Query('Note').limit(1).find({ sessionToken });
    expect(note?.get('stamped')).toBe(true);
    expect(await ClientParse.Cloud.run('greet', { name: 'Ann' })).toBe('Hello, Ann');
    expect((await rest('/jobs/tidy', asMaster, {})).status).toBe(200);
    expect(await outcomeOfJob('tidy')).toMatchObject({ status: 'succeeded', message: 'tidied' });
  });

  it('calls functions of the hub by session, by API key and from cloud code', async () => {
    const client = createHubClient(ClientParse, { sessionToken });
    const { organization } = await client.createOrganization({ name: 'Acme' });
    const organizationId = organization.id;
    const { webhook } = await client.createWebhook({
      organizationId,
      name: 'Orders',
      url: 'http://127.0.0.1:9/hooks',
      events: ['order.*'],
    });
    const { key } = await client.createApiKey({ name: 'Warehouse', scopes: ['events:publish'] });
    const event = { type: 'parcel.sent', data: {} };
    const byKey = await rest('/functions/publishEvent', { 'x-api-key': key }, event);
    expect(byKey.body).toMatchObject({ result: { eventId: expect.any(String) } });
    const fromCloud = await ClientParse.Cloud.run(
      'webhooksOf',
      { organizationId },
      { sessionToken },
    );
    expect(fromCloud.items).toEqual([expect.objectContaining({ id: webhook.id })]);
    const byMaster = await ClientParse.Cloud.run('publishAsMaster', { organizationId });
    expect(byMaster).toMatchObject({ eventId: expect.any(String) });
  });

  it('exits on SIGTERM', async () => {
    await listener?.close();
    expect(await host.stop()).toEqual([0, null]);
  });

  async function outcomeOfJob(name: string) {
    for (;;) {
      const { body } = await rest('/classes/_JobStatus', asMaster);
      const run = body.results.find(({ jobName }: Json) => jobName === name);
      if (run !== undefined && run.status !== 'running') return run;
    }
  }
});
