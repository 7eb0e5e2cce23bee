import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { HubLane } from '../../../schemas/HubLane.js';
import { MASTER_KEY } from '../database/bareServer.js';
import { Order, Scan } from '../database/classes.js';
import { newOrder, newScan } from '../database/newRows.js';
import { useWorld } from '../database/world.js';

const world = useWorld();
let http: Server;

beforeAll(async () => {
  http = createServer(world.server.app);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
});

afterAll(async () => {
  await new Promise((resolve) => http.close(resolve));
});

interface RestResponse {
  readonly code?: number;
  readonly error?: string;
  readonly objectId?: string;
  readonly sessionToken?: string;
  readonly results?: readonly Record<string, unknown>[];
}

async function request(
  path: string,
  { headers = {}, method = 'GET', body }: { headers?: object; method?: string; body?: object } = {},
): Promise<RestResponse> {
  const { port } = http.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${String(port)}${path}`, {
    method,
    headers: {
      'x-parse-application-id': world.server.appId,
      'content-type': 'application/json',
      ...headers,
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  return (await response.json()) as RestResponse;
}

const asMaster = { headers: { 'x-parse-master-key': MASTER_KEY } };

async function signUp(username: string) {
  const { objectId, sessionToken } = await request('/users', {
    method: 'POST',
    body: { username, password: 'secret' },
  });
  if (!objectId || !sessionToken) throw new Error('Signing up failed.');
  const pointer = { __type: 'Pointer', className: '_User', objectId };
  return { pointer, headers: { 'x-parse-session-token': sessionToken } };
}

it('lets a member read the rows of the organization without their hidden fields, and no other user', async () => {
  const { db } = world;
  const order = newOrder({ readers: ['org_1_viewer'], details: { secret: true } });
  await db.insertMany(Order, [order, newOrder({ readers: ['org_2_viewer'] })]);
  const [member, outsider] = [await signUp('member'), await signUp('outsider')];
  const users = { __op: 'AddRelation', objects: [member.pointer] };
  await request('/roles', {
    ...asMaster,
    method: 'POST',
    body: { name: 'org_1_viewer', ACL: {}, users },
  });

  const read = await request('/classes/Order', { headers: member.headers });
  expect(read.results).toMatchObject([{ objectId: order.id, body: '{}' }]);
  expect(read.results?.[0]).not.toHaveProperty('details');
  expect((await request('/classes/Order', { headers: outsider.headers })).results).toEqual([]);
  expect((await request('/classes/Order')).results).toBeUndefined();
  const byMaster = await request(`/classes/Order?where={"objectId":"${order.id}"}`, asMaster);
  expect(byMaster.results).toMatchObject([{ details: { secret: true } }]);
});

it('lets clients write nothing, and read nothing of a class without readers', async () => {
  const { db } = world;
  const order = newOrder({ readers: ['org_3_owner'] });
  await db.insertMany(Order, [order]);
  await db.insertMany(Scan, [newScan()]);
  const owner = await signUp('owner');
  const users = { __op: 'AddRelation', objects: [owner.pointer] };
  await request('/roles', {
    ...asMaster,
    method: 'POST',
    body: { name: 'org_3_owner', ACL: {}, users },
  });
  const { headers } = owner;
  const customer = { __type: 'Pointer', className: 'Customer', objectId: 'c1' };
  const refusals = [
    await request('/classes/Order', { headers, method: 'POST', body: { body: 'x', customer } }),
    await request(`/classes/Order/${order.id}`, { headers, method: 'PUT', body: { body: 'x' } }),
    await request(`/classes/Order/${order.id}`, { headers, method: 'PUT', body: { extra: 'x' } }),
    await request(`/classes/Order/${order.id}`, { headers, method: 'DELETE' }),
    await request('/classes/Scan', { headers }),
    await request(`/classes/${HubLane.name}`, { headers }),
  ];
  expect(refusals.map(({ code }) => code)).toEqual([119, 119, 119, 119, 119, 119]);
  expect(await db.loadMany(Order, [order.id])).toMatchObject([{ body: '{}' }]);
});
