import { asKey, post } from '../apiKeys/setting.js';
import { addMember } from '../cloud/team.js';
import { type Caller, type Json, master } from '../support/hub.js';
import { CLOSED_CLASSES, NEVER_OPEN, NEVER_OPEN_IN_BATCHES } from './entryPoints.js';
import { type HostResponse, type HostSetting, PUBLIC, startHost } from './host.js';

let host: HostSetting;
let reader: Caller;
let writer: Caller;
let own: string;
let others: string;
let secret: string;
let writerKey: string;
let writerId: string;
beforeAll(async () => {
  host = await startHost();
  const { team, row, pointer } = host;
  const only = (id: string) => ({ [id]: { read: true, write: true } });
  secret = await row('Secret', { word: 'swordfish' });
  const fields = {
    hidden: 'protected',
    author: pointer('_User', team.owner.id),
    secret: pointer('Secret', secret),
    secrets: [pointer('Secret', secret)],
    related: { __op: 'AddRelation', objects: [pointer('Secret', secret)] },
  };
  own = await row('Post', { title: 'own', ...fields, ACL: only(team.owner.id) });
  others = await row('Post', { title: 'others', ...fields, ACL: only(team.outsider.id) });
  const scopes = ['posts:read', 'posts:write'];
  ({ key: writerKey, id: writerId } = await host.make({ scopes }));
  writer = asKey(writerKey);
  reader = asKey((await host.make({ scopes: ['posts:read'] })).key);
});
afterAll(() => host.hub.stop());

const where = (condition: Json, more = '') =>
  `/classes/Post?where=${encodeURIComponent(JSON.stringify(condition))}${more}`;
const titles = ({ body }: HostResponse) => body.results.map((each: Json) => each.title).sort();
const codeOf = ({ status, body }: HostResponse) => [status, body.code];
const CLOSED = [403, 8113];
/** The status of an allowed request: Parse Server returns errors of classes with 400. */
const CLOSED_INSIDE = [400, 8113];
const batch = (key: Caller, requests: Json[], more: Json = {}) =>
  host.request('POST', '/batch', key, { requests, ...more });

describe('a key with scopes of the host', () => {
  it('reads what its owner may read, and no protected field', async () => {
    const all = await host.request('GET', '/classes/Post', reader);
    expect(titles(all)).toEqual(['own']);
    expect(all.body.results[0]).not.toHaveProperty('hidden');
    const one = await host.request('GET', `/classes/Post/${own}`, reader);
    expect([one.status, one.body.title]).toEqual([200, 'own']);
    expect((await host.request('GET', `/classes/Post/${others}`, reader)).body.code).toBe(101);
    const counted = await host.request('GET', '/classes/Post?count=1&limit=0', reader);
    expect(counted.body).toEqual({ results: [], count: 1 });
    expect((await host.request('GET', where({ hidden: 'protected' }), reader)).body.code).toBe(119);
  });

  it('writes as its owner, and the host’s triggers run', async () => {
    const { body } = await host.request('POST', '/classes/Post', writer, { title: 'made' });
    const diary = async () =>
      (await host.request('GET', '/classes/Diary', master)).body.results.length;
    const before = await diary();
    const path = `/classes/Post/${body.objectId}`;
    expect((await host.request('PUT', path, writer, { title: 'changed' })).status).toBe(200);
    const stored = await host.request('GET', path, master);
    expect(stored.body).toMatchObject({
      title: 'changed',
      stampedBy: host.team.owner.id,
      byKey: writerId,
    });
    expect((await host.request('DELETE', path, writer)).status).toBe(200);
    expect((await host.request('GET', path, master)).body.code).toBe(101);
    expect((await diary()) - before).toBe(2);
  });

  it('changes and deletes nothing that its owner may not', async () => {
    const path = `/classes/Post/${others}`;
    expect((await host.request('PUT', path, writer, { title: 'mine' })).body.code).toBe(101);
    expect((await host.request('DELETE', path, writer)).body.code).toBe(101);
    expect((await host.request('GET', path, master)).body.title).toBe('others');
  });

  it('overrides methods as the SDK does, and is checked for the effective one', async () => {
    const found = await host.request('POST', '/classes/Post', reader, { _method: 'GET', limit: 5 });
    expect(titles(found)).toEqual(['own']);
    const denied = await host.request('POST', `/classes/Post/${own}`, reader, {
      _method: 'DELETE',
    });
    expect(codeOf(denied)).toEqual(CLOSED);
    const odd = await host.request('POST', `/classes/Post/${own}`, reader, { _method: 'PATCH' });
    expect(codeOf(odd)).toEqual([403, 8108]);
  });

  it('may do in a batch what it may do alone', async () => {
    const path = '/parse/classes/Post';
    const { body } = await batch(writer, [
      { method: 'POST', path, body: { title: 'in a batch' } },
      { method: 'GET', path: `${path}/${own}` },
      { method: 'PUT', path: `${path}/${others}`, body: { title: 'mine' } },
      { method: 'POST', path: '/parse/functions/whoCalls', body: {} },
    ]);
    expect(body.map(({ error }: Json) => error?.code)).toEqual([
      undefined,
      undefined,
      101,
      undefined,
    ]);
    await host.request('DELETE', `/classes/Post/${body[0].success.objectId}`, master);
    const denied = await batch(reader, [
      { method: 'GET', path: `${path}/${own}` },
      { method: 'DELETE', path: `${path}/${own}` },
    ]);
    expect(codeOf(denied)).toEqual(CLOSED);
    expect((await host.request('GET', `/classes/Post/${own}`, master)).status).toBe(200);
  });

  it('needs a scope for each verb', async () => {
    const counter = asKey((await host.make({ scopes: ['posts:count'] })).key);
    const counted = await host.request('GET', '/classes/Post?count=1&limit=0', counter);
    expect(counted.body).toEqual({ results: [], count: 1 });
    expect(codeOf(await host.request('GET', '/classes/Post', counter))).toEqual(CLOSED_INSIDE);
    expect(codeOf(await host.request('GET', '/classes/Post?count=1', counter))).toEqual(
      CLOSED_INSIDE,
    );
    expect(codeOf(await host.request('GET', `/classes/Post/${own}`, counter))).toEqual(CLOSED);
    const byId = where({ objectId: own });
    expect(codeOf(await host.request('GET', byId, counter))).toEqual(CLOSED_INSIDE);
    expect(codeOf(await host.request('GET', '/classes/Comment', reader))).toEqual(CLOSED_INSIDE);
  });

  it('is counted by operation', async () => {
    const { key, id: apiKeyId } = await host.make({ scopes: ['posts:read'] });
    await host.request('GET', '/classes/Post', asKey(key));
    await host.request('GET', '/classes/Nonsense', asKey(key));
    const { organizationId, team } = host;
    const usage = await host.hub.as(team.viewer).getApiKeyUsage({ organizationId, apiKeyId });
    const functions = [
      { function: 'Post.find', calls: 1, limited: 0 },
      { function: '(others)', calls: 1, limited: 0 },
    ];
    expect(usage.days[0]?.functions).toEqual(expect.arrayContaining(functions));
  });
});

