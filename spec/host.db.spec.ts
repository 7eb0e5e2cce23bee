import { createHubClient } from '../client.js';
import { type HubOptions } from '../index.js';
import { schemas } from '../schemas/index.js';
import { ClientParse } from './support/clientSdk.js';
import { forkHost } from './support/hostFixtures/forkHost.js';
import { hostCloud } from './support/hostFixtures/hostCloud.js';
import { forgetSchemas, startPlainHost } from './support/hostFixtures/plainHost.js';
import { type Json, master, startHub, type TestHub, type TestHubOptions } from './support/hub.js';
import { createStore, type Store } from './support/store.js';

const HUB_SECRET = 'hub-secret-of-the-spec-0123456789abcdef';
const ours: ReadonlySet<string> = new Set(schemas.map(({ name }) => name));

let store: Store;
const running = new Set<{ stop(): Promise<void> }>();
beforeEach(async () => {
  store = await createStore();
});
afterEach(async () => {
  await Promise.all([...running].map((each) => each.stop()));
  running.clear();
  await store.drop();
});

async function startHost(options: TestHubOptions = {}): Promise<TestHub> {
  forgetSchemas();
  const hub = await startHub({ ...options, store });
  running.add(hub);
  return hub;
}

async function stopHost(hub: TestHub): Promise<void> {
  running.delete(hub);
  await hub.stop();
}

/** The classes of the host, as Parse shows them. */
async function hostClasses(hub: TestHub): Promise<string> {
  const { body } = await hub.rest('GET', '/schemas', master);
  return classesText(body.results);
}

function classesText(classes: readonly Json[]): string {
  const own = classes.filter(({ className }) => !ours.has(className));
  return JSON.stringify(
    own.sort((a, b) => (a.className < b.className ? -1 : 1)),
    null,
    1,
  );
}

describe('the classes of a host', () => {
  it('are the same before and after, down to who may add fields', async () => {
    const plain = await startPlainHost(store, { allowClientClassCreation: true });
    await plain.rest('POST', 'classes/HostOpen', { text: 'x' });
    await plain.rest('POST', 'schemas/HostGuarded', {
      className: 'HostGuarded',
      fields: { text: { type: 'String', required: true, defaultValue: 'x' } },
      classLevelPermissions: { find: { requiresAuthentication: true }, addField: { '*': true } },
      indexes: { byText: { text: 1 } },
    });
    const before = classesText((await plain.rest('GET', 'schemas')).results);
    expect(JSON.parse(before).map(({ className }: Json) => className)).toContain('HostOpen');
    await plain.stop();
    for (let start = 1; start <= 2; start += 1) {
      const hub = await startHost();
      expect(await hostClasses(hub)).toBe(before);
      await stopHost(hub);
    }
    const after = await startHost({ host: { allowClientClassCreation: true } });
    const user = await after.signUp();
    const added = await after.rest('POST', '/classes/HostOpen', user, { text: 'y', [`added`]: 1 });
    expect(added.status).toBe(201);
  });

  it('may be declared, locked and strict', async () => {
    const schema = {
      definitions: [
        {
          className: 'HostThing',
          fields: { text: { type: 'String' }, stamped: { type: 'Boolean' } },
          indexes: { hostThingText: { text: 1 } },
          classLevelPermissions: {
            ...{ find: { '*': true }, get: { '*': true }, create: { '*': true } },
            ...{ update: {}, delete: {}, addField: {}, count: { '*': true } },
          },
        },
      ],
      ...{ strict: true, lockSchemas: true, deleteExtraFields: true, recreateModifiedFields: true },
    };
    const plain = await startPlainHost(store, { schema });
    const before = classesText((await plain.rest('GET', 'schemas')).results);
    await plain.stop();
    const hub = await startHost({ host: { schema } });
    const installed = await hub.rest('GET', '/schemas', master);
    expect(classesText(installed.body.results)).toBe(before);
    await stopHost(hub);
    // The start after: now the classes of the hub are what Parse Server calls unknown.
    const again = await startHost({ host: { schema } });
    expect((await again.rest('GET', '/schemas', master)).body).toEqual(installed.body);
    await keepsUnique(again);
    const locked = await again.rest('POST', '/schemas/More', master, { className: 'More' });
    expect(locked.body.code).toBe(119);
  });

  it.each(['Webhook', 'HubLane', 'Organization'])(
    'is not taken for ours where it is called %s: the start is refused',
    async (className) => {
      const plain = await startPlainHost(store);
      await plain.rest('POST', `classes/${className}`, { ownField: 'precious' });
      const before = (await plain.rest('GET', 'schemas')).results;
      await plain.stop();
      await expect(startQuietly()).rejects.toThrow(
        `The hub needs the class ${className}, and this application has one of that name already. Rename yours, or run the hub on an application of its own.`,
      );
      const after = await startPlainHost(store);
      expect((await after.rest('GET', 'schemas')).results).toEqual(before);
      await after.stop();
    },
  );
});

/** A second row with the same unique values is refused by the database, whoever stores it. */
async function keepsUnique(hub: TestHub): Promise<void> {
  const user = await hub.signUp();
  await hub.as(user).createOrganization({ name: 'Acme' });
  const { eventType } = await hub.as(user).createEventType({ name: 'order.paid' });
  expect(eventType.name).toBe('order.paid');
  const { body } = await hub.rest('GET', '/classes/WebhookEventType', master);
  const { objectId: _id, createdAt: _created, updatedAt: _updated, ...copy } = body.results[0];
  expect((await hub.rest('POST', '/classes/WebhookEventType', master, copy)).body.code).toBe(137);
  const event = { type: 'order.paid', data: {}, idempotencyKey: 'once' };
  const many = Array.from({ length: 20 }, () => hub.as(user).publishEvent(event));
  expect(new Set((await Promise.all(many)).map(({ eventId }) => eventId)).size).toBe(1);
}

/** A start that fails: Parse Server prints why, besides throwing it. */
async function startQuietly(options: TestHubOptions = {}): Promise<TestHub> {
  const { error } = console;
  console.error = () => undefined;
  try {
    return await startHost(options);
  } finally {
    console.error = error;
  }
}
void createHubClient;
void ClientParse;
void forkHost;
void hostCloud;
void HUB_SECRET;
export type X = HubOptions;
