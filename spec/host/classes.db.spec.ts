import { schemas } from '../../schemas/index.js';
import { canonical } from '../isolation/world.js';
import { type ForkedHost, forkHost } from '../support/hostFixtures/forkHost.js';
import type { HostProcessNews } from '../support/hostFixtures/hostProcess.js';
import { refusalOf, startPlainHost } from '../support/hostFixtures/plainHost.js';
import { type Json, master, type TestHub } from '../support/hub.js';
import { isLong } from '../support/rounds.js';
import { useEmptyStores } from './setting.js';

const HUB_SECRET = 'hub-secret-of-the-spec-0123456789abcdef';
const ours: ReadonlySet<string> = new Set(schemas.map(({ name }) => name));
const hosts = useEmptyStores();

/** Returns the classes of the host, as Parse returns them. */
async function hostClasses(hub: TestHub): Promise<string> {
  const { body } = await hub.rest('GET', '/schemas', master);
  return classesText(body.results);
}

function classesText(classes: readonly Json[], isMeant = isHosts): string {
  // On MongoDB, Parse Server itself adds existing indexes to its schema at the second start.
  const shown = classes.map(({ indexes: _indexes, ...others }) => others);
  return canonical(shown.filter(isMeant).sort((a, b) => (a.className < b.className ? -1 : 1)));
}

const isHosts = ({ className }: Json): boolean => !ours.has(className);

describe('the classes of a host', () => {
  it('are the same before and after, including permissions to add fields', async () => {
    const plain = await startPlainHost(hosts.store(), { allowClientClassCreation: true });
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
      const hub = await hosts.start();
      expect(await hostClasses(hub)).toBe(before);
      await hosts.stop(hub);
    }
    const after = await hosts.start({ host: { allowClientClassCreation: true } });
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
            find: { '*': true },
            get: { '*': true },
            create: { '*': true },
            update: {},
            delete: {},
            addField: {},
            count: { '*': true },
          },
        },
      ],
      strict: true,
      lockSchemas: true,
      deleteExtraFields: true,
      recreateModifiedFields: true,
    };
    const plain = await startPlainHost(hosts.store(), { schema });
    const before = classesText((await plain.rest('GET', 'schemas')).results);
    await plain.stop();
    const hub = await hosts.start({ host: { schema } });
    const installed = await hub.rest('GET', '/schemas', master);
    expect(classesText(installed.body.results)).toBe(before);
    const everything = classesText(installed.body.results, () => true);
    await hosts.stop(hub);
    // At the next start, Parse Server treats the classes of the hub as unknown.
    const again = await hosts.start({ host: { schema } });
    const { body } = await again.rest('GET', '/schemas', master);
    expect(classesText(body.results, () => true)).toBe(everything);
    await keepsUnique(again);
    const locked = await again.rest('POST', '/schemas/More', master, { className: 'More' });
    expect(locked.body.code).toBe(119);
  });

  it.each(['Webhook', 'HubLane', 'Organization'])(
    'are not mistaken for the hub’s if one is called %s: the start is refused',
    async (className) => {
      const plain = await startPlainHost(hosts.store());
      await plain.rest('POST', `classes/${className}`, { ownField: 'precious' });
      const before = classesText((await plain.rest('GET', 'schemas')).results, () => true);
      await plain.stop();
      expect(await refusalOf(hosts.store(), {})).toBe(
        `The hub needs the class ${className}, and this application has one of that name already. Set classPrefix in the options of createIntegrationHub (HUB_CLASS_PREFIX), which goes before the names of the hub's classes${
          className === 'Organization'
            ? '; or, if your Organization is what people belong to, pass it to the hub in the option organizations.'
            : '.'
        }`,
      );
      const after = await startPlainHost(hosts.store());
      const { results } = await after.rest('GET', 'schemas');
      expect(classesText(results, () => true)).toBe(before);
      await after.stop();
    },
  );
});

/** Checks that the database refuses a second row with the same unique values. */
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

/** If Parse Server's own classes collide, one of the starts is late: the hubs' collide more often if those exist already. */
const WITHOUT_HUB = "that has Parse Server's own classes";
const BEFORE_TWO_STARTS = isLong ? [WITHOUT_HUB, 'that is empty'] : [WITHOUT_HUB];

describe('two starts at once', () => {
  it.each(BEFORE_TWO_STARTS)(
    'on a database %s both succeed, and create everything once',
    async (before) => {
      if (before === WITHOUT_HUB) await (await startPlainHost(hosts.store())).stop();
      const options = {
        parse: { appId: 'both', masterKey: 'master', databaseURI: hosts.store().uri },
        hub: { secret: HUB_SECRET, keyIterations: 100_000 },
      };
      // Parse Server ends if the creation of its own tables collides. A supervisor would start it again, as here.
      const start = async (): Promise<ForkedHost> => {
        const host = await forkHost(options);
        if (host.news.kind === 'ready') return host;
        expect(before).not.toBe(WITHOUT_HUB);
        expect(host.news.message).toMatch(/^duplicate key value violates unique constraint "pg_/);
        await host.stop();
        return start();
      };
      const both = await Promise.all([start(), start()]);
      const classes = await Promise.all(both.map(({ news }) => classesOf(news)));
      expect(classes[0]).toBe(classes[1]);
      for (const { name } of schemas) expect(classes[0]).toContain(`"className": "${name}"`);
      const written = await Promise.all(both.map((host) => host.stop()));
      expect(written).toHaveLength(2);
      await keepsUnique(await hosts.start());
    },
  );
});

async function classesOf(news: HostProcessNews): Promise<string> {
  if (news.kind !== 'ready') throw new Error(news.message);
  const headers = { 'x-parse-application-id': 'both', 'x-parse-master-key': 'master' };
  const response = await fetch(`${news.url}/parse/schemas`, { headers });
  return classesText(((await response.json()) as Json).results, () => true);
}