describe('a function of the host', () => {
  it('gets the user and the key, and works with the master key', async () => {
    const { body } = await post(host.hub, '/functions/whoCalls', {}, reader.headers);
    const { owner } = host.team;
    expect(body.result).toMatchObject({
      user: owner.id,
      username: owner.username,
      isMaster: false,
    });
    expect(body.result.caller).toMatchObject({ userId: owner.id, permissions: ['posts:read'] });
    const list = await post(host.hub, '/functions/listPosts', {}, reader.headers);
    expect(list.body.result).toEqual(
      expect.arrayContaining([
        ['own', 'swordfish'],
        ['others', 'swordfish'],
      ]),
    );
  });

  it.each(['closed', 'constructor', '__proto__', 'toString', 'nothing', 'whocalls', 'WHOCALLS'])(
    'without a scope stays closed: %s',
    async (name) => {
      expect(codeOf(await post(host.hub, `/functions/${name}`, {}, reader.headers))).toEqual(
        CLOSED,
      );
      const requests = [{ method: 'POST', path: `/parse/functions/${name}`, body: {} }];
      expect(codeOf(await batch(reader, requests))).toEqual(CLOSED);
    },
  );

  it('ignores the caller’s own claims', async () => {
    const forged = { actor: 'master', userId: host.team.outsider.id, useMasterKey: true };
    const headers = { ...reader.headers, 'x-parse-cloud-context': JSON.stringify(forged) };
    const { body } = await post(host.hub, '/functions/whoCalls', { _context: forged }, headers);
    expect(body.result).toMatchObject({ user: host.team.owner.id, isMaster: false });
    expect(body.result.caller.permissions).toEqual(['posts:read']);
  });
});

