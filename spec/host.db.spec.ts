import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { createHubClient } from '../client.js';
import { createIntegrationHub } from '../index.js';
import { schemas } from '../schemas/index.js';
import { connectorAt } from './connections/provider.js';
import { canonical } from './isolation/world.js';
import { ClientParse } from './support/clientSdk.js';
import { type ForkedHost, forkHost } from './support/hostFixtures/forkHost.js';
import { hostCloud } from './support/hostFixtures/hostCloud.js';
import type { HostProcessNews } from './support/hostFixtures/hostProcess.js';
import { forgetSchemas, refusalOf, startPlainHost } from './support/hostFixtures/plainHost.js';
import {
  createHubStore,
  type Json,
  master,
  startHub,
  type TestHub,
  type TestHubOptions,
} from './support/hub.js';
import { isLong } from './support/rounds.js';
import { createStore, type Store } from './support/store.js';

const HUB_SECRET = 'hub-secret-of-the-spec-0123456789abcdef';
const ours: ReadonlySet<string> = new Set(schemas.map(({ name }) => name));

let store: Store;
const running = new Set<{ stop(): Promise<void> }>();
afterEach(stopAll);

async function stopAll(): Promise<void> {
  await Promise.all([...running].map((each) => each.stop()));
  running.clear();
}

/** For tests about what is in a database. */
function useEmptyStores(): void {
  beforeEach(async () => {
    store = await createStore();
  });
  afterEach(async () => {
    await stopAll();
    await store.drop();
  });
}

