import { schemas } from '../../schemas/index.js';
import { type Caller, type Json, master, type TestHub } from '../support/hub.js';
import { type EntryPoint, find, noteClass, noteTo } from './entryPoints.js';
import { callersFor, startWorld, type World } from './world.js';

const hidden = schemas
  .flatMap(({ name, hidden = [] }) => hidden.map((field) => [name, field] as const))
  .map(([name, field], nth) => [name, field, nth] as const);

/** Queries whose result would depend on the value of a hidden field. */
const queries = (className: string, field: string): Readonly<Record<string, EntryPoint>> => {
  const where = (condition: Json) => find(className, { where: condition });
  const notes = (condition: Json) => find(noteClass(className), { where: condition });
  const holds = { [field]: { $exists: true } };
  return {
    exists: where(holds),
    'does not exist': where({ [field]: { $exists: false } }),
    'begins with': where({ [field]: { $regex: '^s1' } }),
    'is not': where({ [field]: { $ne: 'x' } }),
    'is one of': where({ [field]: { $in: ['x'] } }),
    'comes after': where({ [field]: { $gt: '' } }),
    contains: where({ [field]: { $all: ['x'] } }),
    'a part of it': where({ [`${field}.0.sealed`]: { $exists: true } }),
    'its first': where({ [`${field}.0`]: { $exists: true } }),
    'one or the other': where({ $or: [holds, { name: 'x' }] }),
    both: where({ $and: [{ name: { $exists: true } }, { $or: [holds] }] }),
    neither: where({ $nor: [holds] }),
    count: find(className, { where: holds, count: 1, limit: 0 }),
    'in its order': find(className, { order: field }),
    'in the order of a part of it': find(className, { order: `-${field}.0.sealed` }),
    'by POST': {
      method: 'POST',
      path: `/classes/${className}`,
      body: { _method: 'GET', where: holds },
    },
    'notes that point to a match': notes({ toRow: { $inQuery: { className, where: holds } } }),
    'notes that do not point to a match': notes({
      toRow: { $notInQuery: { className, where: holds } },
    }),
    'notes with the id of a match': notes({
      rowId: { $select: { key: 'objectId', query: { className, where: holds } } },
    }),
  };
};

/** Requests that select the field. */
const requests = (
  className: string,
  field: string,
  row: Json,
): Readonly<Record<string, EntryPoint>> => ({
  'all fields': find(className),
  'that field': find(className, { keys: field }),
  'a part of it': find(className, { keys: `${field}.0.sealed,${field}.sealed` }),
  'all but another': find(className, { excludeKeys: 'name' }),
  include: find(className, { include: field }),
  'include all': find(className, { includeAll: true }),
  'one row': { method: 'GET', path: `/classes/${className}/${row.objectId}?keys=${field}` },
  'as the pointer of a note': find(noteClass(className), {
    include: 'toRow',
    keys: `toRow.${field}`,
  }),
});

let world: World;
let hub: TestHub;
beforeAll(async () => {
  world = await startWorld();
  ({ hub } = world);
});
afterAll(() => world.stop());

describe.each(hidden)('%s.%s', (className, field, nth) => {
  let row: Json;
  let values: readonly string[];
  beforeAll(async () => {
    [row] = await world.rowsOf(className);
    values = leaves(row[field]);
    await hub.rest('POST', `/classes/${noteClass(className)}`, master, noteTo(className, row));
  });

  const callers = (): readonly (readonly [string, Caller])[] => {
    const { owner, ...members } = world.members;
    return [['owner', owner], ...callersFor([...Object.entries(members), ...world.outsiders], nth)];
  };

  it('has a value', () => {
    expect(values.length).toBeGreaterThan(0);
  });

  it('is never sent, not even to members', async () => {
    for (const [who, as] of callers()) {
      for (const [how, { method, path, body }] of Object.entries(requests(className, field, row))) {
        const response = JSON.stringify((await hub.rest(method, path, as, body)).body);
        const sent = values.filter((value) => response.includes(value));
        expect([who, how, sent, response.includes(`"${field}"`)]).toEqual([who, how, [], false]);
      }
    }
  });

  it('is not sent with a row that points to it', async () => {
    const { body } = await hub.rest(
      'GET',
      `/classes/WebhookDelivery/${world.a.deliveryId}?include=webhook`,
      world.members.viewer,
    );
    expect(body.webhook.__type).toBe('Object');
    expect(body.webhook[field]).toBeUndefined();
  });

  it('cannot be queried', async () => {
    for (const [who, as] of callers()) {
      const responses = await Promise.all(
        Object.entries(queries(className, field)).map(async ([how, { method, path, body }]) => {
          const response = await hub.rest(method, path, as, body);
          return response.body.code === undefined ? [{ who, how, response }] : [];
        }),
      );
      expect(responses.flat()).toEqual([]);
    }
  });

  it('cannot be compared with a guess', async () => {
    const guesses = await Promise.all(
      [...values, 'something else'].map(async (rowId) => {
        const note = { ...noteTo(className, row), rowId };
        return (await hub.rest('POST', `/classes/${noteClass(className)}`, master, note)).body;
      }),
    );
    for (const [who, as] of callers()) {
      for (const operator of ['$select', '$dontSelect']) {
        const responses = await Promise.all(
          guesses.map(async ({ objectId }) => {
            const selected = { key: field, query: { className, where: {} } };
            const where = { objectId, rowId: { [operator]: selected } };
            const { method, path } = find(noteClass(className), { where });
            const { status, body } = await hub.rest(method, path, as);
            return JSON.stringify([status, body.results?.length]);
          }),
        );
        expect([who, operator, new Set(responses).size]).toEqual([who, operator, 1]);
      }
    }
  });
});

/** Returns all texts in a value that are longer than 8 characters. */
function leaves(value: Json): string[] {
  if (typeof value === 'string') return value.length > 8 ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : [];
}