describe('classes that no scope opens', () => {
  const user = () => host.pointer('_User', host.team.owner.id);
  const inner = (className: string, condition: Json = {}) => ({ className, where: condition });

  it.each<[string, () => string]>([
    ['an included class', () => `/classes/Post/${own}?include=secret`],
    ['an included class of a list', () => '/classes/Post?include=secret'],
    ['classes in a list of pointers', () => '/classes/Post?include=secrets'],
    ['an included user', () => '/classes/Post?include=author'],
    ['everything included', () => '/classes/Post?includeAll=true'],
    ['everything included, by its star', () => '/classes/Post?include=*'],
    ['keys that include', () => '/classes/Post?keys=title,secret.word'],
    ['excluded keys that include', () => '/classes/Post?excludeKeys=secret.word'],
    [
      'an inner query',
      () => where({ secret: { $inQuery: inner('Secret', { word: 'swordfish' }) } }),
    ],
    ['a negated inner query', () => where({ secret: { $notInQuery: inner('Secret') } })],
    [
      'an inner query in alternatives',
      () => where({ $or: [{ title: 'own' }, { secret: { $inQuery: inner('Secret') } }] }),
    ],
    ['users by an inner query', () => where({ author: { $inQuery: inner('_User') } })],
    ['sessions by an inner query', () => where({ author: { $inQuery: inner('_Session') } })],
    ['roles by an inner query', () => where({ author: { $inQuery: inner('_Role') } })],
    [
      'values of a class',
      () => where({ title: { $select: { query: inner('Secret'), key: 'word' } } }),
    ],
    [
      'other values of a class',
      () => where({ title: { $dontSelect: { query: inner('Secret'), key: 'word' } } }),
    ],
    [
      'the owner of a relation',
      () => where({ $relatedTo: { object: host.pointer('Diary', 'x1'), key: 'posts' } }),
    ],
    [
      'a role with a query for its members',
      () => where({ $relatedTo: { object: host.pointer('_Role', 'x1'), key: 'users' } }),
    ],
    ['another class by a redirect', () => '/classes/Post?redirectClassNameForKey=related'],
    [
      'another class by a redirect of an inner query',
      () =>
        where({ title: { $inQuery: { ...inner('Post'), redirectClassNameForKey: 'related' } } }),
    ],
    [
      'an inner query behind a class that is open for one verb',
      () => where({ title: { $inQuery: inner('Comment') } }),
    ],
  ])('stay closed through %s', async (_what, path) => {
    expect(codeOf(await host.request('GET', path(), reader))).toEqual(CLOSED_INSIDE);
  });

  it('stay closed in a where of the body, and in a batch', async () => {
    const condition = { secret: { $inQuery: inner('Secret') } };
    const asGet = { _method: 'GET', where: condition };
    expect(codeOf(await host.request('POST', '/classes/Post', reader, asGet))).toEqual(
      CLOSED_INSIDE,
    );
    const path = '/parse/classes/Post';
    const { body } = await batch(reader, [{ method: 'GET', path, body: { where: condition } }]);
    expect(body[0].error.code).toBe(8113);
  });

  it('can be pointed to, and related to open classes', async () => {
    const label = await host.row('Label', {
      posts: { __op: 'AddRelation', objects: [host.pointer('Post', own)] },
    });
    const related = where({ $relatedTo: { object: host.pointer('Label', label), key: 'posts' } });
    expect(codeOf(await host.request('GET', related, reader))).toEqual(CLOSED_INSIDE);
    const { key } = await host.make({ scopes: ['posts:read', 'labels:read'] });
    expect(titles(await host.request('GET', related, asKey(key)))).toEqual(['own']);
    expect(titles(await host.request('GET', where({ author: user() }), reader))).toEqual(['own']);
  });

  it.each(CLOSED_CLASSES)('are refused: %s %s', async (method, path) => {
    const response = await host.request(method, path, writer, method === 'GET' ? undefined : {});
    expect([CLOSED, [403, 8108]]).toContainEqual(codeOf(response));
  });
});

describe('everything else of Parse Server', () => {
  const NEVER = [403, 8108];

  it.each(NEVER_OPEN)('is closed: %s %s', async (method, path) => {
    const body = method === 'GET' ? undefined : {};
    expect(codeOf(await host.request(method, path, writer, body))).toEqual(NEVER);
  });

  it.each(NEVER_OPEN_IN_BATCHES)('is closed within a batch: %s %s', async (method, path) => {
    const requests = [
      { method: 'POST', path: '/parse/classes/Post', body: { title: 'before' } },
      { method, path, body: { requests: [] } },
    ];
    const response = await batch(writer, requests);
    expect([NEVER, CLOSED]).toContainEqual(codeOf(response));
    expect(titles(await host.request('GET', where({ title: 'before' }), master))).toEqual([]);
  });

  it.each<[string, () => Json]>([
    ['the master key', () => ({ _MasterKey: master.masterKey })],
    ['a session', () => ({ _SessionToken: host.team.admin.sessionToken })],
  ])('is not opened by %s in the body', async (_what, more) => {
    const response = await fetch(`${host.hub.url}/parse/classes/Post`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain', ...writer.headers },
      body: JSON.stringify({ _ApplicationId: host.hub.appId, _method: 'GET', ...more() }),
    });
    expect([response.status, ((await response.json()) as Json).code]).toEqual([400, 8107]);
  });

  it('is not opened by a key in the wrong header', async () => {
    const { url, appId } = host.hub;
    const inQuery = await fetch(`${url}/parse/classes/Post?apiKey=${writerKey}`, {
      headers: { 'x-parse-application-id': appId },
    });
    expect([inQuery.status, ((await inQuery.json()) as Json).code]).toEqual([400, 102]);
    const asSession = await host.request('GET', '/users/me', { sessionToken: writerKey });
    expect(asSession.body.code).toBe(209);
    const asMaster = await host.request('GET', '/schemas', { masterKey: writerKey });
    expect(asMaster.status).toBe(403);
  });
});

