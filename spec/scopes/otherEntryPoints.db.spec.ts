import { asKey, post } from '../apiKeys/setting.js';
import { type LiveQueries, startLiveQueries } from '../support/hostFixtures/liveQuery.js';
import { type Json, master, type MountedHost, readOnlyMaster } from '../support/hub.js';
import { middlewares } from '../support/parseServerInside.js';
import { type HostSetting, PUBLIC, startHost } from './host.js';

interface Known {
  readonly auth?: { readonly isMaster?: boolean; readonly user?: { readonly id: string } };
}

/**
 * Mounts with the same middlewares as Parse Server's GraphQL mount, which return what they know of the caller: one after the
 * hub's middleware, as the README says, and one without it. GraphQL itself does not run in a tree with two copies of the
 * package graphql, such as this one.
 */
async function mountLikeGraphQL({ app, authenticate }: MountedHost): Promise<void> {
  const { handleParseHeaders, handleParseSession } = middlewares;
  app.use('/guarded', authenticate);
  for (const path of ['/guarded', '/forgotten'])
    app.use(path, handleParseHeaders, handleParseSession, (req, res) => {
      const { auth } = req as Known;
      res.json({ user: auth?.user?.id ?? 'nobody', isMaster: auth?.isMaster });
    });
}

let host: HostSetting;
let live: LiveQueries;
let key: string;
let own: string;
let shared: string;
beforeAll(async () => {
  host = await startHost({
    host: {
      liveQuery: { classNames: ['Post', 'Label'] },
      idempotencyOptions: { paths: ['classes/Post', 'functions/whoCalls'], ttl: 300 },
    },
    mount: mountLikeGraphQL,
  });
  live = await startLiveQueries(host.hub);
  ({ key } = await host.make({ scopes: ['posts:read', 'posts:write', 'labels:read'] }));
  const { id } = host.team.owner;
  own = await host.row('Post', { title: 'own', ACL: { [id]: { read: true, write: true } } });
  shared = await host.row('Label', { name: 'shared', ACL: PUBLIC });
});
afterAll(async () => {
  await live.close();
  await host.hub.stop();
});

describe('LiveQuery', () => {
  it.each([
    ['as a session token', () => ({ sessionToken: key })],
    ['as a master key', () => ({ masterKey: key })],
  ])('gives a key %s nothing that it does not give to every client', async (_how, as) => {
    const listener = await live.listen(as());
    const observer = await live.listen(host.team.owner);
    for (const each of [listener, observer]) {
      await each.subscribe('Post');
      await each.subscribe('Label');
    }
    await host.request('PUT', `/classes/Post/${own}`, master, { title: 'own' });
    await observer.received('Post');
    await host.request('PUT', `/classes/Label/${shared}`, master, { name: 'shared' });
    await observer.received('Label');
    // Every listener gets it, after the other one, unless the server refused the listener.
    if (!listener.refused.includes('Label')) await listener.received('Label');
    expect(listener.events.filter(({ className }) => className === 'Post')).toEqual([]);
  });
});

describe('GraphQL', () => {
  const send = async (path: string, headers: Readonly<Record<string, string>>) => {
    const response = await fetch(`${host.hub.url}${path}`, {
      method: 'POST',
      headers: { 'x-parse-application-id': host.hub.appId, ...headers },
    });
    return [response.status, (await response.json()) as Json];
  };
  const byKey = () => [{ 'x-api-key': key }, { authorization: `Bearer ${key}` }];

  it('knows users, and refuses keys behind the hub’s middleware', async () => {
    const { id, sessionToken } = host.team.owner;
    for (const path of ['/guarded', '/forgotten'])
      expect(await send(path, { 'x-parse-session-token': sessionToken })).toEqual([
        200,
        { user: id, isMaster: false },
      ]);
    for (const headers of byKey())
      expect(await send('/guarded', headers)).toMatchObject([403, { code: 8108 }]);
  });

  it('ignores a key where the hub’s middleware is not mounted', async () => {
    for (const headers of byKey())
      expect(await send('/forgotten', headers)).toEqual([200, { user: 'nobody', isMaster: false }]);
  });
});

describe('a repeated request', () => {
  it('is executed once by Parse Server, also with a key', async () => {
    for (const [path, body] of [
      ['/classes/Post', { title: 'once' }],
      ['/functions/whoCalls', {}],
    ] as const) {
      const as = { headers: { 'x-api-key': key, 'x-parse-request-id': `once ${path}` } };
      const responses = [
        await host.request('POST', path, as, body),
        await host.request('POST', path, as, body),
      ];
      // https://docs.parseplatform.org/rest/guide/#error-codes
      expect(responses.map((response) => response.body.code)).toEqual([undefined, 159]);
    }
  });
});

describe('keys of Parse Server', () => {
  const asMaintenance = {
    headers: { 'x-parse-maintenance-key': 'maintenance-key-of-the-spec' },
  };

  it('keep their meaning: the read-only master key reads, also in the hub', async () => {
    const { hub, organizationId } = host;
    expect((await hub.call('getWebhooks', { organizationId }, readOnlyMaster)).status).toBe(200);
    const webhook = { organizationId, name: 'w', url: 'https://example.com', events: ['a.*'] };
    expect((await hub.call('createWebhook', webhook, readOnlyMaster)).body.code).toBe(7006);
    expect((await host.request('GET', `/classes/Post/${own}`, readOnlyMaster)).status).toBe(200);
    const change = await host.request('PUT', `/classes/Post/${own}`, readOnlyMaster, {
      title: 'x',
    });
    expect(change.body.code).toBe(119);
  });

  it('keep their meaning: the maintenance key has no identity in functions', async () => {
    const { hub, organizationId } = host;
    const { body } = await hub.call('getWebhooks', { organizationId }, asMaintenance);
    expect(body.code).toBe(7002);
    const { headers } = asKey(key);
    const mixed = { ...headers, ...asMaintenance.headers };
    expect((await post(hub, '/functions/getWebhooks', {}, mixed)).body.code).toBe(8107);
  });
});
