import { newId } from '../../../src/platform/ids.js';
import type { DatabaseController } from '../../../src/platform/parse/index.js';
import { connectionOf, useWorld } from './world.js';

const world = useWorld();

/** As Parse does it. */
const deleteUser = (controller: object, objectId: string) =>
  (controller as Pick<DatabaseController, 'destroy'>).destroy('_User', { objectId });

/** A role with users, as Parse stores it. */
async function newRole(name: string, userIds: readonly string[]): Promise<void> {
  const { controller } = world.server;
  const objects = userIds.map((id) => ({ __type: 'Pointer', className: '_User', objectId: id }));
  const users = objects.length > 0 && { users: { __op: 'AddRelation', objects } };
  await controller.create('_Role', { objectId: newId(), name, ACL: {}, ...users });
}

describe('the roles of users', () => {
  beforeAll(async () => {
    for (const objectId of ['ada', 'bob', 'eve', 'gone']) {
      await world.server.controller.create('_User', { objectId, username: objectId });
    }
  });

  it('are none of a user who was deleted: Parse leaves them in the role', async () => {
    await newRole('greens', ['gone']);
    expect((await world.db.roleNames(['gone'])).get('gone')).toEqual(['greens']);
    await deleteUser(world.server.controller, 'gone');
    expect(await world.db.roleNames(['gone'])).toEqual(new Map());
  });

  it('are those that they are in directly, by their names', async () => {
    await newRole('reds', ['ada', 'bob']);
    await newRole('blues', ['bob']);
    await newRole('empty', []);
    const names = await world.db.roleNames(['ada', 'bob', 'eve']);
    expect([...names.keys()].sort()).toEqual(['ada', 'bob']);
    expect(names.get('ada')).toEqual(['reds']);
    expect([...(names.get('bob') ?? [])].sort()).toEqual(['blues', 'reds']);
  });

  it('are none for a text that is not a user', async () => {
    expect(await world.db.roleNames([])).toEqual(new Map());
    expect(await world.db.roleNames(['\0', "' or ''='", '$ne'])).toEqual(new Map());
  });

  it('are found by an index, on MongoDB one of ours', async () => {
    if (world.db.engine === 'postgres') {
      const [row] = await connectionOf(world.server)._client.any({
        text: `select indexdef as "def" from pg_indexes where tablename = '_Join:users:_Role'`,
        values: [],
      });
      expect(row?.['def']).toMatch(/\("relatedId", "owningId"\)$/);
    } else {
      const { database } = connectionOf(world.server);
      const indexes = await database.collection('_Join:users:_Role').indexes();
      expect(indexes).toContainEqual(expect.objectContaining({ key: { relatedId: 1 } }));
    }
  });
});