describe('the current permissions of the owner', () => {
  it('limit the key as soon as they change', async () => {
    const { hub, organizationId, team } = host;
    const { apiKey, key } = await hub.as(team.admin).createApiKey({
      organizationId,
      name: 'of the admin',
      scopes: ['posts:read', 'posts:write'],
    });
    const as = asKey(key);
    const shared = await host.row('Post', { title: 'shared', ACL: PUBLIC });
    const rename = () => host.request('PUT', `/classes/Post/${shared}`, as, { title: 'shared' });
    const read = () => host.request('GET', `/classes/Post/${shared}`, as);
    expect((await rename()).status).toBe(200);
    const member = { organizationId, userId: team.admin.id };
    await hub.as(team.owner).setOrganizationMemberRole({ ...member, role: 'viewer' });
    expect([codeOf(await rename()), (await read()).status]).toEqual([CLOSED, 200]);
    await hub.as(team.owner).setOrganizationMemberRole({ ...member, role: 'admin' });
    expect((await rename()).status).toBe(200);
    await hub.as(team.owner).removeOrganizationMember(member);
    expect(codeOf(await read())).toEqual([401, 7009]);
    await addMember(hub, { ...member, role: 'admin' });
    expect([apiKey.scopes, codeOf(await read())]).toEqual([
      ['posts:read', 'posts:write'],
      [401, 7009],
    ]);
  });

  it('apply only in the organization of the key', async () => {
    const { hub, team } = host;
    const { organization } = await hub.as(team.owner).createOrganization({ name: 'Elsewhere' });
    const readable = (id: string) => ({ [`role:org_${id}_viewer`]: { read: true } });
    const titled = (title: string, id: string) =>
      host.row('Post', {
        title,
        ACL: { ...readable(id), [`role:org_${id}_owner`]: { read: true } },
      });
    await titled('here', host.organizationId);
    await titled('elsewhere', organization.id);
    expect(titles(await host.request('GET', '/classes/Post', team.owner))).toEqual(
      expect.arrayContaining(['elsewhere', 'here', 'own']),
    );
    const seen = titles(await host.request('GET', '/classes/Post', reader));
    expect(seen).toEqual(expect.arrayContaining(['here', 'own']));
    expect(seen).not.toContain('elsewhere');
    // Parse Server’s cache of the user’s roles is complete.
    const again = titles(await host.request('GET', '/classes/Post', team.owner));
    expect(again).toContain('elsewhere');
  });

  it('limit the scopes of a new key', async () => {
    const { hub, organizationId, team } = host;
    const request = { organizationId, name: 'x', scopes: ['posts:write'] };
    const made = await hub.call('createApiKey', { ...request, ownerId: team.viewer.id }, master);
    expect(made.body).toMatchObject({ code: 8105, error: expect.stringContaining('posts:write') });
    const unknown = await hub.call(
      'createApiKey',
      { ...request, scopes: ['posts:own'] },
      team.owner,
    );
    expect(unknown.body).toMatchObject({ code: 7001, error: expect.stringContaining('posts:own') });
  });

  it('show in the audit log of the organization when they were not enough', async () => {
    const { hub, organizationId, team } = host;
    const { key, id: keyId } = await host.make({ scopes: ['posts:read'] });
    await post(hub, '/functions/closed', {}, asKey(key).headers);
    await host.request('DELETE', `/classes/Post/${own}`, asKey(key));
    await host.request('GET', '/classes/Post?include=secret', asKey(key));
    // Rows omitted from a response are recorded without waiting.
    await hub.app.services.audit.flush();
    const { items } = await hub.as(team.owner).getAuditLog({ organizationId, actor: keyId });
    const refused = { actor: 'apiKey', actorId: team.owner.id, outcome: 'refused', code: 8113 };
    expect(items).toMatchObject([
      { function: 'Secret.get', keyId, ...refused },
      { function: 'Post.delete', keyId, ...refused },
      { function: 'closed', keyId, ...refused },
    ]);
  });

  it('are checked by verifyApiKey', async () => {
    const { hub } = host;
    const params = { key: writerKey, permission: 'posts:write' };
    const { body } = await hub.call('verifyApiKey', params, master);
    expect(body.result.permissions).toEqual(['posts:read', 'posts:write']);
  });
});
