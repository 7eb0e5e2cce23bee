import { schemas } from '../../schemas/index.js';
import { type Caller, type Json, master, type TestHub } from '../support/hub.js';
import { type EntryPoint, find, noteClass, noteTo } from './entryPoints.js';
import { callersFor, startWorld, type World } from './world.js';

const hidden = schemas.flatMap(({ name, hidden = [] }) =>
  hidden.map((field) => [name, field] as const),
);

/** Questions whose answer would depend on what a hidden field holds. */
const questions = (className: string, field: string): Readonly<Record<string, EntryPoint>> => {
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
    'notes that point to such': notes({ toRow: { $inQuery: { className, where: holds } } }),
    'notes that do not': notes({ toRow: { $notInQuery: { className, where: holds } } }),
    'notes with an id of such': notes({
      rowId: { $select: { key: 'objectId', query: { className, where: holds } } },
    }),
  };
};

/** Ways to have it sent along. */
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
  'as what a note points to': find(noteClass(className), {
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

describe.each(hidden.map(([name, field], nth) => [name, field, nth] as const))(
  '%s.%s',
  (className, field, nth) => {
    let row: Json;
    let values: readonly string[];
    beforeAll(async () => {
      [row] = await world.rowsOf(className);
      values = leaves(row[field]);
      await hub.rest('POST', `/classes/${noteClass(className)}`, master, noteTo(className, row));
    });

    const callers = (): readonly (readonly [string, Caller])[] => {
      const { owner, ...members } = world.members;
      return [
        ['owner', owner],
        ...callersFor([...Object.entries(members), ...world.outsiders], nth),
      ];
    };

    it('is there', () => {
      expect(values.length).toBeGreaterThan(0);
    });

    it('is sent to nobody, members included', async () => {
      for (const [who, as] of callers()) {
        for (const [how, { method, path, body }] of Object.entries(
          requests(className, field, row),
        )) {
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

    it('answers no question', async () => {
      for (const [who, as] of callers()) {
        const responses = await Promise.all(
          Object.entries(questions(className, field)).map(async ([how, { method, path, body }]) => {
            const response = await hub.rest(method, path, as, body);
            return response.body.code === undefined ? [{ who, how, answer: response }] : [];
          }),
        );
        expect(responses.flat()).toEqual([]);
      }
    });

    it('is not compared with what somebody suspects', async () => {
      const suspicions = await Promise.all(
        [...values, 'something else'].map(async (rowId) => {
          const note = { ...noteTo(className, row), rowId };
          return (await hub.rest('POST', `/classes/${noteClass(className)}`, master, note)).body;
        }),
      );
      for (const [who, as] of callers()) {
        for (const operator of ['$select', '$dontSelect']) {
          const responses = await Promise.all(
            suspicions.map(async ({ objectId }) => {
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
  },
);

/** All texts in a value. */
function leaves(value: Json): string[] {
  if (typeof value === 'string') return value.length > 8 ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : [];
}