/** One for all tests, with the hub's classes in it. */
function useInstalledStore(): void {
  beforeAll(async () => {
    store = await createHubStore();
  });
  afterAll(() => store.drop());
}

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'hub-cloud-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  return folder;
}

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
  useEmptyStores();

  it('are the same before and after, including permissions to add fields', async () => {
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
    const plain = await startPlainHost(store, { schema });
    const before = classesText((await plain.rest('GET', 'schemas')).results);
    await plain.stop();
    const hub = await startHost({ host: { schema } });
    const installed = await hub.rest('GET', '/schemas', master);
    expect(classesText(installed.body.results)).toBe(before);
    const everything = classesText(installed.body.results, () => true);
    await stopHost(hub);
    // At the next start, Parse Server treats the classes of the hub as unknown.
    const again = await startHost({ host: { schema } });
    const { body } = await again.rest('GET', '/schemas', master);
    expect(classesText(body.results, () => true)).toBe(everything);
    await keepsUnique(again);
    const locked = await again.rest('POST', '/schemas/More', master, { className: 'More' });
    expect(locked.body.code).toBe(119);
  });

  it.each(['Webhook', 'HubLane', 'Organization'])(
    'are not mistaken for the hub’s if one is called %s: the start is refused',
    async (className) => {
      const plain = await startPlainHost(store);
      await plain.rest('POST', `classes/${className}`, { ownField: 'precious' });
      const before = classesText((await plain.rest('GET', 'schemas')).results, () => true);
      await plain.stop();
      expect(await refusalOf(store, {})).toBe(
        `The hub needs the class ${className}, and this application has one of that name already. Set classPrefix in the options of createIntegrationHub (HUB_CLASS_PREFIX), which goes before the names of the hub's classes${
          className === 'Organization'
            ? '; or, if your Organization is what people belong to, pass it to the hub in the option organizations.'
            : '.'
        }`,
      );
      const after = await startPlainHost(store);
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

describe('the cloud code of a host', () => {
  useInstalledStore();
  const { href } = pathToFileURL(
    path.resolve(import.meta.dirname, 'support/hostFixtures/hostCloud.ts'),
  );
  // A process loads a file once, and may run this spec once for each engine.
  function newFile(): string {
    const text = `import { hostCloud } from '${href}'; hostCloud(globalThis.Parse);`;
    return path.join(folderWith({ 'main.mjs': text }), 'main.mjs');
  }

  it.each([
    ['a function', () => hostCloud],
    ['a path', newFile],
  ])('still works, as %s', async (_how, cloudOf) => {
    const hub = await startHost({ host: { cloud: cloudOf() } });
    const user = await hub.signUp();
    const echo = await hub.call('hostEcho', { mark: 1 }, user);
    expect(echo.body).toEqual({ result: { echo: { mark: 1 } } });
    expect((await hub.call('hostFails', {}, user)).body).toEqual({
      code: 141,
      error: 'The host’s function failed.',
    });
    const thing = await hub.rest('POST', '/classes/HostThing', master, { text: 'x' });
    const saved = await hub.rest('GET', `/classes/HostThing/${thing.body.objectId}`, user);
    expect(saved.body).toMatchObject({ text: 'x', stamped: true });
    const me = await hub.rest('GET', '/users/me', user);
    expect(me.body.greeting).toBe('welcome');
    expect((await hub.call('hostSaved', {}, user)).body.result).toEqual(['_User', 'HostThing']);
    // Changes by the hub do not run the host's triggers on other classes.
    await hub.as(user).createOrganization({ name: 'Acme' });
    const called = await hub.call('hostCallsHub', {}, user);
    expect(called.body.result.items).toEqual([expect.objectContaining({ name: 'Acme' })]);
    expect((await hub.call('hostSaved', {}, user)).body.result).toEqual(['_User', 'HostThing']);
    await runsJob(hub, 'hostJob', 'the host’s job ran');
  });

  it('may have functions with the names of the hub’s if the hub has a prefix', async () => {
    const cloud = (Parse: Json) => Parse.Cloud.define('getWebhooks', () => 'the host’s');
    const hub = await startHost({ host: { cloud }, hub: { functionPrefix: 'hub_' } });
    const user = await hub.signUp();
    expect((await hub.call('getWebhooks', {}, user)).body.result).toBe('the host’s');
    const client = createHubClient(ClientParse, { ...user, prefix: 'hub_' });
    const { organization } = await client.createOrganization({ name: 'Acme' });
    expect(await client.getWebhooks({ organizationId: organization.id })).toEqual({ items: [] });
    await expect(client.getWebhook({ webhookId: 'none' })).rejects.toMatchObject({ code: 7301 });
  });

  it('starts again in the same process, with the same application', async () => {
    const host = { appId: 'again', cloud: hostCloud };
    await stopHost(await startHost({ host }));
    await startHost({ host });
  });
});

describe('the settings of a host', () => {
  useInstalledStore();

  it('keep their headers in addition to the hub’s', async () => {
    const hub = await startHost({ host: { allowHeaders: ['X-Host', 'X-Request-Id'] } });
    const response = await fetch(`${hub.url}/parse/functions/getWebhooks`, { method: 'OPTIONS' });
    const allowed = response.headers.get('access-control-allow-headers')?.split(', ') ?? [];
    const ours = ['X-Request-Id', 'X-API-Key', 'Authorization'];
    expect(allowed.slice(-4)).toEqual(['X-Host', ...ours]);
    expect(allowed).toContain('X-Parse-Session-Token');
  });

  it('keep their log levels', async () => {
    const lines: (readonly [level: string, text: string])[] = [];
    const hub = await startHost({
      host: {
        cloud: hostCloud,
        logLevel: 'info',
        logLevels: { cloudFunctionSuccess: 'warn', cloudFunctionError: 'silent' },
        loggerAdapter: {
          log: (level: string, text: unknown) => void lines.push([level, String(text)]),
        },
      },
    });
    const user = await hub.signUp();
    await hub.as(user).createOrganization({ name: 'Acme' });
    await hub.call('hostEcho', {}, user);
    await hub.call('hostFails', {}, user);
    const about = lines.filter(([, text]) => text.includes('cloud function'));
    expect(about.map(([level, text]) => [level, text.split(' for ')[0]])).toEqual([
      ['warn', 'Ran cloud function hostEcho'],
    ]);
  });
});

describe('a start that is refused', () => {
  useInstalledStore();
  const define = (name: string) => (Parse: Json) => Parse.Cloud.define(name, () => 'the host’s');
  const job = (name: string) => (Parse: Json) => Parse.Cloud.job(name, () => 'the host’s');

  it('names the function that the host has as well', async () => {
    expect(await refusalOf(store, { host: { cloud: define('publishEvent') } })).toBe(
      "The hub's cloud functions publishEvent would replace functions of yours. Set functionPrefix in the options of createIntegrationHub (HUB_FUNCTION_PREFIX), or rename yours.",
    );
    const prefixed = { cloud: define('hub_getEvent') };
    expect(await refusalOf(store, { host: prefixed, hub: { functionPrefix: 'hub_' } })).toMatch(
      /hub_getEvent/,
    );
  });

  it('names the job that the host has as well', async () => {
    expect(await refusalOf(store, { host: { cloud: job('pruneHistory') } })).toMatch(
      /^The hub's jobs pruneHistory have the names of jobs of yours\. Set jobPrefix in the options of createIntegrationHub \(HUB_JOB_PREFIX\), or rename yours\.$/,
    );
  });

  it.each([
    [
      './cloud/missing.js',
      /^The option cloud of ParseServer is "\.\/cloud\/missing\.js", and there is no such file: \/.*\/cloud\/missing\.js\. /,
    ],
    ['cloud', /^The option cloud of ParseServer is "cloud", and there is no such file: /],
    [7, /^The option cloud of ParseServer must be a function or a path\.$/],
  ])('describes the problem with the cloud code %j', async (cloud, sentence) => {
    expect(await refusalOf(store, { host: { cloud } })).toMatch(sentence);
  });

  it('does not happen for a path without its extension, which require() finds', async () => {
    const folder = folderWith({ 'main.cjs': '', 'index.js': '' });
    expect(await refusalOf(store, { host: { cloud: folder } })).toBe('');
  });

  it('passes on Node’s error for a missing import in cloud code', async () => {
    const folder = folderWith({ 'main.mjs': "import './gone.mjs';" });
    const cloud = path.join(folder, 'main.mjs');
    expect(await refusalOf(store, { host: { cloud } })).toMatch(/gone/);
  });

  it('names the address of a connector for which http:// is not allowed', () => {
    const plain = connectorAt('http://crm.internal:8080', 'crm');
    const options = { secret: HUB_SECRET, publicUrl: 'https://api.example.com/hub' };
    const sentence =
      /^The connector crm has the URL http:\/\/crm\.internal:8080, which uses plain http\. /;
    expect(() => createIntegrationHub({ ...options, connectors: [plain] })).toThrow(sentence);
    expect(() => {
      createIntegrationHub(options).registerConnector(plain);
    }).toThrow(sentence);
    for (const allowed of [
      { allowedTargets: '*.internal' },
      { allowHttp: true, allowedTargets: 'crm.internal' },
    ]) {
      createIntegrationHub({ ...options, ...allowed }).registerConnector(plain);
    }
  });

  it('happens before Parse Server is created if the host declares a class of the hub', () => {
    const hub = createIntegrationHub({ secret: HUB_SECRET, publicUrl: 'http://localhost/hub' });
    const schema = { definitions: [{ className: 'HostThing' }, { className: 'Webhook' }] };
    expect(() => hub.parseServerOptions({ schema })).toThrow(
      "The hub declares the class Webhook itself, and schema.definitions has one of that name. Set classPrefix in the options of createIntegrationHub (HUB_CLASS_PREFIX), which goes before the names of the hub's classes.",
    );
  });

  it('says that the database is not set', () => {
    const hub = createIntegrationHub({ secret: HUB_SECRET, publicUrl: 'http://localhost/hub' });
    expect(() => hub.parseServerOptions({ databaseURI: undefined })).toThrow(
      'The option databaseURI of ParseServer is undefined. Set it to the URL of a PostgreSQL or MongoDB database',
    );
  });

  it.each<[string, Json, RegExp]>([
    ['no secret', { secret: undefined }, /secret: The hub secret must have at least 32 characters/],
    ['no URL', { publicUrl: undefined }, /publicUrl: must be the http/],
    ['a short secret', { secret: 'short' }, /secret: .*32/],
    [
      'a host name instead of a URL',
      { publicUrl: 'api.example.com' },
      /publicUrl: must be the http/,
    ],
    ['another scheme', { publicUrl: 'ftp://api.example.com' }, /publicUrl: must be the http/],
    [
      'a password',
      { publicUrl: 'https://u:canary@api.example.com/hub' },
      /publicUrl: must not have/,
    ],
    ['an invalid range', { allowedTargets: '10.0.0.0/99' }, /allowedTargets: .*10\.0\.0\.0\/99/],
    ['an invalid log level', { logLevel: 'loud' }, /logLevel: /],
    ['a prefix with a dot', { functionPrefix: 'hub.' }, /functionPrefix: must be up to 31 letters/],
    ['a retention of zero days', { retention: { eventDays: 0 } }, /retention\.eventDays: /],
    ['too much in flight', { inFlightMax: 1e6 }, /inFlightMax: /],
    ['a misspelled option', { publicURL: 'https://api.example.com' }, /publicURL/],
  ])('describes the problem with %s', (_what, wrong, sentence) => {
    const options = { secret: HUB_SECRET, publicUrl: 'https://api.example.com/hub', ...wrong };
    expect(() => createIntegrationHub(options)).toThrow(sentence);
    expect(() => createIntegrationHub(options)).toThrow(
      /^The options of createIntegrationHub are not valid/,
    );
  });
});

/** If Parse Server's own classes collide, one of the starts is late: the hubs' collide more often if those exist already. */
const WITHOUT_HUB = "that has Parse Server's own classes";
const BEFORE_TWO_STARTS = isLong ? [WITHOUT_HUB, 'that is empty'] : [WITHOUT_HUB];

describe('two starts at once', () => {
  useEmptyStores();

  it.each(BEFORE_TWO_STARTS)(
    'on a database %s both succeed, and create everything once',
    async (before) => {
      if (before === WITHOUT_HUB) await (await startPlainHost(store)).stop();
      const options = {
        parse: { appId: 'both', masterKey: 'master', databaseURI: store.uri },
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
      const hosts = await Promise.all([start(), start()]);
      const classes = await Promise.all(hosts.map(({ news }) => classesOf(news)));
      expect(classes[0]).toBe(classes[1]);
      for (const { name } of schemas) expect(classes[0]).toContain(`"className": "${name}"`);
      const written = await Promise.all(hosts.map((host) => host.stop()));
      expect(written).toHaveLength(2);
      await keepsUnique(await startHost());
    },
  );
});

async function classesOf(news: HostProcessNews): Promise<string> {
  if (news.kind !== 'ready') throw new Error(news.message);
  const headers = { 'x-parse-application-id': 'both', 'x-parse-master-key': 'master' };
  const response = await fetch(`${news.url}/parse/schemas`, { headers });
  return classesText(((await response.json()) as Json).results, () => true);
}

async function runsJob(hub: TestHub, name: string, message: string): Promise<void> {
  await hub.rest('POST', `/jobs/${name}`, master, {});
  const query = new URLSearchParams({
    where: JSON.stringify({ jobName: name }),
    order: '-createdAt',
    limit: '1',
  });
  for (;;) {
    const { body } = await hub.rest('GET', `/classes/_JobStatus?${query.toString()}`, master);
    const [run] = body.results;
    if (run.status === 'running') continue;
    expect(run).toMatchObject({ status: 'succeeded', message });
    return;
  }
}
