import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { createHubClient } from '../../client.js';
import { ClientParse } from '../support/clientSdk.js';
import { hostCloud } from '../support/hostFixtures/hostCloud.js';
import { type Json, master, type TestHub } from '../support/hub.js';
import { useFolders, useInstalledStore } from './setting.js';

const hosts = useInstalledStore();
const folderWith = useFolders();

describe('the cloud code of a host', () => {
  const { href } = pathToFileURL(
    path.resolve(import.meta.dirname, '../support/hostFixtures/hostCloud.ts'),
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
    const hub = await hosts.start({ host: { cloud: cloudOf() } });
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
    const hub = await hosts.start({ host: { cloud }, hub: { functionPrefix: 'hub_' } });
    const user = await hub.signUp();
    expect((await hub.call('getWebhooks', {}, user)).body.result).toBe('the host’s');
    const client = createHubClient(ClientParse, { ...user, prefix: 'hub_' });
    const { organization } = await client.createOrganization({ name: 'Acme' });
    expect(await client.getWebhooks({ organizationId: organization.id })).toEqual({ items: [] });
    await expect(client.getWebhook({ webhookId: 'none' })).rejects.toMatchObject({ code: 7301 });
  });

  it('starts again in the same process, with the same application', async () => {
    const host = { appId: 'again', cloud: hostCloud };
    await hosts.stop(await hosts.start({ host }));
    await hosts.start({ host });
  });
});

describe('the settings of a host', () => {
  it('keep their headers in addition to the hub’s', async () => {
    const hub = await hosts.start({ host: { allowHeaders: ['X-Host', 'X-Request-Id'] } });
    const response = await fetch(`${hub.url}/parse/functions/getWebhooks`, { method: 'OPTIONS' });
    const allowed = response.headers.get('access-control-allow-headers')?.split(', ') ?? [];
    const ours = ['X-Request-Id', 'X-API-Key', 'Authorization'];
    expect(allowed.slice(-4)).toEqual(['X-Host', ...ours]);
    expect(allowed).toContain('X-Parse-Session-Token');
  });

  it('keep their log levels', async () => {
    const lines: (readonly [level: string, text: string])[] = [];
    const hub = await hosts.start({
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
