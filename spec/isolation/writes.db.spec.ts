import { schemas } from '../../schemas/index.js';
import { type Caller, type Json, readOnlyMaster, type TestHub } from '../support/hub.js';
import { callersFor, pointerTo, startWorld, type World } from './world.js';

/** One attempt to write. */
type Attempt = readonly [method: string, path: string, body?: Json];

const publicAcl = { '*': { read: true, write: true } };

/** All requests that write to a class, or to one row of it, through Parse. */
function attempts(className: string, row: Json, { a, otherOwner }: World): Record<string, Attempt> {
  const rows = `/classes/${className}`;
  const one = `${rows}/${row.objectId}`;
  const { objectId: _id, createdAt: _created, updatedAt: _updated, ...copy } = row;
  const batch = (...requests: Json[]): Attempt => [
    'POST',
    '/batch',
    { requests: requests.map((each) => ({ ...each, path: `/parse${each.path}` })) },
  ];
  return {
    'a copy': ['POST', rows, copy],
    'a copy with a public ACL': ['POST', rows, { ...copy, ACL: publicAcl }],
    'a copy with an ACL for the caller': [
      'POST',
      rows,
      { ...copy, ACL: { [otherOwner.id]: publicAcl['*'] } },
    ],
    'an empty row': ['POST', rows, {}],
    'a row with that id': ['POST', rows, { ...copy, objectId: row.objectId }],
    'a row with another id': ['POST', rows, { ...copy, objectId: 'chosen' }],
    'a new field': ['POST', rows, { ...copy, invented: 1 }],
    change: ['PUT', one, { name: 'changed', url: 'https://attacker.example' }],
    'change of nothing': ['PUT', one, {}],
    'new field on it': ['PUT', one, { invented: 1 }],
    'new ACL': ['PUT', one, { ACL: publicAcl }],
    'ACL deleted': ['PUT', one, { ACL: { __op: 'Delete' } }],
    'the ACL as it is stored': ['PUT', one, { _wperm: ['*'], _rperm: ['*'] }],
    'another organization': ['PUT', one, { organization: pointerTo('Organization', a.eventId) }],
    increment: ['PUT', one, { revision: { __op: 'Increment', amount: 1 } }],
    add: ['PUT', one, { events: { __op: 'Add', objects: ['*'] } }],
    'delete of a field': ['PUT', one, { name: { __op: 'Delete' } }],
    'a part of a field': ['PUT', one, { 'state.x': 1, 'retry.schedule': [0] }],
    'relation to it': [
      'PUT',
      one,
      { invented: { __op: 'AddRelation', objects: [pointerTo(className, row.objectId)] } },
    ],
    delete: ['DELETE', one],
    'change by POST': ['POST', one, { _method: 'PUT', name: 'changed' }],
    'delete by POST': ['POST', one, { _method: 'DELETE' }],
    'change in a batch': batch({ method: 'PUT', path: one, body: { name: 'changed' } }),
    'delete in a batch': batch({ method: 'DELETE', path: one }),
    'copy in a batch': batch({ method: 'POST', path: rows, body: copy }),
  };
}

describe('writing through Parse', () => {
  let world: World;
  let hub: TestHub;
  let before: string;
  beforeAll(async () => {
    world = await startWorld();
    ({ hub } = world);
    before = await world.stored();
  });
  afterAll(() => world.stop());

  const classes = schemas.map(({ name }, nth) => [name, nth] as const);
  it.each(classes)('is refused to every caller: %s', async (className, nth) => {
    const rows = await world.rowsOf(className);
    const { owner, ...members } = world.members;
    const callers: readonly (readonly [string, Caller])[] = [
      ['owner', owner],
      ...callersFor([...Object.entries(members), ...world.outsiders], nth),
      ['the read-only master key', readOnlyMaster],
    ];
    for (const [who, as] of callers) {
      const written = await Promise.all(
        Object.entries(attempts(className, rows[0], world)).map(
          async ([how, [method, path, body]]) => {
            const response = await hub.rest(method, path, as, body);
            return isRefused(response) ? [] : [{ who, how, response }];
          },
        ),
      );
      expect(written.flat()).toEqual([]);
    }
    expect(await world.stored()).toBe(before);
  });
});

function isRefused({ status, body }: { status: number; body: Json }): boolean {
  if (Array.isArray(body)) return body.every(({ error }) => error !== undefined);
  return status >= 400 && body.error !== undefined;
}
