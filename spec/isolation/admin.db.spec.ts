import { manifest } from '../../cloud/manifest.js';
import { schemas } from '../../schemas/index.js';
import { type Json, MASTER_KEY } from '../support/hub.js';
import { MARK, startWorld, type World } from './world.js';

/** Operations that only operators may call. Other callers are refused. */
const MASTER_ONLY: readonly (readonly [method: string, path: string, body?: Json])[] = [
  ['GET', '/schemas'],
  ['POST', '/schemas/Stolen', { className: 'Stolen', fields: {} }],
  ['PUT', '/config', { params: { x: 1 } }],
  ['POST', '/push', { where: {}, data: { alert: 'x' } }],
  ['POST', '/jobs/retryWebhooks', {}],
  ['POST', '/jobs', { jobName: 'retryWebhooks' }],
  ['GET', '/hooks/functions'],
  ['POST', '/hooks/functions', { functionName: 'getWebhooks', url: 'https://attacker.example' }],
  [
    'POST',
    '/hooks/triggers',
    { className: 'Webhook', triggerName: 'beforeFind', url: 'https://a.example' },
  ],
  ['GET', '/cloud_code/jobs'],
  ['GET', '/cloud_code/jobs/data'],
  ['POST', '/cloud_code/jobs', { job_schedule: { jobName: 'retryWebhooks' } }],
  ['GET', '/scriptlog'],
  ['GET', '/push_audiences'],
  ['GET', '/security'],
  ['GET', '/serverInfo'],
  ['GET', '/graphql-config'],
  ['GET', '/classes/_JobStatus'],
  ['GET', '/classes/_JobSchedule'],
  ['GET', '/classes/_Hooks'],
  ['GET', '/classes/_SCHEMA'],
  ['GET', '/aggregate/_Role?distinct=name'],
  ['GET', '/aggregate/_User?distinct=username'],
];

describe('operations that Parse Server reserves for operators', () => {
  let world: World;
  let before: string;
  beforeAll(async () => {
    world = await startWorld();
    before = await world.stored();
  });
  afterAll(() => world.stop());

  it.each(
    MASTER_ONLY.map(([method, path, body]) => ({ title: `${method} ${path}`, method, path, body })),
  )('$title is refused to members and outsiders', async ({ method, path, body }) => {
    for (const as of [world.members.owner, world.otherOwner, {}]) {
      const response = await world.hub.rest(method, path, as, body);
      expect([response.status >= 400, response.body.results]).toEqual([true, undefined]);
      expect(JSON.stringify(response.body)).not.toContain(MARK);
    }
    expect(await world.stored()).toBe(before);
  });

  it('add nothing to the public configuration', async () => {
    expect((await world.hub.rest('GET', '/config')).body).toEqual({ params: {} });
  });

  it('show a user no other users and no sessions of others', async () => {
    const { hub, members, otherOwner } = world;
    const users = await hub.rest('GET', '/users?limit=1000', otherOwner);
    expect(users.body.results.map(({ objectId }: Json) => objectId)).toEqual([otherOwner.id]);
    expect((await hub.rest('GET', `/users/${members.owner.id}`, otherOwner)).status).toBe(404);
    const sessions = await hub.rest('GET', '/sessions?limit=1000&include=user', otherOwner);
    expect(sessions.body.results.map(({ user }: Json) => user.objectId)).toEqual([otherOwner.id]);
    const token = encodeURIComponent(JSON.stringify({ sessionToken: members.owner.sessionToken }));
    expect((await hub.rest('GET', `/sessions?where=${token}`, otherOwner)).body.results).toEqual(
      [],
    );
  });

  it('are refused to the maintenance key', async () => {
    const { hub, a } = world;
    for (const { name, example } of manifest) {
      const response = await fetch(`${hub.url}/parse/functions/${name}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-parse-application-id': hub.appId,
          'x-parse-maintenance-key': 'maintenance-key-of-the-spec',
        },
        body: JSON.stringify({ ...example.params, organizationId: a.organizationId }),
      });
      expect([name, await response.json()]).toEqual([
        name,
        expect.objectContaining({ code: 7002 }),
      ]);
    }
    expect(await world.stored()).toBe(before);
  });

  it('let the master key read all schemas, with the permissions of each class', async () => {
    const { body } = await world.hub.rest('GET', '/schemas', { masterKey: MASTER_KEY });
    for (const { name, read } of schemas) {
      const found = body.results.find(({ className }: Json) => className === name);
      const readers = read === 'acl' ? { requiresAuthentication: true } : {};
      expect(found.classLevelPermissions).toMatchObject({
        find: readers,
        get: readers,
        count: readers,
        create: {},
        update: {},
        delete: {},
        addField: {},
      });
    }
  });
});
